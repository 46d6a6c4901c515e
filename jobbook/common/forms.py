"""Forms of the records that administrators keep: texts that the import would take too, the version that was seen."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from jobbook.common.money import LIMIT

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
VERSION = "version"


def come(day: date) -> date:
    """`day`, which is today or before: what is still to come has not happened. Raises ValidationError."""
    if day > timezone.localdate():
        raise forms.ValidationError("This day is still to come.")
    return day


class PlainTexts(forms.BaseForm):
    """A form whose texts are NFC without control characters but line breaks, as the import wants them."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self._plain(name, value.replace("\r\n", "\n"))
        return self.cleaned_data

    def _plain(self, name: str, text: str) -> None:
        self.cleaned_data[name] = unicodedata.normalize("NFC", text)
        if _CONTROL.search(text):
            self.add_error(name, "It has a character that cannot be printed.")

    def put_back(self, values: Mapping[str, str]) -> None:
        """Values, by the names of the posted data, that the form has instead when it is shown next."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data


class NumberField(forms.DecimalField):
    """A number of at least 0 with up to four decimals, written with a point."""

    def __init__(self, label: str, *, required: bool = False, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            decimal_places=4,
            min_value=0,
            max_value=LIMIT,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": "Digits and a point, as in 1250.50.",
                "min_value": "It must not be negative.",
                "max_value": "At most %(limit_value)s.",
                "max_decimal_places": "At most %(max)s decimals.",
            },
        )

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, Decimal) else value


class RecordForm(PlainTexts, forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a record and, of one that exists, the version the user saw. A new record is active."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    active_field = "active"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_new:
            del self.fields[VERSION]
            self.fields.pop(self.active_field, None)
        else:
            self.initial[VERSION] = self.instance.version

    @property
    def is_new(self) -> bool:
        return bool(self.instance._state.adding)

    def values(self) -> dict[str, Any]:
        """The fields of the record by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != VERSION}

    @classmethod
    def labels(cls) -> dict[str, str]:
        """The fields' labels, for the history."""
        return {name: str(field.label) for name, field in cls.base_fields.items()}

    def differing(self, stored: Model) -> Iterator[tuple[str, str, str]]:
        """Label, stored value and entered value of the fields that are otherwise in `stored`."""
        for name, yours in self.values().items():
            if getattr(stored, name) != yours:
                entered = type(stored)(**{name: yours})
                yield str(self.fields[name].label), words_of(stored, name), words_of(entered, name)

    def take_version(self, version: int) -> None:
        """What is shown next is compared with this version: the user has seen what differs."""
        self.put_back({VERSION: str(version)})


def words_of(record: Model, name: str) -> str:
    """A field of a record in words, "" for nothing."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number_text(value)
    return "" if value is None else str(value)


def number_text(value: Decimal) -> str:
    """With two decimals or, where it has them, four: 96.00, 0.0725."""
    return f"{value:.4f}".removesuffix("00")
