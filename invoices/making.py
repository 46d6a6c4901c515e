"""Making invoices: from DWRs, one for each job; by hand; and credit notes.

Each command is one durable transaction: lock the ledger head, lock what is invoiced, re-check on the locked rows,
write, audit. Numbers are given under the head's lock, so they are in order of commit.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from invoices.copies import copies_from, copies_of
from invoices.drafting import Draft, DraftLine, draft, recompute
from invoices.expenses import tick_expenses
from invoices.models import Invoice, InvoicedRecord, InvoiceKind
from invoices.numbering import next_invoice_number
from invoices.rows import fees_of, taxes_of, taxes_on, works_of, write_left_out, write_lines
from invoices.transitions import INVOICE
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.intents import freeze, mark_used, open_intent
from jobbook.common.models import AuditItem, Intent, IntentItem
from jobbook.common.money import money_sum, total_of
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import BillingType, Company, DailyWorkRecord, Expense, ExpenseState, Job, RecordState

INVOICE_RECORDS = "record.invoice"  # action of an intent
RECORD = "dwr"  # object_type of audit items
_NEVER = (BillingType.NON_CHARGEABLE, BillingType.OVERHEAD)


@dataclass(frozen=True)
class PlannedInvoice:
    """An invoice to be made of a selection: its job, its DWRs and their amount, expenses of the job still open."""

    job: Job
    records: int
    amount: Decimal
    expenses: int


@dataclass(frozen=True)
class InvoicingResult:
    """The invoices made, the jobs left out with the reasons, and whether an earlier submit of the window made them."""

    invoices: list[Invoice]
    refusals: list[Refusal] = field(default_factory=list)
    repeated: bool = False


def plan_invoices(records: "QuerySet[DailyWorkRecord]") -> list[PlannedInvoice]:
    """What Invoice Selected DWRs would make, by job number. Three queries."""
    rows = DailyWorkRecord.objects.filter(pk__in=records.order_by().values("pk")).order_by()
    sums = rows.values("job").annotate(n=Count("pk", distinct=True), amount=money_sum("lines__amount"))
    found = {row["job"]: row for row in sums}
    waiting = Expense.objects.filter(job__in=found, state__in=[ExpenseState.SUBMITTED, ExpenseState.APPROVED])
    open_ = dict(waiting.order_by().values_list("job").annotate(n=Count("pk")))
    jobs = Job.objects.filter(pk__in=found).select_related("client").order_by("job_number")
    return [PlannedInvoice(job, found[job.pk]["n"], found[job.pk]["amount"], open_.get(job.pk, 0)) for job in jobs]


def invoicing_intent(*, user: User, records: "QuerySet[DailyWorkRecord]") -> Intent:
    """What the window of Invoice Selected DWRs shows."""
    return freeze(user=user, action=INVOICE_RECORDS, rows=records, amount="lines__amount")


def invoice_records(intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> InvoicingResult:
    """One invoice for each job of the window's DWRs, dated today. A job with one that cannot be invoiced is left out.

    Refused when no invoice can be made. A second submit answers with the invoices of the first.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.create", origin=origin)
        intent = open_intent(intent_id, user=by, action=INVOICE_RECORDS)
        if intent.entry_number is not None:
            return InvoicingResult(_made_by(intent.entry_number), repeated=True)
        seen = IntentItem.objects.filter(intent=intent)
        records = DailyWorkRecord.objects.filter(pk__in=seen.values("object_id"))
        lock_rows(records)
        failpoint("issue.after_lock")
        result = _invoice_each(operation, records, seen)
        if not result.invoices:
            raise Refused("No invoice was made.", result.refusals)
        entry = operation.close(count=len(result.invoices), total=total_of(each.total for each in result.invoices))
        mark_used(intent, entry.number)
        failpoint("issue.after_items")
    failpoint("issue.after_commit")
    return result


def make_invoice(
    job_id: int,
    *,
    values: Mapping[str, Any],
    lines: Sequence[DraftLine],
    expenses: Sequence[int] = (),
    records: Sequence[int] = (),
    by: User,
    origin: Origin = NOWHERE,
) -> Invoice:
    """An invoice by hand. values: fields of Invoice besides the copies; lines: priced anew here.

    records: ids of approved DWRs of the job that it bills; what of their lines stands behind no line is left out.
    expenses: ids of approved ones that it accounts for.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.create", origin=origin)
        job = Job.objects.select_related("client", "office", "billing_address").get(pk=job_id)
        if job.billing_type in _NEVER:
            raise Refused(f"Job {job} is {job.get_billing_type_display()}: it is never invoiced.")
        chosen = lock_records(records, job)
        worked_out = recompute(lines, taxes_of(job))
        invoice = _create(operation, job, worked_out, values={**_dated(operation, job), **values})
        attach_records(operation, invoice, chosen, worked_out)
        tick_expenses(operation, invoice, expenses)
        operation.close(total=invoice.total)
    return invoice


def make_credit_note(
    invoice_id: int,
    *,
    values: Mapping[str, Any],
    lines: Sequence[DraftLine],
    by: User,
    origin: Origin = NOWHERE,
) -> Invoice:
    """A credit note of an invoice, whole or in part: negative lines, never more than is left of it. Frees no DWR."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.create", origin=origin)
        lock_rows(Invoice.objects.filter(pk=invoice_id))
        credited = Invoice.objects.select_related("job", "client").get(pk=invoice_id)
        if credited.kind != InvoiceKind.INVOICE:
            raise Refused(f"{credited.number} is a credit note itself.")
        worked_out = recompute(lines, taxes_on(credited))
        left = left_to_credit(credited)
        if worked_out.total >= 0:
            raise Refused("A credit note comes to less than zero.")
        if left + worked_out.total < 0:
            raise Refused(f"Of {credited.number} only {left:,.2f} is left to credit; this is {-worked_out.total:,.2f}.")
        today = timezone.localdate(operation.at)
        given = {"invoice_date": today, **values}
        given = {**copies_from(credited), "due_date": given["invoice_date"], **given, "credits": credited}
        note = _write(operation, credited.job, worked_out, given, kind=InvoiceKind.CREDIT_NOTE)
        operation.item(INVOICE, credited.pk, after={"credited_by": note.number}).save(force_insert=True)
        operation.close(total=note.total)
    return note


def left_to_credit(invoice: Invoice) -> Decimal:
    """The total of an invoice less what was credited of it."""
    return total_of([invoice.total, *invoice.credit_notes.values_list("total", flat=True)])


def refuse_closed(*days: Any) -> None:
    """Nothing dated in a closed period is made, changed or deleted."""
    closed = Company.current().books_closed_through
    if closed and any(day and day <= closed for day in days):
        raise Refused(f"The books are closed through {closed:%-d %b %Y}. Date it later, or have the period opened.")


def lock_records(ids: Sequence[int], job: Job) -> "QuerySet[DailyWorkRecord]":
    """The DWRs that an invoice of `job` takes, locked: approved, of that job, on no invoice. Refused otherwise."""
    records = DailyWorkRecord.objects.filter(pk__in=list(ids))
    if ids:
        lock_rows(records)
    refusals = [refusal for row in _looked_at(records) if (refusal := _why_not(row, job))]
    if refusals or records.count() != len(set(ids)):
        raise Refused("Nothing was saved.", refusals or [Refusal("deleted", "a DWR is not there any more")])
    return records


def attach_records(
    operation: Operation, invoice: Invoice, records: "QuerySet[DailyWorkRecord]", worked_out: Draft
) -> None:
    """Put the records onto the invoice; what of their lines stands behind none of its lines is noted as left out."""
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    InvoicedRecord.objects.bulk_create(InvoicedRecord(record_id=pk, invoice=invoice) for pk in ids)
    write_left_out(invoice, ids, {source for line in worked_out.lines for source in line.sources})
    AuditItem.objects.bulk_create(operation.item(RECORD, pk, after={"invoice": invoice.number}) for pk in ids)


def _invoice_each(
    operation: Operation, records: "QuerySet[DailyWorkRecord]", seen: "QuerySet[IntentItem]"
) -> InvoicingResult:
    refuse_closed(timezone.localdate(operation.at))
    version = Subquery(seen.filter(object_id=OuterRef("pk")).values("version")[:1])
    rows = list(_looked_at(records.annotate(seen=version)))
    made, refusals = [], []
    jobs = Job.objects.select_related("client", "office", "billing_address").in_bulk({row.job_id for row in rows})
    for job in sorted(jobs.values(), key=lambda job: job.job_number):
        mine = [row for row in rows if row.job_id == job.pk]
        why = [refusal for row in mine if (refusal := _why_not(row, job, seen=row.seen))]
        if why:
            refusals += why
        else:
            made.append(_of_records(operation, job, records.filter(job=job)))
    gone = seen.count() - len(rows)
    if gone:
        refusals.append(Refusal("deleted", f"{gone} of the DWRs were deleted"))
    return InvoicingResult(made, refusals)


def _of_records(operation: Operation, job: Job, records: "QuerySet[DailyWorkRecord]") -> Invoice:
    taxes = taxes_of(job)
    works = works_of(records).get(job.pk, [])
    drawn = draft(works, line_item_type=job.line_item_type, fees=fees_of(job, taxes), taxes=taxes)
    invoice = _create(operation, job, drawn, values=_dated(operation, job))
    attach_records(operation, invoice, records, drawn)
    return invoice


def _looked_at(records: "QuerySet[DailyWorkRecord]") -> Any:
    return records.select_related("job", "invoiced__invoice").order_by("date", "pk")


def _why_not(record: Any, job: Job, seen: int | None = None) -> Refusal | None:
    """Why a DWR cannot be on an invoice of `job`; None when it can. seen: the version the window showed."""
    invoiced = getattr(record, "invoiced", None)
    if invoiced is not None:
        reason, code = f"it is on invoice {invoiced.invoice} already", "invoiced"
    elif record.job_id != job.pk:
        reason, code = f"it is of job {record.job.job_number}, not of {job.job_number}", "job"
    elif record.state != RecordState.APPROVED:
        reason, code = "it is not approved any more", "state"
    elif job.billing_type in _NEVER:
        reason, code = f"job {job.job_number} is {job.get_billing_type_display()}: it is never invoiced", "billing"
    elif seen is not None and job.billing_type != BillingType.TIME_AND_MATERIAL:
        reason, code = f"job {job.job_number} is not invoiced from DWRs", "billing"
    elif seen is not None and record.version != seen:
        reason, code = "it was changed since the window opened", "moved"
    else:
        return None
    return Refusal(code, reason, record.pk, str(record))


def _dated(operation: Operation, job: Job) -> dict[str, Any]:
    today = timezone.localdate(operation.at)
    return {"invoice_date": today, "due_date": today + timedelta(days=job.client.terms_days)}


def _create(operation: Operation, job: Job, worked_out: Draft, *, values: Mapping[str, Any]) -> Invoice:
    if worked_out.total < 0:
        raise Refused(f"The lines come to {worked_out.total:,.2f}: that is a credit note, not an invoice.")
    return _write(operation, job, worked_out, {**copies_of(job, Company.current()), **values})


def _write(
    operation: Operation,
    job: Job,
    worked_out: Draft,
    values: Mapping[str, Any],
    *,
    kind: InvoiceKind = InvoiceKind.INVOICE,
) -> Invoice:
    """The inner step: the row, its number, its lines and taxes, its item in the audit."""
    refuse_closed(values["invoice_date"])
    by = operation.by
    invoice = Invoice.objects.create(
        number=next_invoice_number(kind),
        kind=kind,
        job=job,
        client=job.client,
        created_by=by if isinstance(by, User) else None,
        subtotal=worked_out.subtotal,
        tax=worked_out.tax,
        total=worked_out.total,
        **values,
    )
    write_lines(invoice, worked_out)
    after = {"number": invoice.number, "job": job.job_number, "total": invoice.total}
    operation.item(INVOICE, invoice.pk, versions=(None, invoice.version), after=after).save(force_insert=True)
    return invoice


def _made_by(entry_number: int) -> list[Invoice]:
    items = AuditItem.objects.filter(entry_id=entry_number, object_type=INVOICE)
    return list(Invoice.objects.filter(pk__in=items.values("object_id")).order_by("pk"))
