"""Drafting: for any quantities, prices, rates, fees and exemptions every sum agrees to the cent, in every place.

The arithmetic is done again here with fractions, and the generic CSV is read back by its independent reader.
"""

import io
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exports.formats.base import CompanyFacts, Context
from exports.formats.csv import GenericCsv
from invoices.drafting import ADJUSTMENT, Draft, DraftLine, DraftTax, Work, adjust, draft, recompute, work_lines
from jobbook.common.money import total_of
from jobbook.jobs.models import LineItemType, Section
from jobbook.jobs.prices import Price, billed_quantity
from tests.exports import csv_reader
from tests.exports.writing import profile_of
from tests.invoices import drawn
from tests.invoices.drawn import CENTS, RATES, document, fee, lump, made, tax

pytestmark = pytest.mark.formats
KINDS = st.sampled_from([LineItemType.DETAILED, LineItemType.SUMMARIZED])
GST = tax(1, Decimal(5))
PST = tax(2, Decimal(7))


def cents(value: Fraction) -> Fraction:
    """To the cent, half away from zero."""
    whole = int(abs(value) * 100 + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 100)


@st.composite
def drafts(draw: st.DrawFn, most_taxes: int = 4) -> Draft:
    """A draft of DWR lines, lump sums, notes and fees; what the form and Invoice Selected DWRs can make."""
    carried = draw(drawn.taxes(most_taxes))
    works = draw(drawn.works())
    fees = [fee(percent, draw(st.sampled_from([carried, []]))) for percent in draw(st.lists(RATES, max_size=2))]
    drafted = draft(works, line_item_type=draw(KINDS), fees=fees, taxes=carried)
    more = [lump(amount, draw(st.sampled_from([carried, carried[:1], []]))) for amount in draw(st.lists(CENTS))]
    note = DraftLine(Section.UNPRICED, "A note", amount=Decimal(1), taxes=("T1",), quantity=Decimal(2))
    return recompute([*more, note, *drafted.lines], carried)


@given(drafts())
@settings(max_examples=300, deadline=None)
def test_every_sum_is_that_of_its_parts(drafted: Draft) -> None:
    for line in drafted.lines:
        if line.quantity is not None and line.unit_price is not None:
            assert Fraction(line.amount) == cents(Fraction(line.quantity) * Fraction(line.unit_price))
    before_fees = sum((Fraction(line.amount) for line in drafted.lines if line.section != Section.FEE), Fraction(0))
    for line in drafted.lines:
        if line.fee_percent is not None:
            assert Fraction(line.amount) == cents(before_fees * Fraction(line.fee_percent) / 100)
    assert drafted.subtotal == total_of(line.amount for line in drafted.lines)
    assert drafted.tax == total_of(each.amount for each in drafted.taxes)
    assert drafted.total == drafted.subtotal + drafted.tax


@given(drafts())
@settings(max_examples=300, deadline=None)
def test_each_tax_is_worked_out_once_on_the_lines_that_carry_it(drafted: Draft) -> None:
    for each in drafted.taxes:
        base = sum((Fraction(line.amount) for line in drafted.lines if each.code in line.taxes), Fraction(0))
        assert Fraction(each.base) == base
        assert Fraction(each.amount) == cents(base * Fraction(each.rate) / 100)
    carried = {code for line in drafted.lines for code in line.taxes}
    assert carried == {each.code for each in drafted.taxes}
    assert not any(line.taxes for line in drafted.lines if line.section == Section.UNPRICED)


@given(drafts())
@settings(max_examples=300, deadline=None)
def test_the_shares_of_a_tax_add_up_and_none_is_a_cent_off(drafted: Draft) -> None:
    """Largest remainder: each line's share differs from the exact one by less than a cent."""
    printed = document(drafted)
    for each in printed.taxes:
        shares = [(line, share) for line in printed.lines for share in line.taxes if share.code == each.code]
        assert total_of(share.amount for _, share in shares) == each.amount
        for line, share in shares:
            exact = Fraction(line.amount) * Fraction(each.rate) / 100
            assert abs(Fraction(share.amount) - exact) < Fraction(1, 100)
    assert total_of(line.tax_amount for line in printed.lines) == drafted.tax


@given(drafts(most_taxes=2))
@settings(max_examples=300, deadline=None)
def test_lines_document_and_csv_agree_to_the_cent(drafted: Draft) -> None:
    assume(any(line.section != Section.UNPRICED for line in drafted.lines))
    printed = document(drafted)
    profile = profile_of(GenericCsv())
    assert not list(GenericCsv().problems(printed, profile))
    out = io.BytesIO()
    GenericCsv().write(out, [printed], Context(1, CompanyFacts("Northfork", "CAD", "letter"), profile))
    (back,) = csv_reader.read(out.getvalue())
    priced = [line for line in drafted.lines if line.section != Section.UNPRICED]
    assert [Decimal(row["line_net"]) for row in back.rows] == [line.amount for line in priced]
    assert [back.amount(f"document_{name}") for name in ("net", "tax", "total")] == [
        drafted.subtotal,
        drafted.tax,
        drafted.total,
    ]
    assert (back.sum("line_net"), back.sum("line_tax"), back.sum("line_gross")) == (
        drafted.subtotal,
        drafted.tax,
        drafted.total,
    )


@given(drafts())
@settings(max_examples=200, deadline=None)
def test_a_credit_of_everything_mirrors_it(drafted: Draft) -> None:
    """Half away from zero on both sides."""
    credit = recompute(drawn.negated(drafted), drafted.taxes)
    assert (credit.subtotal, credit.tax, credit.total) == (-drafted.subtotal, -drafted.tax, -drafted.total)
    assert [line.amount for line in credit.lines] == [-line.amount for line in drafted.lines]


@given(drafts())
@settings(max_examples=200, deadline=None)
def test_working_out_twice_changes_nothing(drafted: Draft) -> None:
    assert recompute(drafted.lines, drafted.taxes) == drafted


@given(drawn.works(), drawn.taxes(3))
@settings(max_examples=300, deadline=None)
def test_every_work_stands_behind_one_line(works: list[Work], carried: list[DraftTax]) -> None:
    detailed = work_lines(works, line_item_type=LineItemType.DETAILED, taxes=carried)
    summarized = work_lines(works, line_item_type=LineItemType.SUMMARIZED, taxes=carried)
    for lines in (detailed, summarized):
        assert sorted(source for line in lines for source in line.sources) == sorted(work.id for work in works)
    assert len(detailed) == len(works)
    assert len(summarized) == len({(work.item_id, work.unit_price) for work in works})
    by_id = {work.id: work for work in works}
    for line in summarized:
        assert line.quantity == sum(by_id[source].quantity for source in line.sources)
        assert {(by_id[s].item_id, by_id[s].unit_price) for s in line.sources} == {(line.item_id, line.unit_price)}


@given(drawn.works())
@settings(max_examples=200, deadline=None)
def test_lines_are_in_order_of_section_date_dwr_and_line(works: list[Work]) -> None:
    lines = work_lines(works, line_item_type=LineItemType.DETAILED, taxes=[])
    by_id = {work.id: work for work in works}
    ordered = [by_id[line.sources[0]] for line in lines]
    sections = [Section.LABOUR, Section.EQUIPMENT]
    places = [(sections.index(Section(w.section)), w.date, int(w.dwr_number), w.line_number) for w in ordered]
    assert places == sorted(places)


@given(st.lists(CENTS, max_size=4), CENTS, CENTS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_typed_over_subtotal_is_the_subtotal(lumps: list[Decimal], first: Decimal, then: Decimal, own: bool) -> None:
    """One adjusting line, replaced when typed over again, gone when equal."""
    taxes = [GST, PST]
    lines = [lump(amount, taxes if own else []) for amount in lumps]
    once = adjust(lines, first, taxes)
    assert recompute(once, taxes).section(Section.FIXED_PRICE) == first
    twice = adjust(once, then, taxes)
    assert recompute(twice, taxes).section(Section.FIXED_PRICE) == then
    assert sum(line.is_adjustment for line in twice) == (then != total_of(lumps))
    assert adjust(twice, total_of(lumps), taxes) == lines


def test_an_adjusting_line_is_like_the_lines_it_adjusts() -> None:
    line = DraftLine(
        Section.FIXED_PRICE,
        "Survey, 10 %",
        item_id=7,
        item_code="LUMP",
        amount=Decimal(1000),
        taxes=(GST.code,),
        account_code="4100",
    )
    *_, adjusting = recompute(adjust([line], Decimal("950.00"), [GST, PST]), [GST, PST]).lines
    assert (adjusting.description, adjusting.amount, adjusting.taxes) == (ADJUSTMENT, Decimal("-50.00"), (GST.code,))
    assert (adjusting.item_id, adjusting.item_code, adjusting.account_code) == (7, "LUMP", "4100")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("1", "0.005", "0.01"),
        ("1", "2.675", "2.68"),
        ("3", "1.005", "3.02"),
        ("1", "1.005", "1.01"),
        ("0.5", "0.25", "0.13"),  # half to even would be 0.12
        ("-1", "0.125", "-0.13"),
        ("-3", "1.005", "-3.02"),
        ("0.3333", "0.0001", "0.00"),
    ],
)
def test_f93_half_cents_go_away_from_zero(quantity: str, price: str, amount: str) -> None:
    line = DraftLine(Section.LABOUR, quantity=Decimal(quantity), unit_price=Decimal(price), taxes=(GST.code,))
    assert recompute([line], [GST]).lines[0].amount == Decimal(amount)


def test_f93_a_tax_of_half_a_cent() -> None:
    """5 % of 0.50 is 0.025: 0.03 once for the document, not 0.05 by lines of 0.10."""
    lines = [lump(Decimal("0.10"), [GST]) for _ in range(5)]
    assert recompute(lines, [GST]).tax == Decimal("0.03")


def test_every_fee_is_of_the_same_sum_and_is_taxed() -> None:
    fees = [fee(Decimal(3), [GST], "Fuel"), fee(Decimal(2), [GST], "Safety")]
    drafted = recompute([*fees, lump(Decimal(1000), [GST])], [GST])
    assert [(line.description, line.amount) for line in drafted.lines] == [
        ("Lump sum", Decimal(1000)),
        ("Fuel", Decimal("30.00")),
        ("Safety", Decimal("20.00")),
    ]
    assert (drafted.subtotal, drafted.tax) == (Decimal(1050), Decimal("52.50"))


def test_exempt_items_carry_no_tax() -> None:
    drafted = draft([made(1, item=1), made(2, item=4)], line_item_type=LineItemType.DETAILED, fees=[], taxes=[GST, PST])
    assert [line.taxes for line in drafted.lines] == [(GST.code, PST.code), ()]
    assert [each.base for each in drafted.taxes] == [Decimal("768.00")] * 2


def test_a_detailed_line_says_who_did_what_when() -> None:
    (line,) = work_lines([made(5, record=9, description="Night shift")], line_item_type=LineItemType.DETAILED, taxes=[])
    assert line.description == "Item 1 – A. B.\nNight shift"
    assert (line.record_id, line.service_date, line.sources) == (9, made(record=9).date, (5,))


def test_rolled_up_hours_are_quantity_x_price_exactly() -> None:
    """Three times a third of an hour: the sum of the DWRs is 0.99, quantity x price 1.00."""
    works = [made(n, quantity=Decimal("0.3333"), price=Decimal("1.0001")) for n in (1, 2, 3)]
    (line,) = work_lines(works, line_item_type=LineItemType.SUMMARIZED, taxes=[])
    assert recompute([line], []).lines[0].amount == Decimal("1.00")
    assert (line.quantity, line.description, line.service_date) == (Decimal("0.9999"), "Item 1", None)


@given(drawn.numbers(0, 24, 4), drawn.numbers(0, 500, 4), drawn.numbers(0, 5000, 4))
@settings(max_examples=300, deadline=None)
def test_hours_become_billing_units(hours: Decimal, hourly: Decimal, unit: Decimal) -> None:
    """Hours x hourly price / price of the unit, to four decimals half away from zero; hours where the unit is free."""
    billed = billed_quantity(hours, Price(unit, hourly))
    if not unit:
        assert billed == hours
    else:
        exact = Fraction(hours) * Fraction(hourly) / Fraction(unit)
        assert Fraction(billed) == Fraction(int(exact * 10_000 + Fraction(1, 2)), 10_000)
    assert billed_quantity(hours, Price(unit, None)) == hours
