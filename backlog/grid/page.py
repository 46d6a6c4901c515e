"""What the templates of a grid show beside the rows: heads, groups, pager. Links are addresses of the same page."""

import uuid
from dataclasses import dataclass
from typing import Any

from backlog.grid.chips import chips
from backlog.grid.columns import GridColumn
from backlog.grid.query import GridQuery, Sort
from backlog.grid.results import Results, tab_counts
from jobbook.accounts.models import PAGE_SIZES


@dataclass(frozen=True)
class Head:
    """A column head. `url` sorts by it alone, `add_url` adds it to the sorts. place: 1, 2 .. when several sort."""

    name: str
    label: str
    css: str
    url: str = ""
    add_url: str = ""
    aria_sort: str = ""
    arrow: str = ""
    place: int = 0
    next_words: str = ""


@dataclass(frozen=True)
class Choice:
    """A line of a menu."""

    label: str
    url: str
    current: bool


def context(results: Results) -> dict[str, Any]:
    """Everything the grid's templates need, given the rows."""
    grid, query, user = results.grid, results.query, results.user
    actions = grid.actions_for(user)
    counts = tab_counts(grid, user, query)
    return {
        "grid": grid,
        "query": query,
        "results": results,
        "heads": heads(results),
        "lead": results.sum_cells.lead + bool(grid.detail_url_name),
        "chips": chips(query),
        "clear_url": query.without(),
        "actions": actions,
        "note": "" if actions else grid.read_only_note,
        "tabs": [
            (tab, counts.get(tab.slug), query.change(tab="" if tab.slug == grid.default_tab else tab.slug, closed=()))
            for tab in grid.tabs_for(user)
        ],
        "current_tab": query.tab or grid.default_tab,
        "first_groups": group_choices(results, 0),
        "second_groups": group_choices(results, 1) if query.groups else [],
        "group_orders": group_orders(query),
        "phone_sorts": phone_sorts(results),
        "sizes": PAGE_SIZES,
        "pager": pager(results),
        "carried": [pair for pair in query.pairs() if pair[0] != "page"],
        "undo": grid.undo_for(user),
        "say": say(results),
        "empty_link": grid.empty_link(user),
        "new_link": grid.new_link(user),
        "form_key": uuid.uuid4(),  # the same form sent twice acts once, see export_views.form_intent
    }


def heads(results: Results) -> list[Head]:
    return [_head(results, name, column) for name, column in results.columns.items()]


def _head(results: Results, name: str, column: GridColumn) -> Head:
    query = results.query
    if not column.sort:
        return Head(name, str(column.verbose_name), column.classes)
    effective = query.sorts or tuple(results.grid.default_sorts[:1])
    current = next((sort for sort in effective if sort.name == name), None)
    first = Sort(name, column.descending_first)
    if current is None:
        following: Sort | None = first
    else:
        following = Sort(name, not current.descending) if current.descending == first.descending else None
    direction = "descending" if current and current.descending else "ascending"
    others = tuple(sort for sort in query.sorts if sort.name != name)
    kept = query.sorts if current in query.sorts else (*others,)
    added = tuple(following if sort.name == name else sort for sort in kept) if current in kept else (*kept, following)
    return Head(
        name=name,
        label=str(column.verbose_name),
        css=column.classes,
        url=query.change(sorts=(following,) if following else ()),
        add_url=query.change(sorts=tuple(sort for sort in added if sort)),
        aria_sort=direction if current and current == effective[0] else "",
        arrow=("down" if current.descending else "up") if current else "",
        place=effective.index(current) + 1 if current and len(effective) > 1 else 0,
        next_words=f", {direction}" if current else "",
    )


def group_choices(results: Results, level: int) -> list[Choice]:
    """The first or second level of groups: none, or any not used by the other level."""
    grid, query = results.grid, results.query
    mine = query.groups[level] if len(query.groups) > level else ""
    other = query.groups[1 - level] if len(query.groups) > 1 - level else ""

    def groups(slug: str) -> tuple[str, ...]:
        pair = (slug, other) if level == 0 else (other, slug)
        return tuple(each for each in pair if each)

    choices = [Choice("None", query.change(groups=groups(""), closed=()), not mine)]
    return choices + [
        Choice(group.label, query.change(groups=groups(group.slug), closed=()), group.slug == mine)
        for group in grid.groups
        if group.slug != other
    ]


def group_orders(query: GridQuery) -> list[Choice]:
    if not query.groups:
        return []
    return [
        Choice("By name", query.change(by_sum=False), not query.by_sum),
        Choice("By sum, largest first", query.change(by_sum=True), query.by_sum),
    ]


def phone_sorts(results: Results) -> list[Choice]:
    query = results.query
    current = "".join(str(sort) for sort in query.sorts[:1])
    choices = []
    for text, label in results.grid.phone_sorts:
        sorts = (Sort(text.removeprefix("-"), text.startswith("-")),) if text else ()
        choices.append(Choice(label, query.change(sorts=sorts), text == current))
    if query.sorts and not any(choice.current for choice in choices):
        choices.append(Choice(f"By {query.sorts[0].name}", query.change(), current=True))
    return choices


def pager(results: Results) -> dict[str, Any]:
    query, page, pages = results.query, results.page, results.pages
    return {
        "previous": query.change(page=page - 1) if page > 1 else "",
        "next": query.change(page=page + 1) if page < pages else "",
        "first": query.change(page=1) if page > 1 else "",
        "last": query.change(page=pages) if page < pages else "",
    }


def say(results: Results) -> str:
    """What a screen reader is told after the rows were replaced."""
    words = [results.grid.count(results.totals.count)]
    if results.query.sorts:
        sort = results.query.sorts[0]
        column = results.grid.columns[sort.name]
        words.append(f"sorted by {column.verbose_name}, {'descending' if sort.descending else 'ascending'}")
    if results.groups:
        words.append("grouped by " + " and ".join(group.label for group in results.groups))
    if results.pages > 1:
        words.append(f"page {results.page} of {results.pages}")
    return ", ".join(words)
