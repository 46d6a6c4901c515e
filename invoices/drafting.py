"""From work to the lines, fees, taxes and totals of an invoice. Pure: values in, values out, no queries.

Lines are priced, fees worked out on what is no fee, each tax once on the sum of the lines that carry it; so lines,
taxes and totals agree to the cent, whoever asks: drafting, the invoice form with its live totals, credit notes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from jobbook.common.money import line_amount, tax_amount, total_of
from jobbook.jobs.models import LineItemType, Section

NOTHING = Decimal("0.00")
ADJUSTMENT = "Adjustment"
_ORDER = {
    section: place
    for place, section in enumerate(
        [Section.LABOUR, Section.EQUIPMENT, Section.FIXED_PRICE, Section.UNPRICED, Section.FEE]
    )
}


@dataclass(frozen=True, slots=True)
class Work:
    """A line of a DWR: labour or equipment, with the price it was recorded at."""

    id: int  # of the WorkLine
    record_id: int
    dwr_number: str
    date: date
    line_number: int
    section: str
    item_id: int
    item_code: str
    item_name: str
    unit: str
    account_code: str
    tax_exempt: bool
    employee: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal

    @property
    def text(self) -> str:
        """What a detailed line says: 'Surveyor – J. Lavoie', and the line's own description below."""
        head = f"{self.item_name} – {self.employee}" if self.employee else self.item_name
        return f"{head}\n{self.description}" if self.description else head


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of an invoice. Quantity and unit price are both None where `amount` stands alone.

    taxes: codes of the taxes it carries. fee_percent: of a fee that is worked out. sources: WorkLine ids behind it.
    id: of the InvoiceLine it stands for, None for a new one.
    """

    section: str
    description: str = ""
    item_id: int | None = None
    item_code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    amount: Decimal = NOTHING
    taxes: tuple[str, ...] = ()
    account_code: str = ""
    service_date: date | None = None
    record_id: int | None = None
    fee_percent: Decimal | None = None
    is_adjustment: bool = False
    sources: tuple[int, ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class DraftTax:
    """A tax that lines may carry; base and amount are worked out. `rate` in percent."""

    tax_id: int
    code: str
    name: str
    rate: Decimal
    recoverable: bool = True
    base: Decimal = NOTHING
    amount: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole document: lines in order of section with the fees last, the taxes that are carried, the totals."""

    lines: tuple[DraftLine, ...]
    taxes: tuple[DraftTax, ...]
    subtotal: Decimal  # of all lines, fees included
    tax: Decimal
    total: Decimal

    def section(self, section: str) -> Decimal:
        """The subtotal of one section."""
        return total_of(line.amount for line in self.lines if line.section == section)


def draft(works: Iterable[Work], *, line_item_type: str, fees: Sequence[DraftLine], taxes: Sequence[DraftTax]) -> Draft:
    """The draft of DWR lines: one line each, or equal items at one price rolled into one (line_item_type)."""
    return recompute([*work_lines(works, line_item_type=line_item_type, taxes=taxes), *fees], taxes)


def work_lines(works: Iterable[Work], *, line_item_type: str, taxes: Sequence[DraftTax]) -> list[DraftLine]:
    """The lines of `works`, ordered by section, date, DWR and line."""
    ordered = sorted(works, key=_place)
    codes = tuple(tax.code for tax in taxes)
    rolled = line_item_type == LineItemType.SUMMARIZED
    return _summarized(ordered, codes) if rolled else [_detailed(work, codes) for work in ordered]


def recompute(lines: Iterable[DraftLine], taxes: Sequence[DraftTax]) -> Draft:
    """Amounts, fees from their percent, taxes and totals of these lines, in order of section.

    taxes: all that a line may carry, in the document's order; those that no line carries are left out.
    """
    ordered = sorted(lines, key=lambda line: _ORDER[Section(line.section)])
    body = [_priced(line, taxes) for line in ordered if line.section != Section.FEE]
    before_fees = total_of(line.amount for line in body)
    fees = [_fee(line, before_fees, taxes) for line in ordered if line.section == Section.FEE]
    done = (*body, *fees)
    carried = tuple(_worked_out(tax, done) for tax in taxes if any(tax.code in line.taxes for line in done))
    subtotal, tax = total_of(line.amount for line in done), total_of(each.amount for each in carried)
    return Draft(done, carried, subtotal, tax, subtotal + tax)


def adjust(lines: Sequence[DraftLine], subtotal: Decimal, taxes: Sequence[DraftTax]) -> list[DraftLine]:
    """The lines with the fixed-price subtotal typed over: one adjusting line makes up the difference, if any.

    It replaces an earlier one, and takes item, account and taxes of the fixed-price lines it adjusts.
    """
    kept = [line for line in lines if not line.is_adjustment]
    earlier = next((line.id for line in lines if line.is_adjustment), None)
    fixed = [_priced(line, taxes) for line in kept if line.section == Section.FIXED_PRICE]
    difference = subtotal - total_of(line.amount for line in fixed)
    if not difference:
        return kept
    model = fixed[0] if fixed else DraftLine(Section.FIXED_PRICE)
    carried = {code for line in fixed for code in line.taxes} if fixed else {tax.code for tax in taxes}
    line = DraftLine(
        Section.FIXED_PRICE,
        ADJUSTMENT,
        item_id=model.item_id,
        item_code=model.item_code,
        account_code=model.account_code,
        amount=difference,
        taxes=tuple(tax.code for tax in taxes if tax.code in carried),
        is_adjustment=True,
        id=earlier,
    )
    return [*kept, line]


def _place(work: Work) -> tuple[int, date, int, str, int]:
    """Numbers of equal length are in the order of their digits: DWR 9 before DWR 10."""
    return _ORDER[Section(work.section)], work.date, len(work.dwr_number), work.dwr_number, work.line_number


def _detailed(work: Work, codes: tuple[str, ...]) -> DraftLine:
    return replace(
        _of_item(work, codes),
        description=work.text,
        service_date=work.date,
        record_id=work.record_id,
        sources=(work.id,),
        quantity=work.quantity,
    )


def _summarized(works: Iterable[Work], codes: tuple[str, ...]) -> list[DraftLine]:
    """Amount = quantity x unit price of the summed quantity, so it may differ from the sum of the DWRs by cents."""
    rolled: dict[tuple[str, int, Decimal], DraftLine] = {}
    for work in works:
        key = (work.section, work.item_id, work.unit_price)
        line = rolled.get(key) or replace(_of_item(work, codes), description=work.item_name, quantity=Decimal(0))
        quantity = (line.quantity or Decimal(0)) + work.quantity
        rolled[key] = replace(line, quantity=quantity, sources=(*line.sources, work.id))
    return list(rolled.values())


def _of_item(work: Work, codes: tuple[str, ...]) -> DraftLine:
    return DraftLine(
        work.section,
        item_id=work.item_id,
        item_code=work.item_code,
        unit=work.unit,
        unit_price=work.unit_price,
        taxes=() if work.tax_exempt else codes,
        account_code=work.account_code,
    )


def _priced(line: DraftLine, taxes: Sequence[DraftTax]) -> DraftLine:
    if line.section == Section.UNPRICED:
        return replace(line, quantity=None, unit="", unit_price=None, amount=NOTHING, taxes=())
    carried = tuple(tax.code for tax in taxes if tax.code in line.taxes)
    if line.quantity is None or line.unit_price is None:
        return replace(line, taxes=carried)
    return replace(line, amount=line_amount(line.quantity, line.unit_price), taxes=carried)


def _fee(line: DraftLine, before_fees: Decimal, taxes: Sequence[DraftTax]) -> DraftLine:
    """Each fee is a percentage of the sum of all lines that are no fee. One without a percent stands as it is."""
    if line.fee_percent is not None:
        line = replace(line, quantity=None, unit="", unit_price=None, amount=tax_amount(before_fees, line.fee_percent))
    return _priced(line, taxes)


def _worked_out(tax: DraftTax, lines: Sequence[DraftLine]) -> DraftTax:
    base = total_of(line.amount for line in lines if tax.code in line.taxes)
    return replace(tax, base=base, amount=tax_amount(base, tax.rate))
