"""Fields that read exactly what is written: no float, no guess, an error that says how to write it."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # what no file of an import may have either
_HOURS = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?", re.ASCII)
_QUANTITY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?", re.ASCII)


class TextField(forms.CharField):
    """Text as an import takes it: composed characters, plain line breaks, no control characters."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", (super().to_python(value) or "").replace("\r\n", "\n"))
        if _CONTROL.search(text):
            raise forms.ValidationError("There is a character in it that can't be kept. Type it anew.")
        return text


class _FigureField(forms.CharField):
    """A figure above zero, as text of one pattern."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    pattern = _QUANTITY
    most = Decimal(1_000_000_000)
    how = "Write it as 12.5: figures and a point, at most four decimals."

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not self.pattern.fullmatch(text):
            raise forms.ValidationError(self.how)
        figure = Decimal(text)
        if not 0 < figure <= self.most:
            raise forms.ValidationError(f"It must be above zero and at most {self.most:,f}.")
        return figure


class QuantityField(_FigureField):
    """A quantity: at most four decimals."""


class HoursField(_FigureField):
    """Hours of one day."""

    pattern = _HOURS
    most = Decimal(24)
    how = "Write hours as 8 or 8.5: figures and a point."
