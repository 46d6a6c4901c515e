"""The figures of a job in SQL. All amounts before tax.

Each is a subquery over the rows of that job alone, found by an index on the job: what other jobs ever had costs
nothing.
"""

from typing import Any

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, When

from invoices.models import Invoice, InvoiceKind, Queue
from jobbook.common.money import ShareUsed, line_sum
from jobbook.jobs.models import BillingType, Expense, RecordState, WorkLine

HUNDREDTHS = 100  # of a per cent, as `po_used` counts
NEAR = 90 * HUNDREDTHS  # of the PO amount: above, a job stands out
WHOLE = 100 * HUNDREDTHS


def _invoiced(*queues: str) -> Any:
    """The sum of the job's invoices in `queues`, credit notes included."""
    rows = Invoice.objects.filter(job=OuterRef("pk"))
    return line_sum(rows.filter(queue__in=queues) if queues else rows, "subtotal", by="job")


def _last_invoice() -> Subquery:
    rows: QuerySet[Any] = Invoice.objects.filter(job=OuterRef("pk"), kind=InvoiceKind.INVOICE)
    return Subquery(rows.order_by().values("job").annotate(last=Max("invoice_date")).values("last"))


_APPROVED = WorkLine.objects.filter(record__job=OuterRef("pk"), record__state=RecordState.APPROVED)
_WAITING = _APPROVED.filter(record__invoiced__isnull=True)
_SPENT = Expense.objects.filter(job=OuterRef("pk"), submitted_on__isnull=False)  # all but drafts
_WORK = line_sum(_APPROVED, "amount", by="record__job")

EXPRESSIONS: dict[str, Any] = {
    "dwr_amount": _WORK,
    "expense_amount": line_sum(_SPENT, "amount", by="job"),
    "invoiced": _invoiced(),
    "processed": _invoiced(Queue.PROCESSED, Queue.PAID),
    "paid": _invoiced(Queue.PAID),
    "unbilled": Case(  # the others are not invoiced from DWRs: they have none, which is not 0.00
        When(Q(billing_type=BillingType.TIME_AND_MATERIAL), then=line_sum(_WAITING, "amount", by="record__job"))
    ),
    "last_invoice": _last_invoice(),
    "po_used": ShareUsed(_WORK, F("po_amount")),
}
