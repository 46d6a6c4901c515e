"""What the acts on an invoice ask for."""

from typing import Any

from django import forms
from django.utils import timezone

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.drawing import BadDrawing, strokes

_DAY = {"type": "date"}
STORED, DRAWN, NAMED = "stored", "drawn", "named"


def drawing(text: str) -> str:
    """A drawing as it is kept; what is none is said in the form."""
    try:
        strokes(text)
    except BadDrawing as error:
        raise forms.ValidationError(str(error)) from error
    return text


class VersionForm(forms.Form):
    """The version of the invoice the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, invoice: Invoice, **kwargs: Any) -> None:
        first = {"version": invoice.version, **self.first_values(user, invoice)}
        super().__init__(*args, initial=first, **kwargs)
        self.user = user

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {}

    def values(self) -> dict[str, Any]:
        """What the command takes."""
        return dict(self.cleaned_data)


class PaidForm(VersionForm):
    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs=_DAY))

    field_order = ("paid_on", "version")

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {"paid_on": timezone.localdate()}


class SignForm(VersionForm):
    """A name, with the drawing that the user has stored, with one drawn now, or alone."""

    signed_by = forms.CharField(label="Name", max_length=200)
    how = forms.ChoiceField(label="Signature", widget=forms.RadioSelect)
    signature = forms.CharField(label="Drawn signature", required=False, widget=forms.HiddenInput)

    field_order = ("signed_by", "how", "signature", "version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = [(STORED, "Add My Signature: the one I have stored")] if self.user.signature else []
        choices = [*stored, (DRAWN, "Draw it below"), (NAMED, "My name alone")]
        self.fields["how"].choices = choices  # type: ignore[attr-defined]

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {"signed_by": user.name, "how": STORED if user.signature else NAMED}

    def clean_signature(self) -> str:
        return drawing(self.cleaned_data["signature"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("how") == DRAWN and "signature" not in self.errors and not cleaned.get("signature"):
            self.add_error("how", "Draw the signature, or choose another way.")
        return cleaned

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        drawn = {STORED: self.user.signature, DRAWN: data["signature"], NAMED: ""}[data["how"]]
        return {"version": data["version"], "signed_by": data["signed_by"], "signature": drawn}


class ClientForm(VersionForm):
    """When the client approved the ticket, who, and the drawing if there is one."""

    approved_on = forms.DateField(label="Approved on", widget=forms.DateInput(attrs=_DAY))
    approved_by = forms.CharField(label="Name of the client's representative", max_length=200, required=False)
    signature = forms.CharField(label="Client's signature", required=False, widget=forms.HiddenInput)

    field_order = ("approved_on", "approved_by", "signature", "version")

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {"approved_on": timezone.localdate()}

    def clean_approved_on(self) -> Any:
        if self.cleaned_data["approved_on"] > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return self.cleaned_data["approved_on"]

    def clean_signature(self) -> str:
        return drawing(self.cleaned_data["signature"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("signature") and not cleaned.get("approved_by"):
            self.add_error("approved_by", "Enter whose signature this is.")
        return cleaned


class ReleaseForm(VersionForm):
    reason = forms.CharField(
        label="Reason", max_length=500, help_text="It stands on the invoice and in the checks of the backlog."
    )

    field_order = ("reason", "version")
