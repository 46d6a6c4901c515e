"""The selection a grid posts, resolved on the server.

Contract for every action (and for the page, which asks what became of ticks kept over a reload):

The page holds `<form id="selection">`; its fields go with every action, one field however many rows:

- `mode`: `ids`, or `all` for every row that matches `filters`
- `ids`: comma separated, with mode `ids`
- `excluded`: comma separated, with mode `all`
- `filters`: the canonical query string of the page's filters and tab (sorts, groups and page are ignored)

`resolve(grid, user, data)` gives a `Selection`: a queryset of the model, limited to selected rows that the user may
see and that are still in the grid, with count and total; `gone` names the others. `BadSelection` is a refusal with a
sentence for the user, to be answered with HTTP 400: nothing selected, malformed or unknown ids, too many.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict

from backlog.grid.grid import Gone, Grid
from backlog.grid.parsing import parse
from backlog.grid.results import matching_rows
from jobbook.accounts.models import User
from jobbook.common.ids import BadIds, IdSet, parse_ids
from jobbook.common.money import money_sum, total_of

LIMIT = 20_000  # rows selected at once
NAMED = 50  # rows that left, named one by one


class BadSelection(Exception):
    """The selection can't be used. The text is for the user; answer with 400."""


@dataclass(frozen=True)
class Selection:
    """What an action works on: `count` rows of `queryset`, `total` the sum of the grid's amount over them.

    gone: the rows that left, the first 50 of `gone_count`. hidden_count, hidden_total: those of `queryset` that the
    page's filter does not show; the window repeats that they are included (grid/_hidden_rows.html).
    """

    queryset: QuerySet[Any]
    count: int
    total: Decimal
    gone: list[Gone] = field(default_factory=list)
    gone_count: int = 0
    hidden_count: int = 0
    hidden_total: Decimal = Decimal("0.00")


def resolve(grid: Grid, user: User, data: QueryDict, *, hold: bool = False) -> Selection:
    """The selection that `data` (request.POST) describes. BadSelection when it can't be used or nothing was ticked.

    When every ticked row has left the grid, `count` is 0 and `gone` says why. hold: choose the rows now, once: one that
    comes into the grid later, by another user's undo, is not among them however often `queryset` is read.
    """
    measured = partial(_held, user) if hold else _measured
    mode = data.get("mode", "")
    if mode == "all":
        return measured(grid, _all_matching(grid, user, data))
    if mode != "ids":
        raise BadSelection("The page sent no selection. Reload it and tick again.")
    ids = read_ids(str(data.get("ids", "")), noun=grid.count)
    if not ids:
        raise BadSelection(f"Nothing is selected. Tick at least one {grid.noun}.")
    selection = measured(grid, grid.queryset(user).filter(pk__in=IdSet(ids)))
    missing = len(ids) - selection.count
    if missing:
        selection = replace(selection, gone=left(grid, user, ids)[:NAMED], gone_count=missing)
    return _with_hidden(grid, user, data, selection)


def _with_hidden(grid: Grid, user: User, data: QueryDict, selection: Selection) -> Selection:
    """Count and sum of what the page's filter hides; a filter that can't be used hides nothing."""
    query = parse(grid, user, QueryDict(str(data.get("filters", ""))))
    if not query.filters or not query.is_valid:
        return selection
    shown = matching_rows(grid, user, query).filter(pk__in=selection.queryset.values("pk"))
    sums = shown.order_by().aggregate(n=Count("pk"), total=money_sum(grid.amount))
    return replace(selection, hidden_count=selection.count - sums["n"], hidden_total=selection.total - sums["total"])


def read_ids(text: str, *, noun: Any) -> list[int]:
    """Ids from one field: strict digits, without duplicates, at most LIMIT."""
    try:
        return parse_ids(text, limit=LIMIT)
    except BadIds as error:
        if text.count(",") >= LIMIT:
            raise BadSelection(f"At most {noun(LIMIT)} at once. Select fewer, or filter first.") from error
        raise BadSelection("The selection is damaged. Reload the page and tick again.") from error


def _all_matching(grid: Grid, user: User, data: QueryDict) -> QuerySet[Any]:
    query = parse(grid, user, QueryDict(str(data.get("filters", ""))))
    if not query.is_valid:
        raise BadSelection("The filters can't be used, so nothing is selected. Reload the page.")
    rows = matching_rows(grid, user, query)
    excluded = read_ids(str(data.get("excluded", "")), noun=grid.count)
    return rows.exclude(pk__in=IdSet(excluded)) if excluded else rows


def _measured(grid: Grid, rows: QuerySet[Any]) -> Selection:
    sums = rows.order_by().aggregate(n=Count("pk"), total=money_sum(grid.amount))
    return _within_limit(grid, Selection(rows, sums["n"], sums["total"]))


def _held(user: User, grid: Grid, rows: QuerySet[Any]) -> Selection:
    amounts = dict(rows.order_by().values_list("pk", grid.amount))
    held = grid.queryset(user).filter(pk__in=IdSet(amounts))
    return _within_limit(grid, Selection(held, len(amounts), total_of(amounts.values())))


def _within_limit(grid: Grid, selection: Selection) -> Selection:
    if selection.count > LIMIT:
        raise BadSelection(
            f"{grid.count(selection.count)} are selected; at most {LIMIT:,} at once. Select fewer, or filter first."
        )
    return selection


def left(grid: Grid, user: User, ids: list[int]) -> list[Gone]:
    """The rows among `ids` that are not in the grid now. BadSelection for ids that never were the user's to see."""
    present = set(grid.queryset(user).filter(pk__in=IdSet(ids)).values_list("pk", flat=True))
    missing = [pk for pk in ids if pk not in present]
    gone = grid.gone(user, missing) if missing else []
    if len(gone) < len(missing):
        raise BadSelection("Some of what was selected is not in your list. Reload the page and tick again.")
    return gone
