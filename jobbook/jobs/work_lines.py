"""The lines of a DWR as they are entered, and as they are kept: priced for their job, to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from jobbook.common.money import LIMIT, format_money, format_quantity, line_amount, round_quantity
from jobbook.common.records import Difference
from jobbook.jobs.models import DailyWorkRecord, Item, Job, Section, WorkLine
from jobbook.jobs.prices import Price, billed_quantity, prices_of

_KEPT = (
    "section",
    "item",
    "employee",
    "hours",
    "start_time",
    "end_time",
    "quantity",
    "unit_price",
    "amount",
    "description",
)


@dataclass(frozen=True)
class EnteredLine:
    """What a person enters of a line. Labour: hours, or start and end; equipment: quantity. row: its name in errors."""

    section: str
    item: Item
    employee: str = ""
    hours: Decimal | None = None
    start_time: time | None = None
    end_time: time | None = None
    quantity: Decimal | None = None
    description: str = ""
    row: str = ""


@dataclass(frozen=True)
class LineError:
    """What is wrong with one field of one row."""

    row: str
    field: str
    message: str


class BadLines(Exception):
    """Lines that cannot be kept; every error of every row."""

    def __init__(self, errors: Sequence[LineError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(f"{each.row}: {each.field}: {each.message}" for each in errors))


def hours_between(start: time, end: time) -> Decimal:
    """From start to end, past midnight too: 22:00 to 02:30 is 4.5. Equal times are a whole day."""
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - a duration on paper knows no zone
    length = datetime.combine(day, end) - datetime.combine(day, start)
    if length <= timedelta(0):
        length += timedelta(days=1)
    return round_quantity(Decimal(length // timedelta(minutes=1)) / 60)


def priced_lines(job: Job, entered: Iterable[EnteredLine]) -> list[WorkLine]:
    """The lines with the prices of `job` today, numbered, not saved. Raises BadLines with all errors at once."""
    lines = list(entered)
    prices = prices_of(job, {line.item for line in lines})
    errors: list[LineError] = []
    made = [_priced(job, line, prices.get(line.item.pk), errors) for line in lines]
    if errors:
        raise BadLines(errors)
    for number, line in enumerate(made, start=1):
        line.line_number = number
    return made


def _priced(job: Job, line: EnteredLine, price: Price | None, errors: list[LineError]) -> WorkLine:
    if price is None:
        errors.append(LineError(line.row, "item", f"{line.item.name} has no price on job {job.job_number}."))
        price = Price(Decimal(0), None)
    hours, quantity = line.hours, line.quantity
    if line.section == Section.LABOUR:
        if hours is None and line.start_time is not None and line.end_time is not None:
            hours = hours_between(line.start_time, line.end_time)
        quantity = billed_quantity(hours, price) if hours is not None else None
    if quantity is None:
        name = "hours" if line.section == Section.LABOUR else "quantity"
        errors.append(LineError(line.row, name, f"Enter the {name}."))
        quantity = Decimal(0)
    amount = line_amount(quantity, price.unit)
    if abs(amount) > LIMIT:
        errors.append(LineError(line.row, "quantity", f"It comes to more than {LIMIT:,}."))
    return WorkLine(
        section=line.section,
        item=line.item,
        employee=line.employee,
        hours=hours,
        start_time=line.start_time,
        end_time=line.end_time,
        quantity=quantity,
        unit_price=price.unit,
        amount=amount,
        description=line.description,
    )


def write_lines(record: DailyWorkRecord, lines: Sequence[WorkLine], difference: Difference) -> None:
    """Put the lines onto the record, number by number, and note what they were and are."""
    present = {line.line_number: line for line in record.lines.select_related("item")}
    note_lines([present[number] for number in sorted(present)], lines, difference)
    record.lines.filter(line_number__gt=len(lines)).delete()
    for line in lines:
        line.record = record
        old = present.get(line.line_number)
        if old is not None:
            line.pk = old.pk
        if old is None or any(getattr(old, name) != getattr(line, name) for name in _KEPT):
            line.save(force_insert=old is None, force_update=old is not None)


def note_lines(before: Sequence[WorkLine], after: Sequence[WorkLine], difference: Difference) -> None:
    """The lines in words, and apart from them what they come to: technicians read the one, not the other."""
    difference.note_rows("lines", [words_of(line) for line in before], [words_of(line) for line in after])
    difference.note_rows("amounts", [_amount_of(line) for line in before], [_amount_of(line) for line in after])


def words_of(line: WorkLine) -> str:
    """'Foreman, J. Lavoie, 8.5 h' as the history says it; without money, since technicians read it."""
    if line.hours is not None and line.section == Section.LABOUR:
        times = f" ({line.start_time:%H:%M}-{line.end_time:%H:%M})" if line.start_time and line.end_time else ""
        much = f"{format_quantity(line.hours)} h{times}"
    else:
        much = f"{format_quantity(line.quantity)} {line.item.unit}".strip()
    return ", ".join(part for part in (line.item.name, line.employee, much, line.description) if part)


def _amount_of(line: WorkLine) -> str:
    """'8 × 96 = 768.00'."""
    figures = f"{format_quantity(line.quantity)} × {format_quantity(line.unit_price)}"
    return f"{figures} = {format_money(line.amount)}"
