"""Lists of records: search, a choice of active or all, pages of fifty."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE = 50
ACTIVE = {"yes": "Active", "no": "Inactive", "all": "All"}


class ListFilters(forms.Form):
    """What is asked of a list; anything else in the address is ignored, wrong values count as none."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    active = forms.ChoiceField(label="Show", choices=list(ACTIVE.items()), required=False)

    def __init__(self, request: HttpRequest, **choices: Mapping[str, str]) -> None:
        """choices: further selections, by the name of the field they filter."""
        super().__init__({"active": "yes", **request.GET.dict()})
        for name, labels in choices.items():
            label = name.replace("_", " ").capitalize()
            field = forms.ChoiceField(label=label, choices=[("", "Any"), *labels.items()], required=False)
            self.fields[name] = field
        self.others = list(choices)
        self.is_valid()

    def narrow(self, rows: "QuerySet[Any]", *names: str) -> "QuerySet[Any]":
        """The rows that were asked for. names: the fields that the search looks in."""
        asked = self.cleaned_data
        if asked.get("active", "yes") != "all":
            rows = rows.filter(active=asked.get("active", "yes") != "no")
        for name in self.others:
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        for word in asked.get("q", "").split():
            found = Q()
            for name in names:
                found |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(found)
        return rows

    @property
    def narrows(self) -> bool:
        """Is anything asked for beyond the active ones?"""
        return any(self.cleaned_data.get(name) for name in ("q", *self.others))


def page_of(request: HttpRequest, rows: "QuerySet[Any]") -> "Page[Any]":
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))
