"""The form of a client: its fields, further contacts, further billing addresses."""

from typing import Any

from django import forms
from django.db.models import Q

from jobbook.common.records import Part
from jobbook.jobs.models import Client, ClientAddress, ClientContact, RateSheet
from jobbook.jobs.pages.rows import RowForm, Rows, rows_of
from jobbook.jobs.pages.saving import SheetForm

ADDRESS = ("address_1", "address_2", "city", "region", "postal_code", "country")
ADDRESS_LABELS = {"address_1": "Address", "address_2": "Address, second line", "postal_code": "Postal code"}


class ClientForm(SheetForm):
    """Everything that stands on the client's own row."""

    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    terms_days = forms.IntegerField(
        label="Days until due", min_value=0, max_value=32767, help_text="An invoice is due so many days after its date."
    )
    sections = (
        ("client", "Client", ("client_number", "name", "contact", "email", "phone", "active")),
        ("billing", "Billing address", ADDRESS),
        ("terms", "Terms and accounting", ("terms", "terms_days", "accounting_id", "rate_sheet")),
    )

    class Meta:
        model = Client
        fields = (
            *("client_number", "name", "contact", "email", "phone", "active"),
            *(*ADDRESS, "terms", "terms_days", "accounting_id", "rate_sheet"),
        )
        labels = {
            **ADDRESS_LABELS,
            "client_number": "Client number",
            "accounting_id": "Customer ID in accounting",
            "rate_sheet": "Default rate sheet",
        }
        help_texts = {
            "accounting_id": "What accounting calls this client. Files for accounting name it.",
            "rate_sheet": "Its prices hold on every job of the client that names no sheet of its own.",
            "terms": "As printed, for example Net 30.",
            "active": "Inactive clients are not offered for new jobs.",
        }
        error_messages = {"client_number": {"unique": "Another client has this number."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheets = RateSheet.objects.filter(Q(active=True) | Q(pk=self.instance.rate_sheet_id))
        choice = self.fields["rate_sheet"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset, choice.empty_label = sheets.order_by("name"), "None: the items' own prices"


class ContactForm(RowForm):
    name = forms.CharField(label="Name", max_length=200)
    duty = forms.CharField(label="Duty", max_length=100, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(label="Phone", max_length=50, required=False)
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ContactRows(Rows):
    title = "Further contacts"
    noun = "Contact"
    hint = "People besides the contact above, for example accounts payable."

    @classmethod
    def initial_of(cls, record: Client) -> list[dict[str, Any]]:
        rows = ClientContact.objects.filter(client=record)
        return [dict(row) for row in rows.values("id", "name", "duty", "email", "phone")]

    def part(self) -> Part:
        return Part("contacts", ClientContact, "client", "id", own_ids(self))


class AddressForm(RowForm):
    label = forms.CharField(label="Label", max_length=100)
    address_1 = forms.CharField(label="Address", max_length=200, required=False)
    address_2 = forms.CharField(label="Second line", max_length=200, required=False)
    city = forms.CharField(label="City", max_length=100, required=False)
    region = forms.CharField(label="Region", max_length=100, required=False)
    postal_code = forms.CharField(label="Postal code", max_length=20, required=False)
    country = forms.CharField(label="Country", max_length=100, required=False)
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AddressRows(Rows):
    title = "Further billing addresses"
    noun = "Address"
    hint = "A job may be billed to one of these in place of the client's own address."
    once = ("label", "Another address has the label “{}”.")

    @classmethod
    def initial_of(cls, record: Client) -> list[dict[str, Any]]:
        return [dict(row) for row in ClientAddress.objects.filter(client=record).values("id", "label", *ADDRESS)]

    def part(self) -> Part:
        return Part("addresses", ClientAddress, "client", "id", own_ids(self))


def own_ids(rows: Rows) -> list[dict[str, Any]]:
    """The rows, those without an id of this record's own as new ones: an id may be old, or made up."""
    known = {row["id"] for row in rows.initial_of(rows.record)} if rows.record.pk else set()
    used: set[int] = set()
    found = []
    for row in rows.values():
        pk = row["id"] if row["id"] in known - used else None
        used |= {pk} if pk else set()
        found.append({**row, "id": pk})
    return found


CONTACTS = rows_of(ContactRows, ContactForm)
ADDRESSES = rows_of(AddressRows, AddressForm)
