"""The form of a job."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, Value, When
from django.forms.models import ModelChoiceIterator

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Client, ClientAddress, Job, Office, RateSheet
from jobbook.jobs.pages.fields import ZERO, DayField, NumberField
from jobbook.jobs.pages.saving import SheetForm

MANAGERS = (Role.ADMINISTRATOR, Role.PROJECT_MANAGER)
_JOB = (
    *("job_number", "project_name", "client", "client_project_number", "project_manager", "office", "status"),
    *("location", "order_date", "due_date", "active"),
)
_BILLING = (
    *("billing_type", "invoice_type", "line_item_type", "billing_address", "rate_sheet", "contract_amount"),
    *("po_number", "po_amount", "po_required"),
)


class _ByClient(ModelChoiceIterator):  # type: ignore[type-arg]
    """Addresses below the name of their client."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        for client, addresses in groupby(self.queryset.select_related("client"), key=lambda each: each.client):
            yield client.name, [self.choice(each) for each in addresses]


class AddressField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An address of any client: one save may change the client and its address."""

    iterator = _ByClient

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class JobForm(SheetForm):
    """Everything that stands on the job's own row."""

    billing_address = AddressField(ClientAddress.objects.none(), label="Billing address", required=False)
    po_amount = NumberField("PO amount", places=2, least=ZERO)
    contract_amount = NumberField("Contract amount", places=2, least=ZERO)
    order_date = DayField("Order date")
    due_date = DayField("Due date")
    sections = (("job", "Job", _JOB), ("billing", "Billing", _BILLING))

    class Meta:
        model = Job
        fields = (*_JOB, *_BILLING)
        labels = {
            "job_number": "Job number",
            "client_project_number": "Client's project number",
            "po_number": "PO number",
            "po_required": "PO number required",
            "line_item_type": "Invoice lines",
            "rate_sheet": "Rate sheet",
        }
        help_texts = {
            "billing_type": "Time & Material is invoiced from DWRs, Fixed Price by hand; the others never.",
            "invoice_type": "Ticket/Invoice: the client approves a ticket without prices first.",
            "line_item_type": "Summarized rolls equal items into one line.",
            "po_required": "Invoices without a PO number are warned of.",
            "active": "DWRs and expenses may be written on active jobs.",
            "status": "In your own words, for example On hold.",
        }
        error_messages = {"job_number": {"unique": "Another job has this number."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = self.instance
        self._offer("client", Client.objects.filter(Q(active=True) | Q(pk=job.client_id)).order_by("name"))
        people = User.objects.filter(Q(is_active=True, role__in=MANAGERS) | Q(pk=job.project_manager_id))
        self._offer("project_manager", people.order_by("name"))
        self._offer("office", Office.objects.filter(Q(active=True) | Q(pk=job.office_id)).order_by("name"), "None")
        sheets = RateSheet.objects.filter(Q(active=True) | Q(pk=job.rate_sheet_id)).order_by("name")
        self._offer("rate_sheet", sheets, "The client's, if it has one")
        chosen = job.client_id or self.initial.get("client")
        own_first = Case(When(client=chosen, then=Value(0)), default=Value(1))
        addresses = ClientAddress.objects.order_by(own_first, "client__name", "client", "label")
        self._offer("billing_address", addresses, "The client's own")

    def _offer(self, name: str, rows: "QuerySet[Any]", empty: str | None = None) -> None:
        choice = self.fields[name]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows
        if empty:
            choice.empty_label = empty

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        client, address = values.get("client"), values.get("billing_address")
        if client and address and address.client_id != client.pk:
            self.add_error("billing_address", f"{address} is an address of {address.client}, not of {client}.")
        if values.get("order_date") and values.get("due_date") and values["due_date"] < values["order_date"]:
            self.add_error("due_date", "The due date is before the order date.")
        return values
