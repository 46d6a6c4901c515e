"""The money of the model: fractions, and rounding half away from zero. Shares nothing with the product's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

LABOUR, EQUIPMENT, FIXED, FEE = "labour", "equipment", "fixed_price", "fee"
_ORDER = (LABOUR, EQUIPMENT, FIXED, FEE)
ZERO = Fraction(0)


def rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero."""
    whole = int(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


def cents(value: Fraction) -> Fraction:
    return rounded(value, 2)


@dataclass(frozen=True)
class Tax:
    code: str
    rate: Fraction  # percent


@dataclass(frozen=True)
class Goods:
    """Something billed. hourly: what an hour comes to where the unit is another one."""

    code: str
    section: str
    unit: Fraction
    hourly: Fraction | None = None
    exempt: bool = False


@dataclass(frozen=True)
class Work:
    """A line of a DWR as it is kept. much: what was entered, hours of labour or a quantity."""

    goods: Goods
    much: Fraction
    quantity: Fraction
    price: Fraction
    amount: Fraction


def work(goods: Goods, much: Fraction, unit: Fraction, hourly: Fraction | None) -> Work:
    """What was entered, priced."""
    quantity = much
    if goods.section == LABOUR and hourly is not None:
        quantity = rounded(much * hourly / unit, 4)
    return Work(goods, much, quantity, unit, cents(quantity * unit))


@dataclass(frozen=True)
class Line:
    """A line of a document. sources: (DWR, line number) of the work behind it. id: 0 for a line not yet kept."""

    section: str
    code: str
    taxes: tuple[str, ...]
    quantity: Fraction | None = None
    price: Fraction | None = None
    amount: Fraction = ZERO
    percent: Fraction | None = None
    record: str = ""
    sources: tuple[tuple[str, int], ...] = ()
    id: int = 0


@dataclass(frozen=True)
class Sums:
    """A document worked out. taxes: (code, base, amount) of those that a line carries."""

    lines: tuple[Line, ...]
    taxes: tuple[tuple[Tax, Fraction, Fraction], ...]
    subtotal: Fraction
    tax: Fraction

    @property
    def total(self) -> Fraction:
        return self.subtotal + self.tax


def work_out(lines: Iterable[Line], taxes: Sequence[Tax]) -> Sums:
    """Lines in order of section; fees of what is no fee; each tax once, on the sum of the lines that carry it."""
    ordered = sorted(lines, key=lambda line: _ORDER.index(line.section))
    body = [_priced(line, taxes) for line in ordered if line.section != FEE]
    before_fees = sum((line.amount for line in body), ZERO)
    fees = [_fee(line, before_fees, taxes) for line in ordered if line.section == FEE]
    done = (*body, *fees)
    carried = []
    for tax in taxes:
        if amounts := [line.amount for line in done if tax.code in line.taxes]:
            base = sum(amounts, ZERO)
            carried.append((tax, base, cents(base * tax.rate / 100)))
    return Sums(done, tuple(carried), sum((line.amount for line in done), ZERO), sum((t[2] for t in carried), ZERO))


def _priced(line: Line, taxes: Sequence[Tax]) -> Line:
    line = replace(line, taxes=tuple(tax.code for tax in taxes if tax.code in line.taxes))
    if line.quantity is None or line.price is None:
        return line
    return replace(line, amount=cents(line.quantity * line.price))


def _fee(line: Line, before_fees: Fraction, taxes: Sequence[Tax]) -> Line:
    if line.percent is not None:
        line = replace(line, amount=cents(before_fees * line.percent / 100))
    return _priced(line, taxes)


def drawn_up(works: Iterable[tuple[str, str, int, Work]], *, summarized: bool, taxes: Sequence[Tax]) -> list[Line]:
    """The lines of (DWR, day, line number, work): one each, or equal goods at one price rolled into one."""
    codes = tuple(tax.code for tax in taxes)
    ordered = sorted(works, key=lambda each: (_ORDER.index(each[3].goods.section), each[1], int(each[0]), each[2]))
    lines: dict[tuple[object, ...], Line] = {}
    for record, _, number, each in ordered:
        key = (each.goods.code, each.price) if summarized else (record, number)
        bare = Line(each.goods.section, each.goods.code, () if each.goods.exempt else codes, ZERO, each.price)
        line = lines.get(key) or replace(bare, record="" if summarized else record)
        quantity = (line.quantity or ZERO) + each.quantity
        lines[key] = replace(line, quantity=quantity, sources=(*line.sources, (record, number)))
    return list(lines.values())
