"""Reading an address into a query, never failing open.

A parameter that is unknown, repeated or has a wrong value becomes a problem, and a query with problems has no rows
and selects nothing. Only page and size fall back (to page 1 and 50 rows).
"""

import re

from django.http import QueryDict

from backlog.grid.filters import GridFilterSet
from backlog.grid.grid import Grid
from backlog.grid.query import DEFAULT_SIZE, NO_GROUP, GridQuery, Problem, Sort
from jobbook.accounts.models import PAGE_SIZES, User

MOST_GROUPS = 2
MOST_OPEN = 25  # details an address may open
CONTROLS = ("tab", "sort", "group", "order", "closed", "open", "page", "size")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def parse(grid: Grid, user: User, params: QueryDict) -> GridQuery:
    """The state that `params` ask for, with every problem found."""
    filterset = grid.filterset(params, grid.queryset(user), user=user)
    names = filterset.names()
    problems = [
        Problem(name, str(params[name]), f"There is no filter called “{name[:40]}”.")
        for name in params
        if name not in names and name not in CONTROLS
    ]
    repeated = [n for n in (*names, "tab", "order") if len(params.getlist(n)) > 1 and not _many(filterset, n)]
    problems += [Problem(name, ", ".join(params.getlist(name)), "One value only.") for name in repeated]
    problems += [
        Problem(name, ", ".join(params.getlist(name)), str(errors[0]), grid.label_of(name))
        for name, errors in filterset.form.errors.items()
    ]
    tab, sorts, groups = _controls(grid, user, params, problems)
    return GridQuery(
        filterset=filterset,
        filters=tuple(_filters(filterset, params)),
        tab=tab,
        sorts=sorts,
        groups=groups,
        default_groups=grid.default_groups,
        by_sum=params.get("order") == "sum",
        closed=tuple(dict.fromkeys(params.getlist("closed"))),
        open=tuple(dict.fromkeys(row for row in params.getlist("open") if _NUMBER.fullmatch(row)))[:MOST_OPEN],
        page=int(str(params["page"])) if _NUMBER.fullmatch(params.get("page", "")) else 1,
        size=_size(params.get("size", ""), user),
        problems=tuple(problems),
    )


def _many(filterset: GridFilterSet, name: str) -> bool:
    return name in filterset.base_filters and filterset.is_many(name)


def _filters(filterset: GridFilterSet, params: QueryDict) -> list[tuple[str, str]]:
    pairs = []
    for name in filterset.names():
        values = [value.strip() for value in params.getlist(name)]
        kept = sorted({value for value in values if value}) if filterset.is_many(name) else values[-1:]
        pairs += [(name, value) for value in kept if value]
    return pairs


def _controls(
    grid: Grid, user: User, params: QueryDict, problems: list[Problem]
) -> tuple[str, tuple[Sort, ...], tuple[str, ...]]:
    """Tab, sorts and groups; what is unknown among them is noted in `problems`."""
    tab = params.get("tab", "")
    if tab and tab not in [each.slug for each in grid.tabs_for(user)]:
        problems.append(Problem("tab", tab, f"There is no tab called “{tab[:40]}”."))
        tab = ""
    sortable = [name for name, column in grid.columns.items() if column.sort]
    sorts: dict[str, Sort] = {}
    for text in filter(None, params.getlist("sort")):
        name = text.removeprefix("-")
        if name not in sortable:
            problems.append(Problem("sort", text, f"The list can't be sorted by “{text[:40]}”."))
        else:
            sorts.setdefault(name, Sort(name, text.startswith("-")))
    groups = tuple(dict.fromkeys(filter(None, params.getlist("group")))) or grid.default_groups
    if groups == (NO_GROUP,):
        groups = ()
    known = [group.slug for group in grid.groups]
    unknown = [text for text in groups if text not in known]
    problems += [Problem("group", text, f"The list can't be grouped by “{text[:40]}”.") for text in unknown]
    if len(groups) > MOST_GROUPS:
        problems.append(Problem("group", ", ".join(groups), f"At most {MOST_GROUPS} groups."))
    if params.get("order", "") not in {"", "name", "sum"}:
        problems.append(Problem("order", str(params["order"]), "Groups are sorted by name or by sum."))
    return "" if tab == grid.default_tab else tab, tuple(sorts.values()), tuple(g for g in groups if g in known)


def _size(text: str, user: User) -> int:
    if text:
        return int(text) if text in {str(size) for size in PAGE_SIZES} else DEFAULT_SIZE
    return user.page_size if user.page_size in PAGE_SIZES else DEFAULT_SIZE
