"""Fields of the forms of clients, jobs and rate sheets."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from jobbook.common.forms import PlainTexts, number_text
from jobbook.common.money import LIMIT

NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
ZERO = Decimal(0)


def shown(value: Any) -> str:
    """A value as the form shows it."""
    return number_text(value) if isinstance(value, Decimal) else "" if value is None else str(value)


class NumberField(forms.DecimalField):
    """A price, quantity, rate or amount of at most `places` decimals, from `least` to `most`."""

    def __init__(
        self, label: str, *, places: int = 4, least: Decimal = -LIMIT, most: Decimal = LIMIT, required: bool = False
    ) -> None:
        super().__init__(
            label=label,
            required=required,
            decimal_places=places,
            min_value=least,
            max_value=most,
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


class Texts(PlainTexts):
    """A form that may be shown unchecked, while rows are still added to it."""

    unchecked = False

    def full_clean(self) -> None:
        if self.unchecked:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()
