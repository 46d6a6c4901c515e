"""What a grid is: one declared class per page. GridView (views.py) is the only code that knows HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from backlog.grid.columns import GridColumn, GridTable
from backlog.grid.filters import GridFilterSet
from backlog.grid.grouping import Group
from backlog.grid.query import Sort
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission


@dataclass(frozen=True)
class Action:
    """A button over the grid. Pressing it posts the selection to `url_name`, which answers with a window.

    label: the full name of the button; short: the words of it that stay on a phone. options: the name of a small
    button beside it that opens the window also where the action would start without one.
    """

    label: str
    short: str
    icon: str
    url_name: str
    permission: Permission
    primary: bool = False
    options: str = ""

    @property
    def label_parts(self) -> tuple[str, str, str]:
        """The label before, in and after its short words."""
        before, _, after = self.label.partition(self.short)
        return before, self.short, after


@dataclass(frozen=True)
class Tab:
    """A part of the rows under its own name. `condition` limits the rows; `value` is what `Grid.tab_field` holds."""

    slug: str
    label: str
    condition: Q
    value: str | None = None  # None: the sum of all tabs that have a value; "": counted by its condition


@dataclass(frozen=True)
class Undo:
    """The button top right. `template` shows it and is given the grid's `undo_context`."""

    url_name: str
    template: str
    permission: Permission


@dataclass(frozen=True)
class Gone:
    """A selected row that is no longer in the grid. `reason` says what happened, with who and when if known."""

    id: int
    label: str
    reason: str

    def __str__(self) -> str:
        return f"{self.label} {self.reason}"


class Grid:
    """Declare: slug, title, words, table, filterset, groups, order; override `queryset` and what else differs.

    expressions: named SQL of columns, filters (by their field_name) and groups, annotated where used. sums: the
    columns that are added up (money, hours), each named as its field. amount: the money a selection sums;
    amount_words: what is in it. warning: an expression above zero for a row with warnings. purpose: what rows are
    ticked for. default_groups: how the rows are grouped until the address says otherwise ("group=none").
    downloads: are there files of the view, see download.py.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    url_name: ClassVar[str]
    permission: ClassVar[Permission]
    noun: ClassVar[str] = "row"
    plural: ClassVar[str] = ""
    place: ClassVar[str] = ""  # "in the Admin Queue"
    table: ClassVar[type[GridTable]]
    filterset: ClassVar[type[GridFilterSet]]
    search_label: ClassVar[str] = "Search"
    groups: ClassVar[Sequence[Group]] = ()
    default_groups: ClassVar[tuple[str, ...]] = ()
    default_sorts: ClassVar[Sequence[Sort]] = ()
    phone_sorts: ClassVar[Sequence[tuple[str, str]]] = ()  # (sort, label), the choices on a phone
    expressions: ClassVar[dict[str, Any]] = {}
    sums: ClassVar[Sequence[str]] = ()
    amount: ClassVar[str] = "total"
    amount_words: ClassVar[str] = ""
    purpose: ClassVar[str] = ""  # "approve"
    warning: ClassVar[str] = ""
    label_fields: ClassVar[Sequence[str]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    default_tab: ClassVar[str] = ""
    tab_field: ClassVar[str] = ""
    actions: ClassVar[Sequence[Action]] = ()
    undo: ClassVar[Undo | None] = None
    read_only_note: ClassVar[str] = ""
    empty: ClassVar[str] = "Nothing here."
    detail_url_name: ClassVar[str] = ""
    detail_words: ClassVar[str] = "Detail of"  # the triangle's name, before the row's
    made_of: ClassVar[dict[str, str]]  # type of audit items -> the look-up from a row to the ids they name
    downloads: ClassVar[bool] = False
    notice: ClassVar[str] = ""  # template over the rows of the whole page, given `notice_context`

    def __init__(self) -> None:
        self.columns: dict[str, GridColumn] = self.table.declared()

    def queryset(self, user: User) -> QuerySet[Any]:
        """Every row of this grid that `user` may see, without order."""
        raise NotImplementedError

    def gone(self, user: User, ids: Sequence[int]) -> list[Gone]:
        """What became of rows that left the grid; ids that `user` never might see are left out."""
        return []

    def tabs_for(self, user: User) -> list[Tab]:
        return list(self.tabs)

    def actions_for(self, user: User) -> list[Action]:
        return [action for action in self.actions if user.can(action.permission)]

    def undo_for(self, user: User) -> Undo | None:
        return self.undo if self.undo and user.can(self.undo.permission) else None

    def empty_link(self, user: User) -> tuple[str, str] | None:
        """Address and words of where to look when the grid has no row at all."""
        return None

    def new_link(self, user: User) -> tuple[str, str] | None:
        """Address and words of the page that makes a row by hand, for who may."""
        return None

    def undo_context(self, user: User) -> dict[str, Any]:
        """What the undo template shows to `user`."""
        return {}

    def notice_context(self, user: User) -> dict[str, Any]:
        """What the notice shows to `user`."""
        return {}

    def is_selectable(self, user: User) -> bool:
        """Ticks are for actions: without any there is nothing to tick for."""
        return bool(self.actions_for(user))

    def group(self, slug: str) -> Group:
        return next(group for group in self.groups if group.slug == slug)

    def shown_columns(self, user: User, groups: Sequence[Group], tab: str = "") -> dict[str, GridColumn]:
        """The columns of `user`'s page: the default ones, without those the rows are grouped by."""
        grouped = {group.column for group in groups}
        return {name: column for name, column in self.columns.items() if column.visible and name not in grouped}

    def label_of(self, name: str) -> str:
        """What the user calls a filter."""
        return next((facet.label for facet in self.filterset.facets if name in facet.names), name)

    @property
    def nouns(self) -> str:
        return self.plural or f"{self.noun}s"

    def count(self, n: int) -> str:
        """1 -> '1 invoice', 1200 -> '1,200 invoices'."""
        return f"{n:,} {self.noun if n == 1 else self.nouns}"
