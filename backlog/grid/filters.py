"""Filters of a grid: django-filter declares them; this adds what it leaves open.

django-filter answers an invalid value with an unfiltered or a silently empty list and ignores unknown names. Here
every parameter is known and valid, or there is a problem by its name and no row at all (query.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from backlog.grid.choices import Option, Source
from jobbook.accounts.models import User

MOST_VALUES = 200  # of one filter


class ManyField(forms.Field):
    """A repeated parameter whose values come from a source. Cleans to options, in the source's words."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, source: Source, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.user: User | None = None  # set by the filter set: choices depend on who asks

    def clean(self, value: Any) -> list[Option]:
        texts = list(dict.fromkeys(text for text in value or [] if text))
        if not texts or self.user is None:
            return []
        if len(texts) > MOST_VALUES:
            raise forms.ValidationError(f"At most {MOST_VALUES} values at once.")
        found = self.source.find(self.user, texts)
        unknown = [text for text in texts if text not in found]
        if unknown:
            raise forms.ValidationError(f"“{unknown[0][:40]}” is not one of the choices.")
        return [found[text] for text in texts]


class ManyFilter(django_filters.Filter):
    """Rows whose field has one of the values."""

    field_class = ManyField

    def filter(self, qs: QuerySet[Any], value: list[Option]) -> QuerySet[Any]:
        if not value:
            return qs
        return qs.filter(**{f"{self.field_name}__in": [option.value for option in value]})


class ConditionFilter(django_filters.Filter):
    """Rows that meet one of the conditions named by the values."""

    field_class = ManyField

    def __init__(self, *args: Any, conditions: dict[str, Q], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions = conditions

    def filter(self, qs: QuerySet[Any], value: list[Option]) -> QuerySet[Any]:
        wanted = Q()
        for option in value:
            wanted |= self.conditions[option.value]
        return qs.filter(wanted) if value else qs


class SearchFilter(django_filters.CharFilter):
    """Text within any of several fields, from two characters on, without regard to case."""

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        messages = {"min_length": "Type at least two characters.", "max_length": "At most 100 characters."}
        super().__init__(min_length=2, max_length=100, error_messages=messages, **kwargs)
        self.fields = fields

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        wanted = Q()
        for name in self.fields:
            wanted |= Q(**{f"{name}__icontains": value})
        return qs.filter(wanted) if value else qs


class DayFilter(django_filters.DateFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        messages = {"invalid": "Enter a date as 2026-11-20."}
        super().__init__(*args, input_formats=["%Y-%m-%d"], error_messages=messages, **kwargs)


class AmountFilter(django_filters.NumberFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        messages = {"invalid": "Enter an amount as 1250.00."}
        super().__init__(
            *args, max_digits=13, decimal_places=2, localize=False, widget=widget, error_messages=messages, **kwargs
        )


@dataclass(frozen=True)
class Facet:
    """What the user sees as one filter: a chip and a part of the panel. Two names are a range, from and to."""

    label: str
    names: tuple[str, ...]
    unit: str = ""


class GridFilterSet(django_filters.FilterSet):
    """Declares filters, and `facets` in the order of the chips, the panel and the address."""

    facets: ClassVar[Sequence[Facet]] = ()

    def __init__(self, data: Any, queryset: QuerySet[Any], *, user: User) -> None:
        super().__init__(data, queryset)
        for field in self.form.fields.values():
            if isinstance(field, ManyField):
                field.user = user

    @classmethod
    def names(cls) -> list[str]:
        """The parameters, in canonical order."""
        return list(cls.base_filters)

    @classmethod
    def is_many(cls, name: str) -> bool:
        return issubclass(cls.base_filters[name].field_class, ManyField)
