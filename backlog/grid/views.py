"""The pages of a grid: whole, or the part that htmx replaces; its filter panel; the size of its pages."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from backlog.grid.chips import panel
from backlog.grid.download import KINDS, TooManyRows, sheet_of
from backlog.grid.grid import Grid
from backlog.grid.news import grid_news
from backlog.grid.page import context
from backlog.grid.parsing import parse
from backlog.grid.query import GridQuery
from backlog.grid.results import build
from backlog.grid.rows import grid_rows
from jobbook.accounts.http import user_of
from jobbook.accounts.models import PAGE_SIZES, User
from jobbook.accounts.roles import requires
from jobbook.common.spreadsheet import file_response


class GridView(View):
    """GET: the page, or with HX-Request the results and, out of band, what else shows their numbers.

    The address is the state; the canonical one comes back as HX-Push-Url. A query with problems answers an htmx
    request with the problems alone: the rows on screen stay, greyed, beside them.
    """

    grid: Grid = cast(Grid, None)  # given to as_view
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        query = parse(self.grid, user, request.GET)
        partial = bool(getattr(request, "htmx", False)) and not request.headers.get("HX-History-Restore-Request")
        if partial and not query.is_valid:
            response = render(request, "grid/_problems.html", {"query": query, "swap_fields": True})
            response["HX-Retarget"], response["HX-Reswap"] = "#grid-problems", "outerHTML"
            return response
        page = page_context(self.grid, user, query)
        if not partial:
            page |= self.grid.notice_context(user)
        response = render(request, "grid/_answer.html" if partial else "grid/page.html", page)
        if partial:
            response["HX-Push-Url"] = address(self.grid, page["query"])
        return response


def page_context(grid: Grid, user: User, query: GridQuery) -> dict[str, Any]:
    """The context of grid/page.html and grid/_answer.html."""
    undo = grid.undo_context(user) if grid.undo_for(user) else {}
    urls = {f"{part}_url": reverse(f"{grid.url_name}_{part}") for part in ("filters", "size", "rows", "news")}
    files = [(label, reverse(f"{grid.url_name}_{kind}") + query.link) for kind, label in KINDS if grid.downloads]
    page = {**context(build(grid, user, query)), "url": reverse(grid.url_name), **urls, **undo}
    return {**page, "files": files if query.is_valid else []}


def address(grid: Grid, query: GridQuery) -> str:
    """The canonical address of a state."""
    encoded = query.encode()
    return f"{reverse(grid.url_name)}?{encoded}" if encoded else reverse(grid.url_name)


@require_safe
def grid_file(request: HttpRequest, grid: Grid, kind: str) -> HttpResponse:
    """The view as a file of `kind`. An address that can't be used, or of too many rows, is the page that says so."""
    user = user_of(request)
    query = parse(grid, user, request.GET)
    if query.is_valid:
        try:
            currency = request.company.currency  # type: ignore[attr-defined] # of whoever is logged in
            sheet = sheet_of(grid, user, query, currency=currency)
        except TooManyRows as refusal:
            messages.error(request, str(refusal))
        else:
            return file_response(kind, [sheet], grid.title)
    page = page_context(grid, user, query) | grid.notice_context(user)
    return render(request, "grid/page.html", page, status=400)


@require_safe
def filter_panel(request: HttpRequest, grid: Grid) -> HttpResponse:
    """The form with every filter: a fragment for the page, or a page of its own without scripts or in another tab."""
    user = user_of(request)
    query = parse(grid, user, request.GET)
    values = {
        "grid": grid,
        "query": query,
        "panel": panel(query, user),
        "url": reverse(grid.url_name),
        "carried": [pair for pair in query.pairs() if pair[0] in {"q", "tab", "sort", "group", "order", "size"}],
    }
    beside = bool(getattr(request, "htmx", False))
    return render(request, "grid/_panel.html" if beside else "grid/panel.html", values | {"beside": beside})


@require_POST
def page_size(request: HttpRequest, grid: Grid) -> HttpResponse:
    """Remember how many rows a page has, and show the first page of them."""
    user = user_of(request)
    size = request.POST.get("size", "")
    if size in {str(known) for known in PAGE_SIZES}:
        User.objects.filter(pk=user.pk).update(page_size=int(size))
    query = parse(grid, user, QueryDict(request.POST.get("query", "")))
    return HttpResponseRedirect(
        reverse(grid.url_name) + query.change(size=int(size) if size.isascii() and size.isdigit() else 50)
    )


def grid_paths(grid: Grid, route: str) -> list[URLPattern]:
    """The addresses of a grid: its page under its own name, the parts under that name and a suffix."""
    guard = requires(grid.permission)
    files = [
        path(f"{route}download/{kind}/", guard(grid_file), {"grid": grid, "kind": kind}, name=f"{grid.url_name}_{kind}")
        for kind, _ in KINDS
        if grid.downloads
    ]
    return [
        *files,
        path(f"{route}rows/", guard(grid_rows), {"grid": grid}, name=f"{grid.url_name}_rows"),
        path(f"{route}news/", guard(grid_news), {"grid": grid}, name=f"{grid.url_name}_news"),
        path(route, guard(GridView.as_view(grid=grid)), name=grid.url_name),
        path(f"{route}filters/", guard(filter_panel), {"grid": grid}, name=f"{grid.url_name}_filters"),
        path(f"{route}page-size/", guard(page_size), {"grid": grid}, name=f"{grid.url_name}_size"),
    ]
