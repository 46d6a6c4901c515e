"""Making invoices: from DWRs, one for each job; by hand; and credit notes.

Each command is one durable transaction: lock the ledger head, lock what is invoiced, re-check on the locked rows,
write, audit. Numbers are given under the head's lock, so they are in order of commit.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from invoices.checks import (
    left_to_credit,
    lock_invoice,
    refuse_closed,
    refuse_misdated,
    refuse_misshapen,
    refuse_others,
    refuse_totals,
)
from invoices.copies import copies_from, copies_of
from invoices.drafting import Draft, DraftLine, draft, recompute
from invoices.expenses import tick_expenses
from invoices.invoiced import NEVER_INVOICED, attach_records, lock_records, looked_at, why_not
from invoices.models import Invoice, InvoiceKind, Queue
from invoices.models.invoice import HANDED_OVER
from invoices.numbering import next_invoice_number
from invoices.refusals import changed_since
from invoices.rows import fees_of, taxes_of, taxes_on, works_of, write_lines
from invoices.transitions import INVOICE
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.intents import freeze, mark_used, open_intent
from jobbook.common.models import AuditEntry, AuditItem, Intent, IntentItem
from jobbook.common.money import money_sum, total_of
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import Company, DailyWorkRecord, Expense, ExpenseState, Job

INVOICE_RECORDS = "record.invoice"  # action of an intent


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
    refuse_others(by)
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
    records: Mapping[int, int] | None = None,
    key: uuid.UUID | None = None,
    by: User,
    origin: Origin = NOWHERE,
) -> Invoice:
    """An invoice by hand. values: fields of Invoice besides the copies; lines: priced anew here.

    records: ids of approved DWRs of the job that it bills, with the versions its lines were drawn up from; what of
    their work stands behind no line is left out.
    expenses: ids of approved ones that it accounts for. key: of the form, so that sending it twice makes one invoice.
    """
    refuse_others(by)
    refuse_misshapen(lines)
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.create", origin=origin, id=key or uuid.uuid4())
        if earlier := _made_before(operation):
            return earlier
        job = Job.objects.select_related("client", "office", "billing_address").get(pk=job_id)
        if job.billing_type in NEVER_INVOICED:
            raise Refused(f"Job {job} is {job.get_billing_type_display()}: it is never invoiced.")
        chosen = lock_records(records or {}, job, lines)
        worked_out = recompute(lines, taxes_of(job))
        invoice = _create(operation, job, worked_out, values={**_dated(operation, job), **values})
        attach_records(operation, invoice, chosen, worked_out)
        tick_expenses(operation, invoice, expenses)
        operation.close(total=invoice.total)
    return invoice


def make_credit_note(
    invoice_id: int,
    *,
    version: int,
    values: Mapping[str, Any],
    lines: Sequence[DraftLine],
    key: uuid.UUID | None = None,
    by: User,
    origin: Origin = NOWHERE,
) -> Invoice:
    """A credit note of an invoice, whole or in part: negative lines, never more than is left of it. Frees no DWR.

    Its lines name no DWR: a DWR stands on one invoice. version: of the invoice that the user saw. key: as in
    `make_invoice`.
    """
    refuse_others(by)
    refuse_misshapen(lines)
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.create", origin=origin, id=key or uuid.uuid4())
        if earlier := _made_before(operation):
            return earlier
        credited = lock_invoice(invoice_id)
        if credited.version != version:
            raise Refused(f"{credited.number} was not credited.", [changed_since(credited)])
        worked_out = recompute(map(_credit_line, lines), taxes_on(credited))
        _check_credit(credited, worked_out)
        today = timezone.localdate(operation.at)
        given = {"invoice_date": today, **values}
        given = {**copies_from(credited), "due_date": given["invoice_date"], **given, "credits": credited}
        note = _write(operation, credited.job, worked_out, given, kind=InvoiceKind.CREDIT_NOTE)
        operation.item(INVOICE, credited.pk, after={"credited_by": note.number}).save(force_insert=True)
        operation.close(total=note.total)
    return note


def _credit_line(line: DraftLine) -> DraftLine:
    return replace(line, id=None, record_id=None, sources=())


def _check_credit(credited: Invoice, worked_out: Draft) -> None:
    if credited.kind != InvoiceKind.INVOICE:
        raise Refused(f"{credited.number} is a credit note itself.")
    if credited.queue not in HANDED_OVER:
        queue = Queue(credited.queue).label
        raise Refused(f"{credited.number} is in the {queue}: change or delete it instead of crediting it.")
    if worked_out.total >= 0:
        raise Refused("A credit note comes to less than zero.")
    refuse_totals(InvoiceKind.CREDIT_NOTE, worked_out, left=left_to_credit(credited))


def _made_before(operation: Operation) -> Invoice | None:
    """What an earlier submit of the same form made. Asked under the lock of the ledger head."""
    entry = AuditEntry.objects.filter(operation=operation.id).first()
    if entry is None:
        return None
    if entry.actor_id != operation.by.pk:
        raise Refused("This form was sent by somebody else. Open it again.")
    made = entry.items.filter(object_type=INVOICE, version_before=None, version_after__isnull=False)
    invoice = Invoice.objects.filter(pk__in=made.values("object_id")).first()
    if invoice is None:
        raise Refused("The invoice this form made was deleted.")
    return invoice


def _invoice_each(
    operation: Operation, records: "QuerySet[DailyWorkRecord]", seen: "QuerySet[IntentItem]"
) -> InvoicingResult:
    refuse_closed(timezone.localdate(operation.at))
    version = Subquery(seen.filter(object_id=OuterRef("pk")).values("version")[:1])
    rows = list(looked_at(records.annotate(seen=version)))
    made, refusals = [], []
    jobs = Job.objects.select_related("client", "office", "billing_address").in_bulk({row.job_id for row in rows})
    for job in sorted(jobs.values(), key=lambda job: job.job_number):
        mine = [row for row in rows if row.job_id == job.pk]
        why = [refusal for row in mine if (refusal := why_not(row, job, seen=row.seen))]
        try:
            refusals += why
            made += [] if why else [_of_records(operation, job, records.filter(job=job))]
        except Refused as refused:  # before anything of this job was written
            refusals.append(Refusal("totals", str(refused), job.pk, f"Job {job.job_number}"))
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


def _dated(operation: Operation, job: Job) -> dict[str, Any]:
    today = timezone.localdate(operation.at)
    return {"invoice_date": today, "due_date": today + timedelta(days=job.client.terms_days)}


def _create(operation: Operation, job: Job, worked_out: Draft, *, values: Mapping[str, Any]) -> Invoice:
    refuse_totals(InvoiceKind.INVOICE, worked_out)
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
    refuse_misdated(values)
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
