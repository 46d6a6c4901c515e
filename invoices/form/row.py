"""A row of the form: what was typed for one line, what is wrong with it, and the line it stands for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from invoices.drafting import DraftLine, DraftTax
from invoices.form.numbers import as_price, as_typed, number
from jobbook.common.ids import as_id
from jobbook.common.money import LIMIT, line_amount, round_money
from jobbook.jobs.models import Item, Section

TEXTS = ("item", "description", "quantity", "unit", "price", "percent", "account", "date")
LONGEST = {"item": 64, "unit": 20, "account": 64, "description": 10_000}
LABELS = {
    "item": "item",
    "description": "description",
    "quantity": "quantity",
    "unit": "unit",
    "price": "unit price",
    "percent": "percent",
    "account": "account code",
    "date": "service date",
}


@dataclass(frozen=True)
class Choices:
    """What the rows of one form may name. items: by lower-case code. lines: of the invoice as it is, by id."""

    taxes: Sequence[DraftTax]
    items: Mapping[str, Item]
    lines: Mapping[int, DraftLine]
    works: Mapping[int, int]  # WorkLine of an added DWR, as it is now -> its DWR


@dataclass
class Row:
    """One line as typed. index: its place in the form, in the names of its fields."""

    index: int
    section: str
    id: int | None = None
    item: str = ""
    description: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    percent: str = ""
    account: str = ""
    date: str = ""
    taxes: list[str] = field(default_factory=list)
    sources: tuple[int, ...] = ()
    records: tuple[int, ...] = ()  # the DWRs it was drawn up from
    errors: dict[str, str] = field(default_factory=dict)
    amount: Decimal | None = None  # worked out on the server
    changed: str = ""  # how it differs from its DWR
    is_new: bool = False  # just added: nothing is held against it yet
    takes_focus: bool = False

    @property
    def name(self) -> str:
        return f"line-{self.index}"

    @property
    def is_blank(self) -> bool:
        """A row nothing was typed into: it is left out."""
        return self.id is None and not any(getattr(self, name) for name in TEXTS)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Label and sentence for each error."""
        return [(LABELS.get(name, name).capitalize(), text) for name, text in self.errors.items()]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field id and sentence for each error."""
        return [
            (f"{self.name}-{name}", f"Line {self.index + 1}, {LABELS.get(name, name)}: {text}")
            for name, text in self.errors.items()
        ]


def row_of(index: int, line: DraftLine) -> Row:
    """The row that shows a line. A lump sum stands in the price, without a quantity."""
    lump = line.quantity is None and line.section != Section.UNPRICED and line.fee_percent is None
    amount = line.amount if lump and (line.id or line.amount) else None
    return Row(
        index,
        line.section,
        id=line.id,
        item=line.item_code,
        description=line.description,
        quantity=as_typed(line.quantity),
        unit=line.unit,
        price=as_price(line.unit_price if line.unit_price is not None else amount),
        percent=as_typed(line.fee_percent),
        account=line.account_code,
        date=line.service_date.isoformat() if line.service_date else "",
        taxes=list(line.taxes),
        sources=line.sources,
    )


def posted_rows(data: QueryDict, choices: Choices) -> list[Row]:
    """The rows that were sent, in order; blank ones are left out. The section of a line that exists stays."""
    rows = (_posted(index, data, choices) for index in _indexes(data))
    return [row for row in rows if row.section in Section.values and not row.is_blank]


def _indexes(data: QueryDict) -> list[int]:
    found = (name.removeprefix("line-").removesuffix("-section") for name in data if name.endswith("-section"))
    return sorted(int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 6)


def _posted(index: int, data: QueryDict, choices: Choices) -> Row:
    def typed(name: str) -> str:
        return data.get(f"line-{index}-{name}", "").replace("\r\n", "\n").strip()

    def ids(name: str) -> tuple[int, ...]:
        return tuple(pk for part in typed(name).split(",") if (pk := as_id(part)))

    known = choices.lines.get(as_id(typed("id")))
    texts: dict[str, Any] = {name: typed(name) for name in TEXTS}
    return Row(
        index,
        known.section if known else typed("section"),
        id=known.id if known else None,
        **texts,
        taxes=[tax.code for tax in choices.taxes if tax.code in data.getlist(f"line-{index}-taxes")],
        # All of them, also what is not there any more: the command must see what the line was drawn up from.
        sources=() if known else ids("sources"),
        records=() if known else ids("records"),
    )


def read(row: Row, choices: Choices) -> DraftLine | None:
    """The line a row stands for; None when something is wrong, which then stands in `row.errors`."""
    _check_texts(row)
    item = _item(row, choices)
    line = replace(
        choices.lines.get(row.id or 0, DraftLine(row.section)),
        item_id=item.pk if item else None,
        item_code=item.code if item else "",
        description=row.description or (item.name if item and row.id is None else ""),
        unit=row.unit,
        account_code=row.account or (item.account_code if item and row.id is None else ""),
        taxes=tuple(row.taxes),
        service_date=_read(row, "date", _day),
        sources=row.sources,
    )
    if row.id is None and row.sources:
        line = replace(line, record_id=_record(row, choices))
    line = _priced(row, line)
    return None if row.errors else line


def _record(row: Row, choices: Choices) -> int | None:
    """The DWR of a new line: rolled-up lines have none."""
    return choices.works.get(row.sources[0]) if len(row.sources) == 1 else None


def _check_texts(row: Row) -> None:
    for name, longest in LONGEST.items():
        text = getattr(row, name)
        if len(text) > longest:
            row.errors[name] = f"At most {longest:,} characters; it has {len(text):,}."
        elif "\x00" in text:
            row.errors[name] = "It contains a character that cannot be kept."


def _item(row: Row, choices: Choices) -> Item | None:
    found = choices.items.get(row.item.lower())
    if row.item and found is None:
        row.errors.setdefault("item", f"There is no item {row.item}. Choose one from the list.")
    return found


def _priced(row: Row, line: DraftLine) -> DraftLine:
    """Quantity and price, a lump sum, or a percentage."""
    if row.section == Section.UNPRICED:
        if not row.description:
            row.errors["description"] = "Enter the note."
        return line
    quantity = _read(row, "quantity", lambda text: number(text, places=4))
    price = _read(row, "price", lambda text: number(text, places=4))
    percent = _read(row, "percent", lambda text: number(text, places=4))
    if row.section == Section.FEE and percent is not None:
        return replace(line, fee_percent=percent, quantity=None, unit_price=None)
    line = replace(line, fee_percent=None, quantity=quantity, unit_price=price if quantity is not None else None)
    if price is None:
        if "price" not in row.errors:
            row.errors["price"] = "Enter a unit price, or a lump sum without a quantity."
        return line
    if quantity is None:
        return replace(line, amount=_lump(row, price))
    if abs(line_amount(quantity, price)) >= LIMIT:
        row.errors["price"] = "The amount of the line is too large."
    return line


def _lump(row: Row, price: Decimal) -> Decimal:
    amount = round_money(price)
    if "quantity" not in row.errors and amount != price:
        row.errors["price"] = "A lump sum has at most 2 decimals."
    return amount


def _read(row: Row, name: str, parse: Callable[[str], Any]) -> Any:
    text = getattr(row, name)
    if not text:
        return None
    try:
        return parse(text)
    except ValueError as error:
        row.errors[name] = str(error)
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Enter a date such as 2026-11-20.") from None
