"""Fields of the forms: numbers as they are written, days, text without control characters."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from jobbook.common.money import LIMIT

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
ZERO = Decimal(0)


def words_of(value: Any) -> str:
    """A value as the form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number_text(value)
    return "" if value is None else str(value)


def number_text(value: Decimal) -> str:
    """With two decimals or, where it has them, four: 96.00, 0.0725."""
    return f"{value:.4f}".removesuffix("00")


class NumberField(forms.DecimalField):
    """A price, quantity, rate or amount of at most `places` decimals, at least `least`."""

    def __init__(self, label: str, *, places: int = 4, least: Decimal = -LIMIT, required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            decimal_places=places,
            min_value=least,
            max_value=LIMIT,
            widget=forms.TextInput(attrs=NUMBER),
            error_messages={
                "invalid": "Digits and a point, as in 1250.50.",
                "min_value": "%(limit_value)s is the least.",
                "max_value": "%(limit_value)s is the most.",
                "max_decimal_places": "At most %(max)s decimals.",
            },
        )

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A date, by the browser's own calendar."""

    def __init__(self, label: str) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class PlainTexts(forms.BaseForm):
    """A form whose texts are NFC without control characters, as the import wants them; and that may be shown
    unchecked, while rows are still added to it.
    """

    unchecked = False

    def full_clean(self) -> None:
        if self.unchecked:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and _CONTROL.search(value):
                self.add_error(name, "It has a character that cannot be printed.")
            elif isinstance(value, str):
                self.cleaned_data[name] = unicodedata.normalize("NFC", value)
        return self.cleaned_data
