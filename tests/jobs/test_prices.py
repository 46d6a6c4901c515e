"""Which price holds for an item on a job: job, rate sheet of the job, of the client, the item. Hours to units."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jobbook.jobs.models import Item, Job, JobItem, RateLine, RateSheet, Section
from jobbook.jobs.prices import Price, billed_quantity, price_problems, prices_of
from tests.factories import make_client, make_item, make_job, make_rate_sheet

D = Decimal
Pair = tuple[str, str | None] | None
OWN, JOBS, CLIENTS = ("100", "12.50"), ("90", "11.25"), ("80", "10")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("item", "client", "sheet", "job", "holds"),
    [
        (OWN, None, None, None, OWN),
        (OWN, CLIENTS, None, None, CLIENTS),
        (OWN, CLIENTS, JOBS, None, JOBS),
        (OWN, CLIENTS, JOBS, ("70", "8.75"), ("70", "8.75")),
        (OWN, None, None, ("70", None), ("70", None)),  # both prices come from one level
        (OWN, CLIENTS, JOBS, (None, None), JOBS),  # a billable item with a budget alone
        (OWN, CLIENTS, (None, None), None, OWN),  # the job's sheet is the nearest: the client's is not looked at
        (None, CLIENTS, None, None, CLIENTS),
        (None, None, None, None, None),
        (OWN, None, None, ("0", None), ("0", None)),  # free of charge is a price
    ],
)
def test_the_nearest_price_wins(item: Pair, client: Pair, sheet: Pair, job: Pair, holds: Pair) -> None:
    made = make_world(Levels(item, client, sheet, job))
    found = prices_of(made, [Item.objects.get()])
    expected = None if holds is None else Price(D(holds[0]), None if holds[1] is None else D(holds[1]))
    assert list(found.values()) == ([] if expected is None else [expected])


@dataclass(frozen=True)
class Levels:
    """A unit and an hourly price for each level; None for a level that says nothing."""

    item: Pair
    client: Pair
    sheet: Pair
    job: Pair


def make_world(levels: Levels) -> Job:
    """A job with the item LAB and its prices on each level. A sheet without the item stands where none is given."""
    unit, hourly = _decimals(levels.item)
    item = make_item(unit_price=unit, hourly_price=hourly)
    sheets = [_sheet(item, pair) for pair in (levels.client, levels.sheet)]
    job = make_job(client=make_client(rate_sheet=sheets[0]), rate_sheet=sheets[1])
    if levels.job:
        unit, hourly = _decimals(levels.job)
        JobItem.objects.create(job=job, item=item, unit_price=unit, hourly_price=hourly, position=1)
    return job


def _decimals(pair: Pair) -> tuple[Decimal | None, Decimal | None]:
    unit, hourly = pair or (None, None)
    return (None if unit is None else D(unit), None if hourly is None else D(hourly))


def _sheet(item: Item, pair: Pair) -> RateSheet | None:
    if pair is None:
        return None
    sheet, (unit, hourly) = make_rate_sheet(), _decimals(pair)
    RateLine.objects.create(sheet=sheet, item=item, unit_price=unit, hourly_price=hourly)
    return sheet


@pytest.mark.django_db
def test_each_item_for_itself() -> None:
    """An item that the job's sheet lacks falls to its own price, not to the client's sheet."""
    labour, truck = make_item(unit_price=D(100)), make_item("TRUCK", unit_price=D(185), section=Section.EQUIPMENT)
    job = make_job(
        client=make_client(rate_sheet=make_rate_sheet({truck: ("150", None)})),
        rate_sheet=make_rate_sheet({labour: ("90", None)}),
    )
    assert prices_of(job, [labour, truck]) == {labour.pk: Price(D(90), None), truck.pk: Price(D(185), None)}


@pytest.mark.django_db
def test_prices_of_another_job_or_sheet_do_not_count() -> None:
    item = make_item(unit_price=D(100))
    make_rate_sheet({item: ("1", None)})
    JobItem.objects.create(job=make_job(), item=item, unit_price=D(2), position=1)
    assert prices_of(make_job(), [item]) == {item.pk: Price(D(100), None)}


@pytest.mark.django_db
def test_two_queries_for_any_number_of_items(django_assert_num_queries: object) -> None:
    items = [make_item(f"I{n}", unit_price=D(n)) for n in range(30)]
    job = Job.objects.select_related("client").get(pk=make_job(rate_sheet=make_rate_sheet()).pk)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(prices_of(job, items)) == 30


prices = st.decimals("0", "9999", places=4)
levels = st.none() | st.tuples(st.none() | prices, st.none() | prices)


class TestCascade(TestCase):
    """Any prices on any levels, against the sentence of product.md written down once more."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(levels, levels, levels, levels)
    def test_against_the_sentence(self, item: Pair, client: Pair, sheet: Pair, job: Pair) -> None:
        made = make_world(Levels(item, client, sheet, job))
        near = [job, sheet if made.rate_sheet_id else client, item]
        priced = [level for level in near if level and level[0] is not None]
        expected = [Price(*priced[0])] if priced else []  # type: ignore[arg-type]
        assert list(prices_of(made, Item.objects.all()).values()) == expected


@pytest.mark.parametrize(
    ("hours", "unit", "hourly", "billed"),
    [
        ("8", "96", "96", "8"),  # billed by the hour
        ("8", "768", "96", "1"),  # by the day of eight hours
        ("4", "768", "96", "0.5"),
        ("7.5", "100", "33.3333", "2.5000"),  # 2.49999750 rounds to 2.5000
        ("1", "3", "1", "0.3333"),
        ("2", "3", "1", "0.6667"),
        ("1", "8", "0.0004", "0.0001"),  # 0.00005 goes away from zero
        ("-1", "8", "0.0004", "-0.0001"),
        ("8", "96", None, "8"),
        ("8", "0", "96", "8"),
    ],
)
def test_hours_to_billing_units(hours: str, unit: str, hourly: str | None, billed: str) -> None:
    assert billed_quantity(D(hours), Price(D(unit), hourly and D(hourly))) == D(billed)  # type: ignore[arg-type]


@given(st.decimals("-999", "999", places=2), st.decimals("0.01", "9999", places=4))
def test_an_item_billed_by_the_hour_bills_its_hours(hours: Decimal, price: Decimal) -> None:
    assert billed_quantity(hours, Price(price, price)) == hours


@given(st.decimals("0", "999", places=2), st.decimals("0.01", "9999", places=4), st.decimals("0.01", "9999", places=4))
def test_the_amount_is_that_of_the_hours_but_for_the_rounding(hours: Decimal, unit: Decimal, hourly: Decimal) -> None:
    billed = billed_quantity(hours, Price(unit, hourly))
    assert abs(billed * unit - hours * hourly) <= unit * D("0.00005")
    assert billed_quantity(-hours, Price(unit, hourly)) == -billed


@pytest.mark.parametrize(
    ("section", "own", "unit", "hourly", "wrong"),
    [
        ("labour", "96", "90", "90", set()),
        ("labour", "96", None, None, set()),
        ("labour", None, "90", None, set()),
        ("labour", "96", "90", None, {"hourly_price"}),
        ("labour", None, None, "90", {"unit_price"}),
        ("labour", "96", "0", "90", {"unit_price"}),
        ("equipment", None, "185", None, set()),
        ("equipment", None, "185", "20", {"hourly_price"}),
    ],
)
def test_a_price_that_would_not_hold_is_refused(
    section: str, own: str | None, unit: str | None, hourly: str | None, wrong: set[str]
) -> None:
    item = Item(code="LAB", section=section, unit_price=D(96), hourly_price=own and D(own))
    problems = price_problems(item, unit and D(unit), hourly and D(hourly))  # type: ignore[arg-type]
    assert set(problems) == wrong
    assert all("LAB" in problem for problem in problems.values())
