"""The form field of a drawn signature."""

from typing import Any

from django import forms

from jobbook.common.drawing import BadDrawing, strokes


class DrawingField(forms.CharField):
    """A drawing as text, filled in by the signature pad; '' for none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            strokes(text)
        except BadDrawing as error:
            raise forms.ValidationError(str(error)) from error
        return text
