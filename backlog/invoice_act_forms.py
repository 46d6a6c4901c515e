"""What the acts on an invoice ask for."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.drawing_field import DrawingField
from jobbook.common.forms import come

_DAY = {"type": "date"}


class VersionForm(forms.Form):
    """The version of the invoice the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, user: User, invoice: Invoice) -> None:
        self.user = user
        super().__init__(data, initial={"version": invoice.version, **self.first_values(user, invoice)})

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

    def clean_paid_on(self) -> date:
        return come(self.cleaned_data["paid_on"])


class SignForm(VersionForm):
    """A name, with a drawing made now, else the stored one if that is ticked, else alone."""

    signed_by = forms.CharField(label="Name", max_length=200)
    add_mine = forms.BooleanField(label="Add My Signature", required=False)
    signature = DrawingField(label="Drawn signature", required=False)

    field_order = ("signed_by", "add_mine", "signature", "version")

    def __init__(self, data: QueryDict | None, *, user: User, invoice: Invoice) -> None:
        super().__init__(data, user=user, invoice=invoice)
        if not self.user.signature:
            del self.fields["add_mine"]

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {"signed_by": user.name, "add_mine": True}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        stored = self.user.signature if data.get("add_mine") else ""
        return {
            "version": data["version"],
            "signed_by": data["signed_by"],
            "signature": data["signature"] or stored,
        }


class ClientForm(VersionForm):
    """When the client approved the ticket, who, and the drawing if there is one."""

    approved_on = forms.DateField(label="Approved on", widget=forms.DateInput(attrs=_DAY))
    approved_by = forms.CharField(label="Name of the client's representative", max_length=200, required=False)
    signature = DrawingField(label="Client's signature", required=False)

    field_order = ("approved_on", "approved_by", "signature", "version")

    def first_values(self, user: User, invoice: Invoice) -> dict[str, Any]:
        return {"approved_on": timezone.localdate()}

    def clean_approved_on(self) -> date:
        return come(self.cleaned_data["approved_on"])

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
