"""Answers of windows: a refusal in a sentence, or the grid as it is after the action."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from backlog.grid.grid import Grid
from backlog.grid.parsing import parse
from backlog.grid.views import address, page_context
from jobbook.accounts.http import user_of


def refused(message: object, *, status: int = 400) -> HttpResponse:
    """A refusal that the page shows as it is. Use it for BadSelection."""
    return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")


def current_query(grid: Grid, request: HttpRequest) -> str:
    """The query string of the grid's page that made an htmx request, "" when it came from elsewhere."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts.query if parts.path == reverse(grid.url_name) else ""


def results_response(
    grid: Grid, request: HttpRequest, *, query: str, line_template: str, context: dict[str, Any]
) -> HttpResponse:
    """What a confirmed window answers with.

    The rows for `query` (see `current_query`), and out of band the head, the undo and the result line rendered from
    `line_template` with `context`. The window closes, the selection is emptied and the focus moves to the line.
    """
    user = user_of(request)
    state = parse(grid, user, QueryDict(query))
    if not state.is_valid:
        state = parse(grid, user, QueryDict())
    html = render_to_string("grid/_answer.html", page_context(grid, user, state), request)
    line = render_to_string("grid/_line.html", {**context, "grid": grid, "line_template": line_template}, request)
    response = HttpResponse(html + line)
    response["HX-Retarget"], response["HX-Reswap"] = "#results", "outerHTML"
    response["HX-Replace-Url"] = address(grid, state)
    response["HX-Trigger"] = "grid:acted"  # before the rows are replaced: their ticks are no longer wanted
    response["HX-Trigger-After-Settle"] = "grid:done"
    return response
