"""Did the rows of a grid change since its page was made? The page asks; its rows never move by themselves."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from backlog.grid.grid import Grid
from backlog.grid.parsing import parse
from backlog.grid.query import GridQuery
from backlog.grid.results import matching_rows, totals_by_group
from backlog.news import nothing_new, told
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.common.ledger import items_since, ledger_number


@dataclass(frozen=True)
class Shown:
    """What a page shows: the ledger's number it was made at, how many rows match, and the mark of their sums."""

    ledger: int
    count: int
    mark: str


@require_safe
def grid_news(request: HttpRequest, grid: Grid) -> HttpResponse:
    """204 while nothing changed that the page at `query` shows, else the line that says what.

    `ledger`, `count` and `mark` are what the page shows, 400 when it does not say.
    """
    user, data = user_of(request), request.GET
    try:
        shown = Shown(int(str(data["ledger"])[:18]), int(str(data["count"])[:18]), str(data["mark"]))
    except (ValueError, KeyError):
        return HttpResponse("The page has to say what it shows.", status=400, content_type="text/plain")
    number = ledger_number()
    query = parse(grid, user, QueryDict(str(data.get("query", ""))))
    words = "" if number == shown.ledger or not query.is_valid else news(grid, user, query, shown)
    if not words:
        return nothing_new(request, number)
    return told(request, "grid/_news.html", {"words": words, "link": query.link}, number)


def news(grid: Grid, user: User, query: GridQuery, shown: Shown) -> str:
    """What is different from what is shown: "3 new invoices, 1 changed"; "" when nothing is. Two queries."""
    now = totals_by_group(grid, matching_rows(grid, user, query), [])[()]
    touched = matching_rows(grid, user, query).filter(_touched(grid, user, shown.ledger))
    more = now.count - shown.count
    changed = touched.order_by().values("pk").distinct().count() - max(more, 0)
    words = []
    if more > 0:
        words.append(f"{more:,} new {grid.noun if more == 1 else grid.nouns}")
    elif more < 0:
        words.append(f"{grid.count(-more)} gone")
    if changed > 0:
        words.append(f"{changed:,} changed" if words else f"{grid.count(changed)} changed")
    if not words and now.mark != shown.mark:
        words.append("Amounts changed")
    return ", ".join(words)


def _touched(grid: Grid, user: User, since: int) -> Q:
    """The rows with one of the grid's objects that a command touched; an export of one's own is no news."""
    items = items_since(since).exclude(object_type="export_run", entry__actor_id=user.pk)
    found = Q()
    for kind, lookup in grid.made_of.items():
        found |= Q(**{f"{lookup}__in": items.filter(object_type=kind).values("object_id")})
    return found
