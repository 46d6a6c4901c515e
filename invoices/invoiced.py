"""DWRs on invoices: which an invoice may take, and what it notes about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from invoices.drafting import Draft, DraftLine
from invoices.models import Invoice, InvoicedRecord
from invoices.rows import write_left_out
from jobbook.common.audit import Operation
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditItem
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import BillingType, DailyWorkRecord, Job, RecordState, WorkLine

RECORD = "dwr"  # object_type of audit items
NEVER_INVOICED = (BillingType.NON_CHARGEABLE, BillingType.OVERHEAD)


def lock_records(seen: Mapping[int, int], job: Job, lines: Sequence[DraftLine]) -> "QuerySet[DailyWorkRecord]":
    """The DWRs that an invoice of `job` takes by hand, locked: approved, of that job, on no invoice.

    seen: their versions when their lines were drawn up. Refused otherwise, when one was changed since, and when one of
    the `lines` bills work that is not in them.
    """
    records = DailyWorkRecord.objects.filter(pk__in=list(seen))
    if seen:
        lock_rows(records)
    found = list(looked_at(records))
    refusals = [refusal for row in found if (refusal := why_not_by_hand(row, job, seen[row.pk]))]
    if len(found) != len(seen):
        refusals.append(Refusal("deleted", "a DWR is not there any more"))
    billed = {source for line in lines for source in line.sources}
    if not refusals and not billed.issubset(WorkLine.objects.filter(record__in=records).values_list("pk", flat=True)):
        refusals.append(Refusal("moved", "a DWR was changed since its lines were added. Add them again"))
    if refusals:
        raise Refused("Nothing was saved.", refusals)
    return records


def attach_records(
    operation: Operation, invoice: Invoice, records: "QuerySet[DailyWorkRecord]", worked_out: Draft
) -> None:
    """Put the records onto the invoice; what of their lines stands behind none of its lines is noted as left out."""
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    InvoicedRecord.objects.bulk_create(InvoicedRecord(record_id=pk, invoice=invoice) for pk in ids)
    write_left_out(invoice, ids, {source for line in worked_out.lines for source in line.sources})
    AuditItem.objects.bulk_create(operation.item(RECORD, pk, after={"invoice": invoice.number}) for pk in ids)


def looked_at(records: "QuerySet[DailyWorkRecord]") -> Any:
    return records.select_related("job", "invoiced__invoice").order_by("date", "pk")


def why_not_by_hand(record: Any, job: Job, seen: int) -> Refusal | None:
    """Why an invoice of `job` cannot take a DWR with the lines drawn up from its version `seen`."""
    refusal = why_not(record, job)
    if refusal is None and record.version != seen:
        reason = "it was changed since its lines were added. Take its lines anew"
        refusal = Refusal("moved", reason, record.pk, str(record))
    return refusal


def why_not(record: Any, job: Job, seen: int | None = None) -> Refusal | None:
    """Why a DWR cannot be on an invoice of `job`; None when it can. seen: the version the window showed."""
    invoiced = getattr(record, "invoiced", None)
    if invoiced is not None:
        reason, code = f"it is on invoice {invoiced.invoice} already", "invoiced"
    elif record.job_id != job.pk:
        reason, code = f"it is of job {record.job.job_number}, not of {job.job_number}", "job"
    elif record.state != RecordState.APPROVED:
        reason, code = "it is not approved any more", "state"
    elif job.billing_type in NEVER_INVOICED:
        reason, code = f"job {job.job_number} is {job.get_billing_type_display()}: it is never invoiced", "billing"
    elif seen is not None and job.billing_type != BillingType.TIME_AND_MATERIAL:
        reason, code = f"job {job.job_number} is not invoiced from DWRs", "billing"
    elif seen is not None and record.version != seen:
        reason, code = "it was changed since the window opened", "moved"
    else:
        return None
    return Refusal(code, reason, record.pk, str(record))
