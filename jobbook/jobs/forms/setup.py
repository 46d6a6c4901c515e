"""Forms of offices, employees, items and taxes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from jobbook.accounts.models import User
from jobbook.common.errors import Refusal
from jobbook.common.forms import NumberField, RecordForm
from jobbook.common.records import Difference
from jobbook.common.usage import is_used
from jobbook.jobs.models import Employee, Item, Office, Tax

ADDRESS = ("address_1", "address_2", "city", "region", "postal_code", "country")
ADDRESS_LABELS = {"address_1": "Address", "address_2": "Address, second line", "region": "Province or state"}


class OfficeForm(RecordForm):
    class Meta:
        model = Office
        fields = ("name", *ADDRESS, "active")
        labels = ADDRESS_LABELS
        help_texts = {"active": "An inactive office is not offered for new jobs."}
        error_messages = {"name": {"unique": "Another office has this name."}}


class EmployeeForm(RecordForm):
    class Meta:
        model = Employee
        fields = ("name", "employee_number", "user", "item", "active")
        labels = {"employee_number": "Employee number", "user": "Log-in", "item": "Usual item"}
        help_texts = {
            "name": "As it stands on DWRs and expenses. Those already written keep the name they have.",
            "user": "The user this employee is, if they log in.",
            "item": "What is usually billed for their hours.",
            "active": "An inactive employee is not offered on DWRs and expenses.",
        }
        error_messages = {
            "name": {"unique": "Another employee has this name."},
            "user": {"unique": "This user is another employee."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employee = self.instance
        free = Q(employee__isnull=True) | Q(pk=employee.user_id)
        users = User.objects.filter(free, Q(is_active=True) | Q(pk=employee.user_id))
        self._offer("user", users.order_by("name", "pk"))
        items = Item.objects.filter(Q(active=True, section="labour") | Q(pk=employee.item_id))
        self._offer("item", items.order_by("code"))

    def _offer(self, name: str, rows: Any) -> None:
        choice = self.fields[name]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset, choice.empty_label = rows, "None"
        choice.label_from_instance = _label  # type: ignore[method-assign,assignment]


def _label(row: Any) -> str:
    return f"{row.code} {row.name}" if isinstance(row, Item) else f"{row.name}, {row.email}"


class ItemForm(RecordForm):
    unit_price = NumberField("Unit price", help_text="Of one billing unit. Jobs and rate sheets may have their own.")
    hourly_price = NumberField(
        "Hourly price", help_text="What an hour comes to where the unit is not the hour. Empty: billed by the unit."
    )

    class Meta:
        model = Item
        fields = (
            *("code", "name", "section", "account_code", "unit", "unit_price", "hourly_price"),
            *("tax_exempt", "active"),
        )
        labels = {"unit": "Billing unit", "account_code": "Account code", "tax_exempt": "Tax exempt"}
        help_texts = {
            "code": "As it stands on invoices and in accounting.",
            "section": "The part of an invoice it stands in.",
            "unit": "h, day, km, ea ..",
            "account_code": "The account of the ledger its lines are booked to.",
            "tax_exempt": "Its lines carry no tax.",
            "active": "An inactive item is not offered for DWRs and invoices.",
        }
        error_messages = {"code": {"unique": "Another item has this code."}}


class TaxForm(RecordForm):
    rate = NumberField("Rate in percent", required=True, help_text="Once a job or an invoice uses it, it stays.")

    class Meta:
        model = Tax
        fields = ("code", "name", "rate", "recoverable", "active")
        help_texts = {
            "code": "As accounting calls it.",
            "name": "As it is printed on invoices.",
            "recoverable": "Clients claim it back.",
            "active": "An inactive tax is not offered for jobs.",
        }
        error_messages = {"code": {"unique": "Another tax has this code."}}

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if ";" in code:
            raise forms.ValidationError("A tax code has no semicolon.")
        return code


def keeps_its_code(record: Item | Tax, difference: Difference) -> Iterable[Refusal]:
    """Invoices copy the codes of items and taxes, and the import finds the rows by them."""
    if "code" in difference.after and is_used(record):
        old = difference.before["code"]
        yield Refusal("code", f"{old} is in use and keeps its code. Make a new one.", record.pk, old)


def keeps_code_and_rate(tax: Tax, difference: Difference) -> Iterable[Refusal]:
    """The rate of a tax that stands on a job or an invoice never changes."""
    yield from keeps_its_code(tax, difference)
    if "rate" in difference.after and is_used(tax):
        reason = f"{tax.code} is in use with {difference.before['rate']} %. Make a new code for the new rate."
        yield Refusal("rate", reason, tax.pk, tax.code)
