"""The lines of made-up invoices: from crew days, from a contract, and the odd ones that checks are there for."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from jobbook.common.money import line_amount, round_money, tax_amount, total_of
from jobbook.jobs.models import Item, Job, Section, Tax
from jobbook.transfer.demo import names
from jobbook.transfer.demo.work import Day, Work

_FEE = Decimal("0.02")
_ORDER = {Section.LABOUR: 0, Section.EQUIPMENT: 1, Section.FIXED_PRICE: 2, Section.UNPRICED: 3, Section.FEE: 4}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line to be written. Quantity and unit price are both None when the amount stands alone.

    sources: the lines of records that it bills, as in invoices/drafting.py.
    """

    section: str
    description: str
    amount: Decimal
    item: Item | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    service_date: date | None = None
    record_id: int | None = None
    sources: tuple[Work, ...] = ()

    @property
    def taxable(self) -> bool:
        return self.section != Section.UNPRICED and not (self.item and self.item.tax_exempt)


@dataclass(frozen=True, slots=True)
class DraftTax:
    tax: Tax
    base: Decimal
    amount: Decimal


def taxes_on(lines: Sequence[DraftLine], taxes: Iterable[Tax]) -> list[DraftTax]:
    """Each tax once, on the sum of the lines that carry it."""
    base = total_of(line.amount for line in lines if line.taxable)
    if not any(line.taxable for line in lines):
        return []
    return [DraftTax(tax, base, tax_amount(base, tax.rate)) for tax in taxes]


def detailed(days: Sequence[Day]) -> list[DraftLine]:
    """A line for each line of the records, in order of section."""
    return _by_section(_detailed(day, work) for day in days for work in day.lines)


def _detailed(day: Day, work: Work) -> DraftLine:
    text = f"{work.item.name} – {work.employee}" if work.employee else work.item.name
    section, price = work.item.section, work.unit_price
    return DraftLine(section, text, work.amount, work.item, work.quantity, price, day.date, day.id, (work,))


def _by_section(lines: Iterable[DraftLine]) -> list[DraftLine]:
    return sorted(lines, key=lambda line: _ORDER[Section(line.section)])


def summarized(days: Sequence[Day]) -> list[DraftLine]:
    """Equal items at one price rolled into one line, in order of section."""
    rolled: dict[tuple[str, Decimal], list[Work]] = defaultdict(list)
    for work in (work for day in days for work in day.lines):
        rolled[work.item.code, work.unit_price].append(work)
    return _by_section(map(_summarized, rolled.values()))


def _summarized(works: Sequence[Work]) -> DraftLine:
    item, price, quantity = works[0].item, works[0].unit_price, sum((work.quantity for work in works), Decimal(0))
    amount = line_amount(quantity, price)
    return DraftLine(item.section, item.name, amount, item, quantity, price, sources=tuple(works))


def progress(rng: random.Random, job: Job, items: dict[str, Item], on: date) -> list[DraftLine]:
    """A progress billing of a fixed-price job: one or two lump sums."""
    contract = job.contract_amount or Decimal(50_000)
    share = rng.choice([5, 10, 15])
    milestone = rng.choice(names.MILESTONES)
    lines = [
        DraftLine(
            Section.FIXED_PRICE,
            f"{milestone}, {share}% of the contract",
            round_money(contract * share / 100),
            items["LUMP"],
        )
    ]
    if rng.random() < 0.4:
        price = Decimal(rng.randrange(4, 30) * 50)
        lines.append(priced(Section.FIXED_PRICE, "Mobilization, each way", items["MOB"], Decimal(2), price, on))
    return lines


def priced(section: str, description: str, item: Item, quantity: Decimal, price: Decimal, on: date) -> DraftLine:
    """A line of quantity x unit price."""
    return DraftLine(section, description, line_amount(quantity, price), item, quantity, price, on)


def fee(lines: Sequence[DraftLine], item: Item) -> DraftLine:
    """The environmental fee: a percentage of what stands before it, itself taxed."""
    return DraftLine(Section.FEE, item.name, round_money(total_of(line.amount for line in lines) * _FEE), item)


def note(text: str) -> DraftLine:
    """A line without a price."""
    return DraftLine(Section.UNPRICED, text, Decimal("0.00"))


def warranty(lines: Sequence[DraftLine], on: date) -> list[DraftLine]:
    """Work done and not charged: the same lines, taken off again, so that the total is zero."""
    off = [_taken_off(line, line.quantity) for line in lines if line.quantity is not None]
    return [*lines, *off]


def _taken_off(line: DraftLine, quantity: Decimal) -> DraftLine:
    text = f"{line.description}, under warranty"
    return replace(line, description=text, amount=-line.amount, quantity=-quantity, sources=())


def credit(rng: random.Random, items: dict[str, Item], limit: Decimal, on: date) -> list[DraftLine]:
    """A partial credit: hours billed by mistake, less than `limit`."""
    item = items["JRN"]
    price = item.unit_price or Decimal(96)
    hours = min(Decimal(rng.randrange(2, 17)) / 2, (limit / price / 2).quantize(Decimal("0.1")))
    service = on - timedelta(days=rng.randint(10, 30))
    return [priced(Section.LABOUR, f"{item.name}, billed in error", item, -hours, price, service)]
