"""Ids and cents of rows that are not on the page: of a group, of all that match, of ticks kept over a reload."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.http import require_POST

from backlog.grid.columns import cents
from backlog.grid.grid import Grid
from backlog.grid.grouping import key_filter, key_text
from backlog.grid.parsing import parse
from backlog.grid.query import GridQuery
from backlog.grid.results import matching_rows, with_expressions
from backlog.grid.selection import LIMIT, BadSelection, left, read_ids
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.common.ids import IdSet


@require_POST
def grid_rows(request: HttpRequest, grid: Grid) -> HttpResponse:
    """JSON {"rows": [[id, cents, shown by the filter, path of its group]], "gone": [sentence], "gone_count": n}.

    `query`: the page's address, for the groups. Then either `ids`: what became of these; or `filters` and `within`
    (the path of a group, or ""): the rows that match. 400 with {"error": sentence} for what can't be used.
    """
    user, data = user_of(request), request.POST
    try:
        query = _query(grid, user, data.get("query", ""))
        if "ids" in data:
            return JsonResponse(_kept(grid, user, query, str(data["ids"])))
        return JsonResponse(_matching(grid, user, query, data))
    except BadSelection as error:
        return JsonResponse({"error": str(error)}, status=400)


def _query(grid: Grid, user: User, text: str) -> GridQuery:
    query = parse(grid, user, QueryDict(text))
    if not query.is_valid:
        raise BadSelection("The filters can't be used. Reload the page.")
    return query


def _kept(grid: Grid, user: User, query: GridQuery, text: str) -> dict[str, Any]:
    """Ticks kept by the browser: those still there, and what became of the others."""
    ids = read_ids(text, noun=grid.count)
    found = _triples(grid, query, grid.queryset(user).filter(pk__in=IdSet(ids)))
    shown = {pk for pk, _, _ in found}
    if query.filters:
        shown = set(matching_rows(grid, user, query).filter(pk__in=IdSet(ids)).values_list("pk", flat=True))
    missing = len(ids) - len(found)
    try:
        gone = [str(each) for each in left(grid, user, ids)[:5]] if missing else []
    except BadSelection:
        gone = []  # kept from another database or role: dropped without a name
    rows = [[pk, amount, int(pk in shown), key] for pk, amount, key in found]
    return {"rows": rows, "gone": gone, "gone_count": missing}


def _matching(grid: Grid, user: User, query: GridQuery, data: QueryDict) -> dict[str, Any]:
    rows = matching_rows(grid, user, _query(grid, user, str(data.get("filters", ""))))
    found = _triples(grid, query, rows, str(data.get("within", "")))
    return {"rows": [[pk, amount, 1, key] for pk, amount, key in found], "gone": [], "gone_count": 0}


def _triples(grid: Grid, query: GridQuery, rows: QuerySet[Any], within: str = "") -> list[tuple[int, int, str]]:
    """Id, cents and group path of rows. BadSelection when there are too many, or no such group."""
    groups = [grid.group(slug) for slug in query.groups]
    rows = with_expressions(grid, rows, [*(group.key for group in groups), grid.amount])
    try:
        wanted = key_filter(groups, within) if within else Q()
    except (ValueError, KeyError) as error:
        raise BadSelection("There is no such group. Reload the page.") from error
    found = rows.filter(wanted).order_by("pk").values_list("pk", grid.amount, *(g.key for g in groups))[: LIMIT + 1]
    triples = [(pk, cents(amount), key_text(path)) for pk, amount, *path in found]
    if len(triples) > LIMIT:
        raise BadSelection(f"More than {grid.count(LIMIT)}: select fewer at once, or filter first.")
    return triples
