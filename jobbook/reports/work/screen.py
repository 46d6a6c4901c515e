"""A report as the page shows it: cells with their words, classes and addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jobbook.common.money import format_hours
from jobbook.common.templatetags.jobbook import dash, day, money, quantity, rate
from jobbook.reports.work.listed import summed
from jobbook.reports.work.report import Column, Group, Raw, Result


@dataclass(frozen=True)
class Cell:
    """text: escaped by the template unless it is safe. url: None for no link."""

    text: Any
    css: str = ""
    url: str | None = None


@dataclass(frozen=True)
class ShownGroup:
    """A group: its head with the subtotals after `span` columns, its rows, and how many rows are left out."""

    name: str
    count: int
    sums: list[Cell]
    rows: list[list[Cell]]
    left: int


@dataclass(frozen=True)
class Table:
    """heads: the columns. span: how many columns stand before the first that is summed."""

    heads: list[tuple[Column, str]]
    span: int
    groups: list[ShownGroup]
    sums: list[Cell]
    count: int
    shown: int

    @property
    def width(self) -> int:
        return len(self.heads)


def _hours(value: Decimal | None) -> str:
    return "" if value is None else format_hours(value)


_WORDS: dict[str, Callable[[Any], Any]] = {
    "text": dash,
    "date": day,
    "money": money,
    "hours": _hours,
    "quantity": quantity,
    "price": rate,
}


def table(result: Result, today: date) -> Table:
    """The head, groups and totals of a page."""
    columns, span = result.columns, summed(result.columns)[0]
    classes = [_css(column) + (" today" if column.label == today.isoformat() else "") for column in columns]
    groups = [
        ShownGroup(
            name=group.name,
            count=group.count,
            sums=_sums(group, columns, span, classes),
            rows=[_cells(raw, columns, classes) for raw in group.rows],
            left=group.count - len(group.rows),
        )
        for group in result.groups
    ]
    total = _sums(result.total, columns, span, classes)
    heads = list(zip(columns, classes, strict=True))
    return Table(heads, span, groups, total, result.total.count, result.shown)


def _css(column: Column) -> str:
    return f"{'num ' if column.is_number else ''}{column.css}".strip()


def _cells(raw: Raw, columns: Sequence[Column], classes: Sequence[str]) -> list[Cell]:
    return [
        Cell(_WORDS[column.kind](column.value(raw)), css, column.link(raw) if column.link else None)
        for column, css in zip(columns, classes, strict=True)
    ]


def _sums(group: Group, columns: Sequence[Column], span: int, classes: Sequence[str]) -> list[Cell]:
    """From the first summed column on; a column without a sum has an empty cell."""
    return [
        Cell(_WORDS[columns[at].kind](group.sums[at]) if at in group.sums else "", classes[at])
        for at in range(span, len(columns))
    ]
