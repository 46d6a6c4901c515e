"""A report as a file: all its rows with the group each is in, and a sheet of the groups."""

from collections.abc import Iterator, Sequence

from jobbook.common.spreadsheet import Field, Kind, Sheet, Value
from jobbook.reports.work.asked import Asked
from jobbook.reports.work.listed import summed
from jobbook.reports.work.report import Column, Group, Grouping, Result

_KINDS: dict[str, Kind] = {
    "text": "text",
    "date": "date",
    "money": "money",
    "hours": "quantity",
    "quantity": "quantity",
    "price": "quantity",
}


def sheets(asked: Asked, result: Result, about: Sequence[str]) -> list[Sheet]:
    """Its rows; then its groups, when it is grouped."""
    lead = _lead(asked.grouping, result.columns)
    fields = [*(Field(grouping.label) for grouping in lead), *(_field(column) for column in result.columns)]
    total = [*([""] * len(lead)), *_sums(result.total, result.columns)]
    total[0] = "Total"
    rows = Sheet(asked.report.title, fields, list(_rows(result, lead)), about, total)
    return [rows, _groups(asked, asked.grouping, result, about)] if asked.grouping else [rows]


def _lead(grouping: Grouping | None, columns: Sequence[Column]) -> list[Grouping]:
    """The grouping, unless a column says the same."""
    return [grouping] if grouping and grouping.label not in {column.label for column in columns} else []


def _field(column: Column) -> Field:
    return Field(column.label, _KINDS[column.kind])


def _rows(result: Result, lead: Sequence[Grouping]) -> Iterator[list[Value]]:
    for group in result.all_groups:
        for raw in group.rows:
            yield [*([group.name] * len(lead)), *(column.value(raw) for column in result.columns)]


def _sums(group: Group, columns: Sequence[Column]) -> list[Value]:
    return [group.sums.get(at) for at in range(len(columns))]


def _groups(asked: Asked, grouping: Grouping, result: Result, about: Sequence[str]) -> Sheet:
    """A row a group: its name, how many rows, its sums."""
    places = summed(result.columns)
    fields = [Field(grouping.label), Field("Count", "count"), *(_field(result.columns[at]) for at in places)]

    def row(group: Group, name: str) -> list[Value]:
        return [name, group.count, *(group.sums.get(at) for at in places)]

    rows = [row(group, group.name) for group in result.all_groups]
    return Sheet(f"By {grouping.label.lower()}", fields, rows, about, row(result.total, "Total"))
