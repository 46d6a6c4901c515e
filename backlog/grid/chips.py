"""What the user sees of the filters: a chip for each active one, and the panel with a field for each."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from backlog.grid.choices import Option
from backlog.grid.filters import DayFilter, Facet, ManyField
from backlog.grid.query import GridQuery
from jobbook.accounts.models import User
from jobbook.common.money import format_money
from jobbook.common.templatetags.jobbook import day_words
from jobbook.common.words import some_of

_SHOWN = 3  # values named on a chip


@dataclass(frozen=True)
class Chip:
    """An active filter: its label, its values in words, and the address without it."""

    label: str
    text: str
    remove: str


@dataclass(frozen=True)
class PanelField:
    """A field of the panel. kind: text, date or many; `options` with whether each is chosen."""

    name: str
    label: str
    kind: str
    value: str = ""
    error: str = ""
    options: list[tuple[Option, bool]] = field(default_factory=list)


def chips(query: GridQuery) -> list[Chip]:
    """One per facet that is set and valid, in the facets' order."""
    cleaned = query.filterset.form.cleaned_data if query.filters else {}
    names = {name for name, _ in query.filters}
    wrong = {problem.name for problem in query.problems}
    return [
        Chip(facet.label, _words(facet, [cleaned.get(name) for name in facet.names]), query.without(*facet.names))
        for facet in query.filterset.facets
        if names & set(facet.names) and not wrong & set(facet.names)
    ]


def _words(facet: Facet, values: list[Any]) -> str:
    if isinstance(values[0], list):
        labels = [option.label for option in values[0]]
        return some_of(labels, _SHOWN)
    if len(values) == 1:
        return f"“{values[0]}”"
    start, end = [_word(value, facet.unit) if value is not None else "" for value in values]
    if start and end:
        text = f"{start} – {end}" if start != end else start
    else:
        text = f"from {start}" if start else f"up to {end}"
    return f"{text} {facet.unit}".strip()


def _word(value: Any, unit: str) -> str:
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, Decimal):
        return format_money(value) if not unit else f"{value:f}"
    return str(value)


def panel(query: GridQuery, user: User) -> list[tuple[Facet, list[PanelField]]]:
    """Every facet but the search, with its fields and their values. A query per list of choices."""
    errors = {problem.name: problem.message for problem in query.problems}
    return [
        (facet, [_panel_field(query, user, name, index, facet, errors) for index, name in enumerate(facet.names)])
        for facet in query.filterset.facets
        if "q" not in facet.names
    ]


def _panel_field(
    query: GridQuery, user: User, name: str, index: int, facet: Facet, errors: dict[str, str]
) -> PanelField:
    form_field = query.filterset.form.fields[name]
    chosen = [value for key, value in query.filters if key == name]
    error = errors.get(name, "")
    if isinstance(form_field, ManyField):
        options = [(option, option.text in chosen) for option in form_field.source.options(user)]
        return PanelField(name, facet.label, "many", error=error, options=options)
    kind = "date" if isinstance(query.filterset.base_filters[name], DayFilter) else "text"
    return PanelField(name, ("From", "To")[index], kind, chosen[0] if chosen else "", error)
