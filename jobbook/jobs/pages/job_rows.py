"""The rows of a job's form: taxes in their order, fees, billable items."""

from decimal import Decimal
from typing import Any

from django import forms

from jobbook.common.money import format_quantity
from jobbook.common.records import Part
from jobbook.jobs.models import JobFee, JobItem, JobTax, Tax
from jobbook.jobs.pages.fields import ZERO, NumberField
from jobbook.jobs.pages.rows import ItemField, ItemRows, RowForm, Rows, numbered, rows_of
from jobbook.jobs.prices import price_problems


class TaxField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code}: {obj.name}, {format_quantity(obj.rate)} %"


class TaxForm(RowForm):
    tax = TaxField(Tax.objects.order_by("code"), label="Tax", required=False, empty_label="None")


class TaxRows(Rows):
    title = "Taxes"
    noun = "Tax"
    hint = "In the order in which invoices print them."
    once = ("tax", "{} stands twice.")

    @classmethod
    def initial_of(cls, record: Any) -> list[dict[str, Any]]:
        return [{"tax": row.tax} for row in JobTax.objects.filter(job=record).select_related("tax")]

    def part(self) -> Part:
        return Part("taxes", JobTax, "job", "tax", list(numbered(self.values())))


class FeeForm(RowForm):
    item = ItemField("Item, for its account")
    description = forms.CharField(label="Description", max_length=200)
    percent = NumberField("Percent", least=Decimal(-100), required=True)


class FeeRows(ItemRows):
    title = "Fees"
    noun = "Fee"
    hint = "A percentage of what stands before it on an invoice, taxed like the rest."

    @classmethod
    def initial_of(cls, record: Any) -> list[dict[str, Any]]:
        rows = JobFee.objects.filter(job=record).select_related("item")
        return [{"item": row.item, "description": row.description, "percent": row.percent} for row in rows]

    def part(self) -> Part:
        return Part("fees", JobFee, "job", "position", list(numbered(self.values())))


class JobItemForm(RowForm):
    item = ItemField()
    unit_price = NumberField("Unit price")
    hourly_price = NumberField("Hourly price")
    budget_quantity = NumberField("Budget quantity", least=ZERO)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if (item := values.get("item")) and not self.errors:
            for name, problem in price_problems(item, values["unit_price"], values["hourly_price"]).items():
                self.add_error(name, problem)
        return values


class JobItemRows(ItemRows):
    title = "Billable items"
    noun = "Billable item"
    hint = "Prices agreed for this job come before the rate sheet's and the item's own. Left empty, those hold."
    once = ("item", "{} stands twice.")

    @classmethod
    def initial_of(cls, record: Any) -> list[dict[str, Any]]:
        rows = JobItem.objects.filter(job=record).select_related("item")
        names = ("item", "unit_price", "hourly_price", "budget_quantity")
        return [{name: getattr(row, name) for name in names} for row in rows]

    def part(self) -> Part:
        return Part("items", JobItem, "job", "item", list(numbered(self.values())))


TAXES = rows_of(TaxRows, TaxForm, extra=1, can_delete=False)
FEES = rows_of(FeeRows, FeeForm)
ITEMS = rows_of(JobItemRows, JobItemForm)
