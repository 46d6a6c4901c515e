"""The view of a grid as a file: every row that matches, in its order, with the values of the columns shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backlog.grid.chips import chips
from backlog.grid.columns import GridColumn
from backlog.grid.grid import Grid
from backlog.grid.grouping import Group
from backlog.grid.query import GridQuery, Sort
from backlog.grid.results import matching_rows, view_rows
from jobbook.accounts.models import User
from jobbook.common.money import total_of
from jobbook.common.spreadsheet import Field, Sheet, Value
from jobbook.common.templatetags.jobbook import day_words

LIMIT = 20_000  # rows of a file
KINDS = (("csv", "CSV"), ("xlsx", "Excel"))


class TooManyRows(Exception):
    """More rows match than a file takes. The text is for the user."""


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: how it is headed, and its value out of a row."""

    field: Field
    column: GridColumn | Group
    places: list[int]
    name: str = ""  # in the grid; "" for a group

    def value(self, row: Sequence[Any]) -> Value:
        values = [row[place] for place in self.places]
        return self.column.name(values) if isinstance(self.column, Group) else self.column.value(*values)


def sheet_of(grid: Grid, user: User, query: GridQuery, *, currency: str) -> Sheet:
    """The view of a valid `query` as a table: the groups lead, then the columns the page shows `user`, then a row of
    sums. It is read by one statement, so the sums are those of its rows. TooManyRows above the limit.
    """
    groups = [grid.group(slug) for slug in query.groups]
    columns = grid.shown_columns(user, groups, query.tab)
    shown = {name: column for name, column in columns.items() if column.kind}
    declared: list[Group | GridColumn] = [*groups, *shown.values()]
    fields = list(dict.fromkeys(name for each in declared for name in each.fields))
    rows = list(view_rows(grid, query, matching_rows(grid, user, query), fields)[: LIMIT + 1])
    if len(rows) > LIMIT:
        raise TooManyRows(f"A file takes {grid.count(LIMIT)} at most, and more than that match. Filter first.")
    parts = [*(_group(group, fields) for group in groups), *(_column(n, c, fields) for n, c in shown.items())]
    values = [[part.value(row) for part in parts] for row in rows]
    return Sheet(
        title=grid.title,
        fields=[part.field for part in parts],
        rows=values,
        about=about(grid, user, query, len(rows), currency),
        total=_total(grid, parts, values),
    )


def about(grid: Grid, user: User, query: GridQuery, count: int, currency: str) -> list[str]:
    """What the rows are, in lines: how many of what, the filters, the order, the currency and as of when."""
    tab = next((tab.label for tab in grid.tabs_for(user) if tab.slug == (query.tab or grid.default_tab)), "")
    words = ", ".join(filter(None, [grid.count(count), grid.place, tab]))
    lines = [words, *(f"{chip.label}: {chip.text}" for chip in chips(query))]
    if query.groups:
        lines.append("Grouped by " + " and ".join(grid.group(slug).label for slug in query.groups))
    sorts = [_sorted_by(grid, sort) for sort in query.sorts or grid.default_sorts]
    now = timezone.localtime()
    included = f", {grid.amount_words}" if grid.amount_words else ""
    return [
        *lines,
        "Sorted by " + ", then ".join(sorts),
        f"Amounts in {currency}{included}",
        f"As of {day_words(now)}, {now:%H:%M}",
    ]


def _sorted_by(grid: Grid, sort: Sort) -> str:
    return f"{grid.columns[sort.name].verbose_name}{', descending' if sort.descending else ''}"


def _group(group: Group, fields: list[str]) -> FileColumn:
    return FileColumn(Field(group.label), group, [fields.index(name) for name in group.fields])


def _column(name: str, column: GridColumn, fields: list[str]) -> FileColumn:
    assert column.kind
    label = Field(str(column.verbose_name), column.kind)
    return FileColumn(label, column, [fields.index(each) for each in column.fields], name)


def _total(grid: Grid, parts: Sequence[FileColumn], rows: Sequence[Sequence[Value]]) -> list[Value]:
    """The last row: the sums of what the grid adds up, and what they are of in the first column."""
    columns = [[row[at] for row in rows] for at in range(len(parts))]
    total: list[Value] = [
        total_of(value for value in column if isinstance(value, Decimal)) if part.name in grid.sums else None
        for part, column in zip(parts, columns, strict=True)
    ]
    return [f"Total of {grid.count(len(rows))}", *total[1:]] if total[0] is None else total
