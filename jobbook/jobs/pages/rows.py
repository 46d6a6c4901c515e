"""Rows that belong to a record, as forms that repeat: contacts of a client, fees of a job.

A row is added by a button that posts the form (name "add", value: the prefix of the rows), or by static/js/rows.js.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict

from jobbook.common.records import Part
from jobbook.jobs.models import Item
from jobbook.jobs.pages.fields import Texts, shown

MOST_ROWS = 120  # of one kind: a request has a thousand fields at most
ADD = "add"
_NOT_SHOWN = {"id", "DELETE"}


class RowForm(Texts, forms.Form):
    """One row. Rows left blank are none."""

    use_required_attribute = False

    @property
    def is_kept(self) -> bool:
        """It is neither blank nor ticked to be removed."""
        values = getattr(self, "cleaned_data", {})
        filled = any(value not in (None, "") for name, value in values.items() if name not in _NOT_SHOWN)
        return filled and not values.get("DELETE")


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of one kind. Subclasses say which part of the record they are."""

    title = ""
    noun = ""  # of one row
    hint = ""
    once = ("", "")  # the field that may stand once, and what to say of a second one

    def __init__(self, data: QueryDict | None = None, *, record: Any, source: Any = None, **kwargs: Any) -> None:
        """record: whose rows these are; source: the record whose rows a new one begins with."""
        self.record = record
        begun = source or record
        initial = self.initial_of(begun) if data is None and begun.pk else None
        super().__init__(data, initial=initial, **kwargs)

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove"

    def show_unchecked(self) -> None:
        for form in self.forms:
            form.unchecked = True

    @property
    def has_errors(self) -> bool:
        return self.total_error_count() > 0

    def named_errors(self) -> Iterator[tuple[str, str, str]]:
        """For the summary: the id of the input, the row and field, the error."""
        for error in self.non_form_errors():
            yield f"section-{self.prefix}", self.title, str(error)
        for number, form in enumerate(self.forms, start=1):
            for bound in form:
                for error in bound.errors:
                    yield bound.id_for_label, f"{self.noun} {number}, {bound.label}", str(error)

    def kept(self) -> list[RowForm]:
        return [form for form in self.forms if form.is_kept]

    def clean(self) -> None:
        """Nothing that may stand once stands twice."""
        name, message = self.once
        seen = set()
        for form in self.kept() if name else ():
            if (value := form.cleaned_data.get(name)) in seen:
                form.add_error(name, message.format(value))
            seen.add(value)

    def values(self) -> list[dict[str, Any]]:
        """What is kept of each row, in order."""
        return [{name: value for name, value in form.cleaned_data.items() if name != "DELETE"} for form in self.kept()]

    def words(self) -> list[str]:
        """The rows as text, to tell two people's versions apart."""
        return [self._words(row) for row in self.values()]

    def stored(self, record: Any) -> list[str]:
        """The rows of the record as they are kept now, in the same words."""
        return [self._words(row) for row in self.initial_of(record)]

    def _words(self, row: Mapping[str, Any]) -> str:
        texts = (shown(row.get(name)) for name in self.form.base_fields if name not in _NOT_SHOWN)
        return ", ".join(filter(None, texts))

    @classmethod
    def initial_of(cls, record: Any) -> list[dict[str, Any]]:
        """The rows of a record as initial values."""
        raise NotImplementedError

    def part(self) -> Part:
        """The rows as `change_record` takes them."""
        raise NotImplementedError


def rows_of(rows: type[Rows], form: type[RowForm], *, extra: int = 0, can_delete: bool = True) -> type[Rows]:
    """The formset class of `rows`."""
    made = forms.formset_factory(
        form,
        formset=rows,
        extra=extra,
        can_delete=can_delete,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 1,
        validate_max=True,
    )
    return cast(type[Rows], made)


def with_row(posted: QueryDict) -> QueryDict:
    """What was posted, with one row more where the button "Add .." was pressed."""
    name = f"{posted.get(ADD, '')}-TOTAL_FORMS"
    data = posted.copy()
    rows = str(data.get(name, ""))
    if rows.isdecimal() and len(rows) < 9:
        data[name] = str(min(int(rows), MOST_ROWS - 1) + 1)
    return data


class ItemField(forms.CharField):
    """An item by its code, offered from the page's list of items; `items` are those that were named."""

    def __init__(self, label: str = "Item", **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "items", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=label, max_length=64, widget=widget, **kwargs)
        self.items: Mapping[str, Item] = {}

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if code and code not in self.items:
            raise forms.ValidationError(f"There is no item “{code}”.")
        return self.items[code] if code else None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Item) else value


class ItemRows(Rows):
    """Rows that name items: all of them are looked up at once."""

    @cached_property
    def named_items(self) -> Mapping[str, Item]:
        names = [name for name in self.data if name.startswith(f"{self.prefix}-") and name.endswith("-item")]
        codes = {str(self.data[name]).strip() for name in names}
        printable = [code for code in codes if code.isprintable()]
        return Item.objects.in_bulk(printable, field_name="code")

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        field = form.fields["item"]
        if self.is_bound and isinstance(field, ItemField):
            field.items = self.named_items


def numbered(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows with their position, from 1."""
    for position, row in enumerate(rows, start=1):
        yield {**row, "position": position}
