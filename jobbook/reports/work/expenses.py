"""Expenses: who paid what, for which job, and where it stands."""

from django.urls import reverse

from jobbook.reports.work.groupings import by_employee, by_job, by_month, by_state, by_text
from jobbook.reports.work.listed import listed
from jobbook.reports.work.report import Column, Raw, Report
from jobbook.reports.work.sources import EXPENSE_STAGES, expenses


def _expense(raw: Raw) -> str:
    return reverse("expense_page", args=[raw["pk"]])


def _job(raw: Raw) -> str:
    return reverse("job_page", args=[raw["job_id"]])


def _has_receipt(raw: Raw) -> str:
    return "Yes" if raw["receipt_id"] else "No"


def _receipt(raw: Raw) -> str | None:
    return reverse("expense_receipt", args=[raw["pk"]]) if raw["receipt_id"] else None


def _invoice(raw: Raw) -> str | None:
    invoice = raw["invoiced__invoice_id"]
    return reverse("invoice_page", args=[invoice]) if invoice else None


EXPENSES = Report(
    slug="expenses",
    title="Expenses",
    about="What employees paid, and where it stands",
    noun="expense",
    source=expenses,
    way="",
    stages=EXPENSE_STAGES,
    columns=(
        Column("Date", "date", "date"),
        Column("Expense", "text", "expense_number", link=_expense),
        Column("Employee", "text", "employee"),
        Column("Job", "text", "job__job_number", link=_job),
        Column("Project", "text", "job__project_name", css="text"),
        Column("Client", "text", "job__client__name", css="text"),
        Column("Item", "text", "item", css="text"),
        Column("Amount", "money", "amount", sums=True),
        Column("State", "text", lambda raw: EXPENSE_STAGES[raw["stage"]]),
        Column("Receipt", "text", _has_receipt, link=_receipt),
        Column("Invoice", "text", "invoiced__invoice__number", link=_invoice),
    ),
    values=(
        *("pk", "date", "expense_number", "employee", "job_id", "job__job_number", "job__project_name"),
        *("job__client__name", "item", "amount", "stage", "receipt_id"),
        *("invoiced__invoice_id", "invoiced__invoice__number"),
    ),
    order=("date", "employee", "pk"),
    groupings=(
        *(by_employee(), by_job(""), by_text("item", "Item", "No item"), by_state(EXPENSE_STAGES)),
        by_month(""),
    ),
    default="employee",
    answer=listed,
)
