"""The files as rows of parsed values, and the list of what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobbook.transfer import csvtext
from jobbook.transfer.columns import Column, FileSpec
from jobbook.transfer.values import BadValueError, shown

WHOLE_ROW = "row"  # stands for the column where a problem is the row's


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` is the line of the file where the row begins, the first is 1."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.text}"


@dataclass(slots=True, eq=False)
class Row:
    """A row: the values of the columns that its file has and that say something. `bad` are those with a problem."""

    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    key: Any = None

    def ok(self, *columns: str) -> bool:
        return self.bad.isdisjoint(columns)


@dataclass(slots=True)
class Problems:
    """Everything that is wrong, in the order in which it was found."""

    found: list[Problem] = field(default_factory=list)

    def add(self, row: Row, column: str, text: str) -> None:
        row.bad.add(column)
        self.found.append(Problem(row.file, row.line, column, text))

    def at(self, file: str, line: int, column: str, text: str) -> None:
        self.found.append(Problem(file, line, column, text))

    def in_order(self, files: list[str]) -> list[Problem]:
        """File by file, line by line; what stands in no known file comes first."""
        place = {name: position for position, name in enumerate(files)}
        return sorted(self.found, key=lambda problem: (place.get(problem.file, -1), problem.line))


@dataclass(slots=True)
class Sheet:
    """The rows of one file that have a key of their own."""

    spec: FileSpec
    rows: list[Row] = field(default_factory=list)


def read_sheet(spec: FileSpec, source: bytes | Path, problems: Problems) -> Sheet:
    """Parse a whole file. Everything wrong with it alone goes to `problems`."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    sheet = Sheet(spec)
    try:
        rows = csvtext.records(csvtext.decode(data))
    except UnicodeDecodeError as error:
        problems.at(spec.name, csvtext.undecodable_line(data, error), WHOLE_ROW, "is not UTF-8")
        return sheet
    line, names, wrong = next(rows, (1, None, "the header row is missing"))
    if names is None:
        problems.at(spec.name, line, WHOLE_ROW, wrong)
        return sheet
    _Reader(spec, line, names, problems).read(rows, sheet)
    return sheet


class _Reader:
    """Reads the rows under one header."""

    def __init__(self, spec: FileSpec, line: int, names: list[str], problems: Problems) -> None:
        self.spec, self.problems, self.width = spec, problems, len(names)
        by_name = spec.by_name
        self.columns: list[Column | None] = [by_name.get(name) for name in names]
        self.missing = [c.name for c in spec.columns if c.required and c.name not in names]
        for position, name in enumerate(names):
            if name not in by_name:
                problems.at(spec.name, line, shown(name), "unknown column")
            elif name in names[:position]:
                problems.at(spec.name, line, name, "this column stands there twice")
        for name in self.missing:
            problems.at(spec.name, line, name, "this column is missing")

    def read(self, rows: Iterable[csvtext.Record], sheet: Sheet) -> None:
        seen: dict[Any, int] = {}
        for line, cells, wrong in rows:
            row = Row(self.spec.name, line, bad=set(self.missing))
            if cells is None:
                self.problems.add(row, WHOLE_ROW, wrong)
                continue
            self._cells(row, cells)
            if not row.ok(*self.spec.key):
                continue
            row.key = self.spec.key_of(tuple(row.values[name] for name in self.spec.key))
            if self._is_first(row, seen):
                sheet.rows.append(row)
        if not self.spec.key and not seen:
            self.problems.at(self.spec.name, 1, WHOLE_ROW, "there is no row; there must be one")

    def _cells(self, row: Row, cells: list[str]) -> None:
        """Parse the cells. A row of another length is named, and only its key is read: others may refer to it."""
        columns = [(column, cell) for column, cell in zip(self.columns, cells, strict=False) if column]
        if len(cells) != self.width:
            self.problems.add(row, WHOLE_ROW, f"{self.width} columns in the header, {len(cells)} here")
            row.bad.update(column.name for column in self.spec.columns if column.name not in self.spec.key)
            columns = [(column, cell) for column, cell in columns if column.name in self.spec.key]
            row.bad.update(set(self.spec.key) - {column.name for column, _ in columns})
        for column, cell in columns:
            self._cell(row, column, cell)

    def _cell(self, row: Row, column: Column, cell: str) -> None:
        if not cell:
            if column.required and not column.may_be_empty:
                self.problems.add(row, column.name, "must not be empty")
            elif not column.keeps:
                row.values[column.name] = column.empty
            return
        try:
            row.values[column.name] = column.kind.parse(cell)
        except BadValueError as error:
            self.problems.add(row, column.name, str(error))

    def _is_first(self, row: Row, seen: dict[Any, int]) -> bool:
        first = seen.setdefault(row.key, row.line)
        if first == row.line:
            return True
        if not self.spec.key:
            self.problems.add(row, WHOLE_ROW, "there must be one row only")
        else:
            cells = " ".join(shown(str(row.values[name])) for name in self.spec.key)
            self.problems.add(row, self.spec.key[-1], f"{cells} stands in line {first} already")
        return False
