"""The charts of the WIP Report: exact places, and colours that can be told apart."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from jobbook.reports.wip.charts import COLOURS, NARROW, WIDE, age_columns, ages_message, bars_message, job_bars
from jobbook.reports.wip.figures import AGES, Age, Billed, JobLine, Place, Work

SURFACES = {"light": "#ffffff", "dark": "#191d24"}


def line(number: str, **amounts: str) -> JobLine:
    work = Work({str(Place(place)): Decimal(amount) for place, amount in amounts.items()})
    return JobLine(1, number, "Project", "Client", work, Billed())


def test_parts_meet_and_end_where_their_sum_ends() -> None:
    (bar,) = job_bars([line("J-1", paid="0.07", approved="33.33", submitted="33.33", draft="33.27")]).bars
    assert [box.kind for box in bar.boxes] == ["on", "approved", "submitted", "draft"]
    for left, right in zip(bar.boxes, bar.boxes[1:], strict=False):
        assert left.x + left.width == right.x
    assert bar.boxes[0].x == WIDE.labels
    assert bar.boxes[-1].x + bar.boxes[-1].width == WIDE.width - WIDE.numbers
    assert bar.number == "99.93"


def test_lengths_are_to_scale() -> None:
    long, short = job_bars([line("J-1", approved="300.00"), line("J-2", approved="150.00")]).bars
    assert long.boxes[0].width == 2 * short.boxes[0].width
    columns = age_columns([Age(0, 7, Decimal("50.00")), Age(8, 14, Decimal("25.00"))]).columns
    assert columns[0].box.height == 2 * columns[1].box.height


def test_the_largest_are_drawn_and_the_rest_counted() -> None:
    lines = [line(f"J-{n:02}", approved=f"{n}.00", paid="1.00") for n in range(1, 16)]
    bars = job_bars(lines)
    assert [bar.label[:4] for bar in bars.bars] == [f"J-{n:02}" for n in range(15, 3, -1)]
    assert (bars.more, bars.more_amount) == (3, Decimal("6.00"))


def test_nothing_and_less_than_nothing_have_no_length() -> None:
    (bar,) = job_bars([line("J-1", approved="-5.00", paid="10.00"), line("J-2", draft="-3.00")]).bars
    assert [box.kind for box in bar.boxes] == ["on"]
    assert bar.number == "(5.00)"
    assert job_bars([]).bars == []
    flat = age_columns([Age(least, most, Decimal("0.00")) for least, most in AGES])
    assert {column.box.height for column in flat.columns} == {Decimal(0)}


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_a_long_name_is_cut_and_stays_in_its_place(layout: object) -> None:
    long = JobLine(1, "26-1142", "Compressor overhaul " * 9, "C", Work({"paid": Decimal(1)}), Billed())
    (bar,) = job_bars([long], layout).bars  # type: ignore[arg-type]
    assert bar.label.endswith("…")
    assert len(bar.label) * Decimal("6.4") <= (layout.labels or layout.width - layout.numbers)  # type: ignore[attr-defined]


def test_messages_say_the_figures() -> None:
    lines = [line("J-1", approved="1.00", paid="9.00"), line("J-2", draft="1234.00")]
    assert bars_message(lines) == "1,235.00 of 1,244.00 recorded is unbilled. The most is 1,234.00, of job J-2."
    assert (
        ages_message([Age(0, 7, Decimal("5.00")), Age(61, None, Decimal("0.00"))])
        == "0–7 days: 5.00; Over 60 days: 0.00."
    )


def colours() -> dict[str, dict[str, str]]:
    """The fills of the parts by theme, from the style sheet."""
    css = Path(settings.BASE_DIR, "static/css/wip.css").read_text()
    pattern = r"\.c-(on|approved|submitted) \{\s*fill: light-dark\((#\w{6}), (#\w{6})\)"
    found = {kind: {"light": light, "dark": dark} for kind, light, dark in re.findall(pattern, css)}
    assert set(found) == {"on", "approved", "submitted"}
    return found


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_part_stands_out_from_the_page_in_both_themes_and_on_paper() -> None:
    for kind, themes in colours().items():
        assert COLOURS[kind] == themes["light"]
        for theme, colour in themes.items():
            assert contrast(colour, SURFACES[theme]) >= 3, (kind, theme)
