"""One page of a grid: two queries for the rows and their totals, grouped or not, and one for the head's numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Count, QuerySet
from django.db.models.expressions import OrderBy
from django.urls import reverse
from django.utils.safestring import mark_safe

from backlog.grid.columns import GridColumn, cents
from backlog.grid.grid import Grid, Tab
from backlog.grid.grouping import Group, Totals, aggregates, group_ordering, group_totals, totals_of
from backlog.grid.query import GridQuery, Sort
from backlog.grid.rendering import Body, RowLine, SumCells
from jobbook.accounts.models import User
from jobbook.common.ledger import ledger_number


@dataclass
class Results:
    """What a page shows. `body` is the escaped HTML of the rows; numbers are of the whole filtered set."""

    grid: Grid
    query: GridQuery
    user: User
    columns: dict[str, GridColumn]
    groups: list[Group]
    body: str = ""
    totals: Totals = field(default_factory=Totals)  # of all rows that match
    whole: Totals = field(default_factory=Totals)  # of the tab or page without filters
    page: int = 1
    on_page: int = 0
    ledger: int = 0  # the number of the newest change when the rows were read

    @property
    def pages(self) -> int:
        return max(1, -(-self.totals.count // self.query.size))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.query.size + 1 if self.totals.count else 0

    @property
    def last(self) -> int:
        return min(self.totals.count, self.page * self.query.size)

    @property
    def amount(self) -> Any:
        return self.totals.sums[self._amount_index] if self.totals.sums else None

    @property
    def amount_cents(self) -> int:
        return cents(self.amount) if self.amount else 0

    @property
    def whole_amount(self) -> Any:
        return self.whole.sums[self._amount_index] if self.whole.sums else None

    @property
    def words(self) -> str:
        return self.grid.count(self.totals.count)

    @property
    def whole_words(self) -> str:
        return self.grid.count(self.whole.count)

    @property
    def sum_cells(self) -> SumCells:
        return SumCells(self.columns, self.grid.sums)

    @property
    def shown_sums(self) -> list[tuple[str, str]]:
        """Class and content of each cell of the total row."""
        cells = self.sum_cells.cells(self.totals.sums)
        return [(css, mark_safe(html)) for css, html in cells]  # noqa: S308 - a cell escapes

    @property
    def _amount_index(self) -> int:
        return list(self.grid.sums).index(self.grid.amount)


def build(grid: Grid, user: User, query: GridQuery) -> Results:
    """The results of a query. One with problems has no rows and asks the database for the head's numbers alone."""
    groups = [grid.group(slug) for slug in query.groups]
    columns = grid.shown_columns(user, groups, query.tab)
    results = Results(grid, query, user, columns, groups, ledger=ledger_number())
    base = tab_rows(grid, user, query)
    if query.is_valid:
        rows = matching_rows(grid, user, query)
        totals = totals_by_group(grid, rows, groups)
        results.totals = totals[()]
        results.page = query.page if query.page <= results.pages else 1
        _fill(results, rows, totals)
    results.whole = results.totals if query.is_valid and not query.filters else totals_by_group(grid, base, [])[()]
    return results


def tab_rows(grid: Grid, user: User, query: GridQuery) -> QuerySet[Any]:
    """The rows of the query's tab that the user may see, unfiltered."""
    rows = grid.queryset(user)
    slug = query.tab or grid.default_tab
    tab = next((tab for tab in grid.tabs_for(user) if tab.slug == slug), None)
    return rows.filter(tab.condition) if tab else rows


def matching_rows(grid: Grid, user: User, query: GridQuery) -> QuerySet[Any]:
    """The rows that match the filters, with the expressions the query needs; none for a query with problems."""
    rows = tab_rows(grid, user, query)
    return _filtered(grid, rows, query) if query.is_valid else rows.none()


def _filtered(grid: Grid, rows: QuerySet[Any], query: GridQuery) -> QuerySet[Any]:
    filtered = [query.filterset.base_filters[name].field_name for name, _ in query.filters]
    rows = with_expressions(grid, rows, [*(grid.group(slug).key for slug in query.groups), *filtered])
    return cast("QuerySet[Any]", query.filterset.filter_queryset(rows)) if query.filters else rows


def tab_counts(grid: Grid, user: User, query: GridQuery) -> dict[str, int]:
    """How many rows match the filters in each tab. One query, and one for each tab counted by its condition."""
    if not grid.tabs or not query.is_valid:
        return {}
    rows = _filtered(grid, grid.queryset(user), query)
    counts = dict(rows.order_by().values_list(grid.tab_field).annotate(n=Count("pk")))
    return {
        tab.slug: rows.filter(tab.condition).count() if tab.value == "" else _tab_count(tab, counts)
        for tab in grid.tabs_for(user)
    }


def _tab_count(tab: Tab, counts: dict[str, int]) -> int:
    return sum(counts.values()) if tab.value is None else counts.get(tab.value, 0)


def totals_by_group(grid: Grid, rows: QuerySet[Any], groups: list[Group]) -> dict[tuple[Any, ...], Totals]:
    """Count and sums of rows by the path of their group; () is all of them."""
    rows = with_expressions(grid, rows, grid.sums)
    if groups:
        return group_totals(with_expressions(grid, rows, [grid.warning]), groups, grid.sums, grid.warning)
    wanted = aggregates(grid.sums, grid.warning, with_warnings=False)
    return {(): totals_of(rows.order_by().aggregate(**wanted), grid.sums)}


def with_expressions(grid: Grid, rows: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
    """Rows with those of the named expressions that they lack. Names of fields are passed over."""
    missing = [name for name in names if name in grid.expressions and name not in rows.query.annotations]
    return cast("QuerySet[Any]", rows.annotate(**{name: grid.expressions[name] for name in missing}))


def view_rows(grid: Grid, query: GridQuery, rows: QuerySet[Any], fields: Sequence[str]) -> QuerySet[Any]:
    """The `fields` of rows, group after group and within these as they are sorted."""
    groups = [grid.group(slug) for slug in query.groups]
    annotations, order = group_ordering(groups, by_sum=query.by_sum, amount=grid.amount)
    sorted_by = [field for sort in query.sorts for field in grid.columns[sort.name].sort]
    needed = [*fields, grid.amount, *(name.lstrip("-").rpartition(":")[2] for name in sorted_by)]
    rows = with_expressions(grid, rows, needed).annotate(**annotations)
    return rows.order_by(*order, *ordering(grid, query.sorts)).values_list(*fields)


def ordering(grid: Grid, sorts: Iterable[Sort]) -> list[OrderBy | str]:
    """The user's sorts, the default order, and at last the key: pages never overlap."""
    order: list[OrderBy | str] = []
    names: set[str] = set()
    for sort in [*sorts, *grid.default_sorts]:
        if sort.name not in names:
            names.add(sort.name)
            order += grid.columns[sort.name].ordering(descending=sort.descending)
    return [*order, "pk"]


def _fill(results: Results, rows: QuerySet[Any], totals: dict[tuple[Any, ...], Totals]) -> None:
    """Read and render the rows of the page."""
    grid, query, groups = results.grid, results.query, results.groups
    selectable = grid.is_selectable(results.user)
    line = RowLine(
        list(results.columns.values()),
        leading=[name for group in groups for name in group.fields],
        label=grid.label_fields,
        amount=grid.amount,
        detail_url=reverse(grid.detail_url_name, args=[0]) if grid.detail_url_name else "",
        detail_words=grid.detail_words,
        selectable=selectable,
    )
    start = (results.page - 1) * query.size
    page = list(view_rows(grid, query, rows, line.fields)[start : start + query.size])
    body = Body(line, results.sum_cells, detail=bool(grid.detail_url_name), selectable=selectable)
    results.on_page = len(page)
    html = body.grouped(page, groups, totals, query.closed, grid.count) if groups else body.plain(page)
    results.body = mark_safe(html)  # noqa: S308 - every cell of the compiled line escapes, see rendering.py
