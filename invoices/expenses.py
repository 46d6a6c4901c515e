"""Expenses ticked on an invoice: accounted for by it, so they become Processed; unticked they are Approved again."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from invoices.models import Invoice, InvoicedExpense
from jobbook.common.audit import Operation
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditItem
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import Expense, ExpenseState

EXPENSE = "expense"  # object_type of audit items


def tick_expenses(operation: Operation, invoice: Invoice, ids: Sequence[int]) -> None:
    """Account for exactly these expenses on the invoice: those it lacks are ticked, the others unticked."""
    present = set(InvoicedExpense.objects.filter(invoice=invoice).values_list("expense_id", flat=True))
    _tick(operation, invoice, sorted(set(ids) - present))
    _untick(operation, invoice, sorted(present - set(ids)))


def untick_all(operation: Operation, invoice: Invoice) -> None:
    """The invoice goes: its expenses are Approved again."""
    tick_expenses(operation, invoice, [])


def _tick(operation: Operation, invoice: Invoice, ids: Sequence[int]) -> None:
    if not ids:
        return
    rows = Expense.objects.filter(pk__in=ids)
    lock_rows(rows)
    found = list(rows.select_related("invoiced__invoice").order_by("pk"))
    refusals = [refusal for row in found if (refusal := why_not_ticked(row, invoice.job_id))]
    if refusals or len(found) != len(ids):
        raise Refused("Nothing was saved.", refusals or [Refusal("deleted", "an expense is not there any more")])
    today = timezone.localdate(operation.at)
    _audit(
        operation, found, {"processed_on": None, "invoice": None}, {"processed_on": today, "invoice": invoice.number}
    )
    rows.update(processed_on=today, version=F("version") + 1)
    InvoicedExpense.objects.bulk_create(InvoicedExpense(expense=row, invoice=invoice) for row in found)


def _untick(operation: Operation, invoice: Invoice, ids: Sequence[int]) -> None:
    if not ids:
        return
    rows: QuerySet[Expense] = Expense.objects.filter(pk__in=ids)
    lock_rows(rows)
    found = list(rows.order_by("pk"))
    before = {"processed_on": found[0].processed_on, "invoice": invoice.number}
    _audit(operation, found, before, {"processed_on": None, "invoice": None})
    InvoicedExpense.objects.filter(expense__in=ids).delete()
    rows.update(processed_on=None, version=F("version") + 1)


def why_not_ticked(expense: Expense, job_id: int) -> Refusal | None:
    """Why an invoice of the job cannot account for an expense; None when it can."""
    invoiced = getattr(expense, "invoiced", None)
    if invoiced is not None:
        reason = f"invoice {invoiced.invoice} accounts for it already"
    elif expense.job_id != job_id:
        reason = "it is of another job"
    elif expense.state != ExpenseState.APPROVED:
        reason = f"it is {ExpenseState(expense.state).label}; only an approved expense can be ticked"
    else:
        return None
    return Refusal("expense", reason, expense.pk, str(expense))


def _audit(operation: Operation, rows: Iterable[Expense], before: dict[str, Any], after: dict[str, Any]) -> None:
    AuditItem.objects.bulk_create(
        operation.item(EXPENSE, row.pk, versions=(row.version, row.version + 1), before=before, after=after)
        for row in rows
    )
