"""The state of a grid as its address: filters, tab, sorts, groups, closed groups, open rows, page and size."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from backlog.grid.filters import GridFilterSet

DEFAULT_SIZE = 50
NO_GROUP = "none"


@dataclass(frozen=True)
class Problem:
    """A parameter that can't be used: its name, what was written, and why in a sentence."""

    name: str
    value: str
    message: str
    label: str = ""


@dataclass(frozen=True)
class Sort:
    """A column and its direction."""

    name: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True)
class GridQuery:
    """A parsed address. `filters` are (name, value) pairs in canonical order, without empty ones."""

    filterset: GridFilterSet = field(repr=False, compare=False)
    filters: tuple[tuple[str, str], ...] = ()
    tab: str = ""
    sorts: tuple[Sort, ...] = ()
    groups: tuple[str, ...] = ()
    default_groups: tuple[str, ...] = ()  # not written in the address; no group at all is "group=none"
    by_sum: bool = False
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()  # ids of the rows whose detail is open
    page: int = 1
    size: int = DEFAULT_SIZE
    problems: tuple[Problem, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.problems

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters in canonical order, without defaults."""
        rest = [
            ("tab", self.tab),
            *(("sort", str(sort)) for sort in self.sorts),
            *(("group", name) for name in self._written_groups),
            ("order", "sum" if self.by_sum and self.groups else ""),
            *(("closed", key) for key in self.closed if self.groups),
            *(("open", row) for row in self.open),
            ("page", str(self.page) if self.page > 1 else ""),
            ("size", str(self.size) if self.size != DEFAULT_SIZE or self.page > 1 else ""),
        ]
        return [*self.filters, *((name, value) for name, value in rest if value)]

    @property
    def _written_groups(self) -> tuple[str, ...]:
        if self.groups == self.default_groups:
            return ()
        return self.groups or (NO_GROUP,)

    def encode(self) -> str:
        """The canonical query string: no empty and no default parameters."""
        return encode(self.pairs())

    def filter_string(self) -> str:
        """Filters and tab alone: what "all matching" means, and what a selection posts."""
        return encode([*self.filters, *([("tab", self.tab)] if self.tab else [])])

    @property
    def search(self) -> str:
        """The text in the search box."""
        return dict(self.filters).get("q", "")

    @property
    def link(self) -> str:
        """The address of this state, page included, "?..."."""
        return "?" + self.encode()

    def change(self, **changes: Any) -> str:
        """The address of this state with changes, "?..." for a link; back to page 1 unless a page is given."""
        return "?" + replace(self, **{"page": 1, **changes}).encode()

    def without(self, *names: str) -> str:
        """The address without the filters `names` (all of them when none is named)."""
        kept = tuple(pair for pair in self.filters if names and pair[0] not in names)
        return self.change(filters=kept)


def encode(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()
