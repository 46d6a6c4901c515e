"""The lines of a DWR: prices cascade, hours come to billing units, durations on paper, every error at once."""

from datetime import time
from decimal import Decimal

import pytest

from jobbook.common.money import format_quantity, line_amount
from jobbook.jobs.models import Item, Job, JobItem, Section
from jobbook.jobs.work_lines import BadLines, EnteredLine, hours_between, priced_lines
from tests.factories import make_client, make_item, make_job, make_rate_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreman() -> Item:
    return make_item("FOREMAN", name="Foreman", unit_price=Decimal(90), hourly_price=Decimal(90))


def labour(item: Item, hours: str = "8", **fields: object) -> EnteredLine:
    return EnteredLine(Section.LABOUR, item, hours=Decimal(hours), **fields)  # type: ignore[arg-type]


def billed(job: Job, line: EnteredLine) -> tuple[str, str, str]:
    made = priced_lines(job, [line])[0]
    return format_quantity(made.quantity), format_quantity(made.unit_price), str(made.amount)


@pytest.mark.parametrize(
    ("levels", "price"),
    [("item", "90"), ("client", "100"), ("client sheet", "110"), ("client sheet job", "120"), ("client job", "120")],
)
def test_the_nearest_price_wins(foreman: Item, levels: str, price: str) -> None:
    of_client = make_rate_sheet({foreman: ("100", "100")}) if "client" in levels else None
    of_job = make_rate_sheet({foreman: ("110", "110")}) if "sheet" in levels else None
    job = make_job(client=make_client(rate_sheet=of_client), rate_sheet=of_job)
    if "job" in levels.split():
        JobItem.objects.create(job=job, item=foreman, unit_price=Decimal(120), hourly_price=Decimal(120), position=1)
    assert billed(job, labour(foreman)) == ("8", price, f"{8 * Decimal(price):.2f}")


@pytest.mark.parametrize(
    ("unit", "hourly", "hours", "expected"),
    [
        ("900", "90", "8", ("0.8", "900", "720.00")),  # a day of ten hours
        ("800", "100", "5", ("0.625", "800", "500.00")),
        ("700", "100", "1", ("0.1429", "700", "100.03")),  # the quantity is rounded first, the amount from it
        ("3", "1", "0.5", ("0.1667", "3", "0.50")),
        ("95", None, "7.25", ("7.25", "95", "688.75")),
    ],
)
def test_hours_come_to_billing_units(unit: str, hourly: str | None, hours: str, expected: tuple[str, ...]) -> None:
    item = make_item("DAY", unit="day")
    job = make_job(rate_sheet=make_rate_sheet({item: (unit, hourly)}))
    assert billed(job, labour(item, hours)) == expected
    made = priced_lines(job, [labour(item, hours)])[0]
    assert made.amount == line_amount(made.quantity, made.unit_price)
    assert made.hours == Decimal(hours)  # payroll keeps what was worked


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("07:00", "17:30", "10.5"),
        ("22:00", "02:30", "4.5"),  # past midnight
        ("23:59", "00:00", "0.0167"),
        ("00:00", "23:59", "23.9833"),
        ("07:00", "07:20", "0.3333"),
        ("06:00", "06:00", "24"),
        ("01:30", "03:30", "2"),  # a length on paper: no zone, no change of clocks
    ],
)
def test_start_and_end_are_a_length(foreman: Item, start: str, end: str, hours: str) -> None:
    begin, finish = time.fromisoformat(start), time.fromisoformat(end)
    assert hours_between(begin, finish) == Decimal(hours)
    line = EnteredLine(Section.LABOUR, foreman, start_time=begin, end_time=finish)
    assert priced_lines(make_job(), [line])[0].hours == Decimal(hours)


def test_every_error_of_every_row_at_once(foreman: Item) -> None:
    unpriced = make_item("DRONE", name="Survey drone", section=Section.EQUIPMENT)
    job = make_job(job_number="26-0007")
    lines = [
        labour(foreman, row="labour-0"),
        EnteredLine(Section.LABOUR, foreman, row="labour-1"),
        labour(make_item("NEW", name="Apprentice"), row="labour-2"),
        EnteredLine(Section.EQUIPMENT, unpriced, row="equipment-0"),
        EnteredLine(Section.EQUIPMENT, foreman, quantity=Decimal(999_999_999), row="equipment-1"),
        EnteredLine(
            Section.EQUIPMENT, make_item("GOLD", unit_price=Decimal(10_000)), quantity=Decimal(10**8), row="e2"
        ),
    ]
    with pytest.raises(BadLines) as bad:
        priced_lines(job, lines)
    assert [(each.row, each.field, each.message) for each in bad.value.errors] == [
        ("labour-1", "hours", "Enter the hours."),
        ("labour-2", "item", "Apprentice has no price on job 26-0007."),
        ("equipment-0", "item", "Survey drone has no price on job 26-0007."),
        ("equipment-0", "quantity", "Enter the quantity."),
        ("e2", "quantity", "It comes to more than 100,000,000,000."),
    ]


def test_one_query_for_the_prices_of_any_number_of_lines(foreman: Item, django_assert_num_queries: object) -> None:
    sheet = make_rate_sheet({foreman: ("100", None)})
    job = Job.objects.select_related("client").get(pk=make_job(rate_sheet=sheet).pk)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(priced_lines(job, [labour(foreman)] * 60)) == 60
