"""Money, quantities, dates and icons as pages show them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone

NONE = '<span aria-hidden="true">—</span><span class="vh">none</span>'


def shown(expression: str, value: object) -> str:
    return Template("{{ value|" + expression + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("717499.24"), "717,499.24"),
        (Decimal(0), "0.00"),
        (Decimal("1234567890.5"), "1,234,567,890.50"),
        (Decimal("-1520.6"), '<span class="neg"><span class="vh">minus </span>(1,520.60)</span>'),
        (None, NONE),
    ],
)
def test_g49_money(value: Decimal | None, expected: str) -> None:
    assert shown("money", value) == expected


def test_money_text_has_no_marks() -> None:
    assert shown("money_text", Decimal("-1520.6")) == "(1,520.60)"
    assert shown("money_text", None) == "—"


def test_quantity_keeps_up_to_four_decimals() -> None:
    assert shown("quantity", Decimal("39.7000")) == "39.7"
    assert shown("quantity", Decimal("100.0000")) == "100"
    assert shown("quantity", Decimal("0.1234")) == "0.1234"
    assert shown("quantity", None) == NONE


def test_dash_escapes_what_there_is() -> None:
    assert shown("dash", "<b>") == "&lt;b&gt;"
    assert shown("dash", "") == shown("dash", None) == NONE
    assert shown("dash", 0) == "0"


def test_g50_days() -> None:
    assert shown("day", date(2026, 11, 7)) == '<time datetime="2026-11-07">2026-11-07</time>'
    assert shown("day_text", date(2026, 11, 7)) == '<time datetime="2026-11-07">7 Nov 2026</time>'
    assert shown("day", None) == shown("day_text", None) == NONE


def test_a_moment_is_in_the_companys_zone() -> None:
    late = datetime(timezone.now().year, 6, 3, 1, 5, tzinfo=UTC)
    with timezone.override(ZoneInfo("America/Edmonton")):
        assert ">2 Jun 19:05</time>" in shown("moment", late)
        assert f'datetime="{late.year}-06-02T19:05:00-06:00"' in shown("moment", late)
        assert f">{late.year}-06-02<" in shown("day", late)
        assert ">18 Nov 2019 07:05</time>" in shown("moment", datetime(2019, 11, 18, 14, 5, tzinfo=UTC))
    assert shown("moment", None) == NONE


def test_an_icon_is_hidden_and_comes_from_the_sprite() -> None:
    html = Template('{% icon "check" "small" %}').render(Context())
    assert html == '<svg class="icon small" aria-hidden="true"><use href="/static/icons.svg#i-check"></use></svg>'


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = (Path(settings.BASE_DIR) / "static/icons.svg").read_text()
    there = set(re.findall(r'<symbol id="i-([a-z]+)"', sprite))
    files = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    used = {name for file in files for name in re.findall(r'{% icon "([a-z-]+)"', file.read_text())}
    assert used
    assert used <= there
