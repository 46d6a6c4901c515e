"""The DWRs and invoices of a job with the days they took each step. All amounts before tax."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backlog import checks
from backlog.work_columns import with_sums
from invoices.models import InvoiceKind, Queue
from jobbook.jobs.models import BillingType, Job, RecordState
from jobbook.reports.trail.holds import PO_MISSING, Hold, hold_of


class Step(StrEnum):
    """What money waits for, in the order of its way."""

    SUBMIT = "submit"
    APPROVE = "approve"
    INVOICE = "invoice"
    SIGN = "sign"
    CLIENT = "client"
    EXPORT = "export"
    PROCESS = "process"
    PAY = "pay"
    DONE = "done"


@dataclass(frozen=True)
class Document:
    """A DWR or an invoice, and where it stands. reached: the day it came to each Milestone it came to.

    holds: failed checks and what else is in its way. amount: before tax, credit notes negative.
    """

    kind: str  # "DWR", "invoice", "credit note"
    pk: int
    number: str
    day: date
    amount: Decimal
    step: Step
    since: date
    who: str
    holds: tuple[Hold, ...]
    reached: dict[str, date]

    def days(self, today: date) -> int:
        """How long it stands in its step."""
        return max(0, (today - self.since).days)


ADMINISTRATORS, CLIENT, ACCOUNTING = "Administrators", "The client", "Accounting"
_RECORD = ("pk", "dwr_number", "date", "submitted_on", "approved_on", "state", "created_by__name", "return_reason")
_RECORD_FACTS = (*_RECORD, "amount", "invoiced__invoice__invoice_date")
_INVOICE_FACTS = (
    *("pk", "number", "kind", "invoice_date", "queue", "subtotal", "is_ticket", "signed_on", "released_on"),
    *("client_approved_on", "export_mark__exported_at", "processed_on", "paid_on", "checks_mask"),
)


def documents_of(job: Job) -> list[Document]:
    """Every DWR and invoice of the job, DWRs first, each by date and number. Two queries."""
    records = with_sums(job.records.order_by("date", "pk"))
    invoices: QuerySet[Any] = job.invoices.annotate(checks_mask=checks.CHECKS_MASK).order_by("invoice_date", "pk")
    return [
        *(_record(job, row) for row in records.values_list(*_RECORD_FACTS, named=True)),
        *(_invoice(job, row) for row in invoices.values_list(*_INVOICE_FACTS, named=True)),
    ]


def _record(job: Job, row: Any) -> Document:
    invoiced = row.invoiced__invoice__invoice_date
    step, since, who = _place_of(job, row)
    reached = {"recorded": row.date, "approved": row.approved_on, "invoiced": invoiced}
    return Document(
        kind="DWR",
        pk=row.pk,
        number=row.dwr_number,
        day=row.date,
        amount=row.amount,
        step=step,
        since=since,
        who=who,
        holds=tuple(_holds(job, row, step)),
        reached={name: day for name, day in reached.items() if day},
    )


def _place_of(job: Job, row: Any) -> tuple[Step, date, str]:
    if row.invoiced__invoice__invoice_date:
        return Step.DONE, row.invoiced__invoice__invoice_date, ""  # the invoice goes on
    if row.state == RecordState.APPROVED:
        return Step.INVOICE, row.approved_on, ADMINISTRATORS
    if row.state == RecordState.SUBMITTED:
        return Step.APPROVE, row.submitted_on, str(job.project_manager)
    return Step.SUBMIT, row.date, row.created_by__name


def _holds(job: Job, row: Any, step: Step) -> list[Hold]:
    found = []
    if row.return_reason:
        found.append(Hold(f"Sent back: {row.return_reason}"))
    if step == Step.INVOICE and job.billing_type != BillingType.TIME_AND_MATERIAL:
        found.append(Hold(f"{job.get_billing_type_display()}: not invoiced from DWRs"))
    elif step == Step.INVOICE and job.po_required and not job.po_number:
        found.append(PO_MISSING)
    return found


def _invoice(job: Job, row: Any) -> Document:
    came = _came(row)
    exported = _day(row.export_mark__exported_at)
    step, since, who = _stands(job, row, came, exported)
    reached = {
        "invoiced": row.invoice_date,
        "signed": came,
        "exported": exported,
        "processed": row.processed_on,
        "paid": row.paid_on,
    }
    return Document(
        kind="credit note" if row.kind == InvoiceKind.CREDIT_NOTE else "invoice",
        pk=row.pk,
        number=row.number,
        day=row.invoice_date,
        amount=row.subtotal,
        step=step,
        since=since,
        who=who,
        holds=tuple(_failed(step, row.checks_mask)),
        reached={name: day for name, day in reached.items() if day},
    )


def _failed(step: Step, mask: int) -> Iterator[Hold]:
    """The failed checks of what is not at its end. That a signature is missing is what the first step waits for."""
    if step != Step.DONE:
        yield from (hold_of(each) for each in checks.failed(mask) if (step, each.slug) != (Step.SIGN, "unsigned"))


def _came(row: Any) -> date | None:
    """The day it came into the Admin Queue: released, or signed and, a ticket, approved by the client."""
    if row.queue in (Queue.PM, Queue.TICKET):
        return None
    day: date | None = row.released_on or (row.client_approved_on if row.is_ticket else row.signed_on)
    return day


def _stands(job: Job, row: Any, came: date | None, exported: date | None) -> tuple[Step, date, str]:
    manager = str(job.project_manager)
    places: Sequence[tuple[bool, Step, date | None, str]] = (
        (row.queue == Queue.PM, Step.SIGN, row.invoice_date, manager),
        (row.queue == Queue.TICKET, Step.CLIENT, row.signed_on, CLIENT),
        (row.queue == Queue.ADMIN and not exported, Step.EXPORT, came, ADMINISTRATORS),
        (row.queue == Queue.ADMIN, Step.PROCESS, exported, ADMINISTRATORS),
        (row.queue == Queue.PROCESSED, Step.PAY, row.processed_on, ACCOUNTING),
    )
    for here, step, since, who in places:
        if here:
            return step, since or row.invoice_date, who
    return Step.DONE, row.paid_on, ""


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None
