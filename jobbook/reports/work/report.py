"""What a report is made of, declared once: which rows, which columns, how they may be grouped, what is summed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.db.models import QuerySet

from jobbook.accounts.models import User
from jobbook.common.spreadsheet import Value
from jobbook.reports.work.period import Period

Raw = Mapping[str, Any]  # the values of a row by their names in the database
Kind = Literal["text", "money", "hours", "quantity", "price", "date"]
SHOWN_ROWS = 1_000  # of a page
FILE_ROWS = 20_000


@dataclass(frozen=True)
class Column:
    """A column. read: the name of a value of the row, or what works it out.

    sums: it has subtotals and a total. sums_within: only inside the groups of this grouping, as quantities of one
    item. link: the address a cell leads to. over: a first line of the head on screen, that of the file being `label`.
    """

    label: str
    kind: Kind
    read: str | Callable[[Raw], Value]
    sums: bool = False
    sums_within: str = ""
    link: Callable[[Raw], str | None] | None = None
    over: str = ""
    head: str = ""
    css: str = ""

    def value(self, raw: Raw) -> Value:
        """What stands in its cell."""
        if callable(self.read):
            return self.read(raw)
        value: Value = raw[self.read]
        return value

    @property
    def is_number(self) -> bool:
        return self.kind in {"money", "hours", "quantity", "price"}


@dataclass(frozen=True)
class Grouping:
    """key: the names of the values that make a group, in order of the groups. named: the key in words.

    bucket: what several keys have in common, as the days of a week.
    """

    slug: str
    label: str
    key: tuple[str, ...]
    named: Callable[..., str]
    bucket: Callable[..., Hashable] = lambda *key: key


@dataclass
class Group:
    """A group as far as it is shown. count and sums (by position of the column) are of all its rows."""

    name: str
    sums: dict[int, Decimal]
    rows: list[Raw]
    count: int = 0

    def add(self, count: int, sums: Mapping[int, Decimal]) -> None:
        """Take more rows into account."""
        self.count += count
        for at, amount in sums.items():
            self.sums[at] = self.sums.get(at, Decimal(0)) + amount


@dataclass(frozen=True)
class Result:
    """What a report answers. groups: those with rows to show; all_groups: every one; total: over all rows."""

    columns: tuple[Column, ...]
    all_groups: list[Group]
    total: Group

    @property
    def groups(self) -> list[Group]:
        return [group for group in self.all_groups if group.rows]

    @property
    def shown(self) -> int:
        return sum(len(group.rows) for group in self.all_groups)


class TooManyRows(Exception):
    """A file would have more rows than FILE_ROWS."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Question(Protocol):
    """What a report needs of the address: its rows, the grouping, and addresses of other reports."""

    @property
    def report(self) -> "Report": ...

    @property
    def period(self) -> Period: ...

    @property
    def grouping(self) -> Grouping | None: ...

    def rows(self) -> QuerySet[Any]: ...

    def url(self, slug: str, changes: Mapping[str, Any], *, day: date | None) -> str: ...


class Answer(Protocol):
    """The Result of at most so many rows; whole: TooManyRows if there are more."""

    def __call__(self, asked: Question, most: int, *, whole: bool) -> Result: ...


@dataclass(frozen=True)
class Report:
    """A declared report.

    source: the rows a user may see of some days, each with its `stage`, a position in `stages`. way: from a row to
    what names its job, "record__" or "". longest: most days of a period.
    """

    slug: str
    title: str
    about: str
    noun: str
    source: Callable[[User, Period], QuerySet[Any]]
    way: str
    stages: tuple[str, ...]
    columns: tuple[Column, ...]
    values: tuple[str, ...]
    order: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    default: str
    answer: Answer
    money: bool = True
    longest: int = 366
    css: str = ""
