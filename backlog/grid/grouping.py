"""Groups: count, warnings and sums of every group over the whole filtered set, by one aggregate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import Count, F, Func, Q, QuerySet, Sum, Window
from django.db.models.expressions import OrderBy

from backlog.grid.columns import order_by
from jobbook.common.money import money_sum

_NOTHING = "!"  # never in a quoted key


def joined(*values: Any) -> str:
    """The name of a group from its fields."""
    return " ".join(str(value) for value in values if value not in (None, ""))


@dataclass(frozen=True)
class Group:
    """A way to group. `key` is a field or named expression whose value makes the group, `names` give its title.

    parse: the key from the text in an address; ValueError when it can't be one.
    """

    slug: str
    label: str
    key: str
    names: tuple[str, ...] = ()
    title: Callable[..., str] = joined
    nothing: str = "None"
    parse: Callable[[str], Any] = str
    column: str = ""  # left out while grouped by it

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields a row is read with: the key first."""
        return (self.key, *self.names)

    def name(self, values: Sequence[Any]) -> str:
        """The title of the group of these `fields`."""
        return self.title(*(values[1:] or values)) or self.nothing

    def ordering(self) -> list[OrderBy]:
        """By name, then by key so that equal names stay apart."""
        return [order_by(f"null:{name}") for name in (*self.names, self.key)]


@dataclass
class Totals:
    """Count, rows with warnings, and the sums of the grid's amount columns in their order."""

    count: int = 0
    warnings: int = 0
    sums: list[Decimal] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The sums as one word, to tell whether they are others."""
        return "_".join(str(amount) for amount in self.sums)

    def add(self, other: "Totals") -> None:
        self.count += other.count
        self.warnings += other.warnings
        pairs = zip(self.sums, other.sums, strict=True) if self.sums else ((Decimal("0.00"), s) for s in other.sums)
        self.sums = [mine + theirs for mine, theirs in pairs]


def aggregates(sums: Sequence[str], warning: str, *, with_warnings: bool) -> dict[str, Any]:
    """The aggregates of a set of rows; aliases are fixed words, never user text."""
    wanted: dict[str, Any] = {"n": Count("pk")}
    if with_warnings and warning:
        wanted["w"] = Count("pk", filter=Q(**{f"{warning}__gt": 0}))
    return {**wanted, **{f"s{index}": money_sum(name) for index, name in enumerate(sums)}}


def totals_of(row: dict[str, Any], sums: Sequence[str]) -> Totals:
    return Totals(row["n"], row.get("w", 0), [row[f"s{index}"] for index in range(len(sums))])


class _Column(Func):
    """A column itself. SQLite would group by an indexed one in the order of that index, reading every row there ever
    was; its "+" keeps the index out, so that the partial index of the rows asked for is used.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


def _value(rows: QuerySet[Any], key: str) -> Any:
    return F(key) if key in rows.query.annotations else _Column(key)


def group_totals(
    rows: QuerySet[Any], groups: Sequence[Group], sums: Sequence[str], warning: str
) -> dict[tuple[Any, ...], Totals]:
    """Totals by key, for each level: {(): all, (a,): group a, (a, b): group b of a}. One query."""
    keys = {f"k{level}": _value(rows, group.key) for level, group in enumerate(groups)}
    found = rows.order_by().values(**keys).annotate(**aggregates(sums, warning, with_warnings=True))
    totals: dict[tuple[Any, ...], Totals] = {(): Totals(sums=[Decimal("0.00") for _ in sums])}
    for row in found:
        part = totals_of(row, sums)
        path = tuple(row[key] for key in keys)
        for level in range(len(path) + 1):
            totals.setdefault(path[:level], Totals(sums=[Decimal("0.00") for _ in sums])).add(part)
    return totals


def group_ordering(groups: Sequence[Group], *, by_sum: bool, amount: str) -> tuple[dict[str, Any], list[OrderBy]]:
    """Annotations and the order that keeps groups together: by name, or the largest sum first."""
    annotations: dict[str, Any] = {}
    ordering: list[OrderBy] = []
    for level, group in enumerate(groups):
        if by_sum:
            partition = [F(each.key) for each in groups[: level + 1]]
            annotations[f"group_sum_{level}"] = Window(Sum(amount), partition_by=partition)
            ordering.append(F(f"group_sum_{level}").desc())
        ordering += group.ordering()
    return annotations, ordering


def key_text(path: Iterable[Any]) -> str:
    """The path of a group in an address or attribute: keys quoted, "|" between, "!" for nothing."""
    return "|".join(_NOTHING if key in (None, "") else quote(str(key), safe="") for key in path)


def key_filter(groups: Sequence[Group], text: str) -> Q:
    """The rows of the group with this path. ValueError when it is not a path of these groups."""
    parts = text.split("|")
    if len(parts) > len(groups):
        raise ValueError("The path is deeper than the groups.")
    wanted = Q()
    for group, part in zip(groups, parts, strict=False):
        if part != _NOTHING:
            wanted &= Q(**{group.key: group.parse(unquote(part))})
        elif group.parse is str:
            wanted &= Q(**{group.key: ""})
        else:
            wanted &= Q(**{f"{group.key}__isnull": True})
    return wanted
