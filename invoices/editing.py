"""Changing and deleting an invoice that is not processed yet.

In the PM and Ticket Queue a change of lines or totals takes the signature off. In the Admin Queue the signature stays,
with the total that was signed, and the check "changed after signature" shows the difference.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from invoices.checks import (
    left_to_credit,
    lock_invoice,
    refuse_closed,
    refuse_misdated,
    refuse_misshapen,
    refuse_others,
    refuse_totals,
)
from invoices.drafting import Draft, DraftLine, recompute
from invoices.expenses import tick_expenses, untick_all
from invoices.invoiced import RECORD, attach_records, lock_records
from invoices.models import Invoice, InvoicedExpense, InvoicedRecord, InvoiceKind, Queue
from invoices.numbering import retire_number
from invoices.refusals import changed_since, not_in_queues
from invoices.rows import lines_of, taxes_on, write_lines
from invoices.signing import UNSIGNED
from invoices.transitions import INVOICE
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditItem
from jobbook.common.records import Difference

OPEN = (Queue.PM, Queue.TICKET, Queue.ADMIN)
_PROCESSED = ("invoice.process", "invoice.undo", "invoice.untick")


def edit_invoice(
    invoice_id: int,
    *,
    version: int,
    values: Mapping[str, Any],
    lines: Sequence[DraftLine],
    expenses: Sequence[int] = (),
    records: Mapping[int, int] | None = None,
    by: User,
    origin: Origin = NOWHERE,
) -> Invoice:
    """Put fields, lines (kept ones with their id) and ticked expenses onto an invoice; totals are worked out here.

    records: DWRs it takes besides those it has, as in `make_invoice`. Hours edited here never change a DWR. Nothing is
    written, and no version raised, when all is as it was.
    """
    refuse_others(by)
    refuse_misshapen(lines)
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.edit", origin=origin)
        invoice = lock_open(invoice_id, version=version)
        chosen = lock_records(records or {}, invoice.job, lines)
        worked_out = recompute(lines, taxes_on(invoice))
        _check(invoice, values, worked_out)
        difference = Difference()
        if _note_lines(invoice, worked_out, difference):
            write_lines(invoice, worked_out)
        changed = _values(invoice, values, worked_out, difference)
        attach_records(operation, invoice, chosen, worked_out)
        before = _ticked(invoice)
        tick_expenses(operation, invoice, expenses)
        difference.note("expenses", before, _ticked(invoice))
        if difference.after or records:
            _step(operation, invoice, changed, difference)
            operation.close(total=worked_out.total)
    return Invoice.objects.get(pk=invoice_id)


def delete_invoice(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An invoice that never left the house goes; its DWRs return to the backlog, its number is not given again."""
    refuse_others(by)
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.delete", origin=origin)
        invoice = lock_open(invoice_id, version=version)
        refuse_closed(invoice.invoice_date)
        if refusal := why_kept(invoice):
            raise Refused(f"{invoice.number} was not deleted.", [refusal])
        records = list(InvoicedRecord.objects.filter(invoice=invoice).values_list("record_id", flat=True))
        AuditItem.objects.bulk_create(
            operation.item(RECORD, pk, before={"invoice": invoice.number}, after={"invoice": None}) for pk in records
        )
        untick_all(operation, invoice)
        before = {"number": invoice.number, "job": invoice.job_number, "total": invoice.total}
        operation.item(INVOICE, invoice.pk, versions=(invoice.version, None), before=before).save(force_insert=True)
        retire_number(invoice.number)
        invoice.delete()
        operation.close(total=invoice.total)


def why_kept(invoice: Invoice) -> Refusal | None:
    """Why an invoice cannot be deleted: it was exported, processed or credited. A credit note is the way then."""
    items = AuditItem.objects.filter(object_type=INVOICE, object_id=invoice.pk, entry__action__in=_PROCESSED)
    exports: Any = invoice  # the runs above know invoices, not the other way round
    if exports.export_items.exists():
        reason = "it was exported"
    elif items.exists() or invoice.batch_id:
        reason = "it was processed"
    elif invoice.credit_notes.exists():
        reason = "it was credited"
    else:
        return None
    return Refusal("used", f"{reason}; make a credit note instead", invoice.pk, invoice.number)


def lock_open(invoice_id: int, *, version: int) -> Invoice:
    """The locked invoice: not processed yet, and as the user saw it."""
    invoice = lock_invoice(invoice_id)
    if invoice.queue not in OPEN:
        raise Refused(f"{invoice.number} was not changed.", [not_in_queues(invoice)])
    if invoice.version != version:
        raise Refused(f"{invoice.number} was not changed.", [changed_since(invoice)])
    return invoice


def _check(invoice: Invoice, values: Mapping[str, Any], worked_out: Draft) -> None:
    """Refused when the invoice cannot be as it would be."""
    refuse_closed(invoice.invoice_date, values.get("invoice_date"))
    refuse_misdated({"invoice_date": invoice.invoice_date, "due_date": invoice.due_date, **values})
    if invoice.queue == Queue.ADMIN and not worked_out.lines:
        raise Refused(f"{invoice.number} is in the Admin Queue: it keeps a line, or is deleted.")
    left = left_to_credit(invoice.credits, besides=invoice) if invoice.credits else None
    refuse_totals(invoice.kind, worked_out, left=left)
    if invoice.kind == InvoiceKind.INVOICE and (taken := invoice.total - left_to_credit(invoice)) > worked_out.total:
        raise Refused(f"{taken:,.2f} of {invoice.number} is credited already; the lines come to less.")


def _ticked(invoice: Invoice) -> list[str]:
    """The numbers of its expenses."""
    return sorted(InvoicedExpense.objects.filter(invoice=invoice).values_list("expense__expense_number", flat=True))


def _note_lines(invoice: Invoice, worked_out: Draft, difference: Difference) -> bool:
    """Whether the lines differ from those the invoice has; the audit then keeps both."""
    before, after = lines_of(invoice), list(worked_out.lines)
    if [_as_kept(line) for line in before] == [_as_kept(line) for line in after]:
        return False
    difference.before["lines"] = [_words(line) for line in before]
    difference.after["lines"] = [_words(line) for line in after]
    return True


def _as_kept(line: DraftLine) -> tuple[Any, ...]:
    """What of a line is kept, without what stands behind it."""
    return tuple(getattr(line, name) for name in DraftLine.__slots__ if name != "sources")


def _words(line: DraftLine) -> str:
    """'Foreman – J. Lavoie, 8.5 h x 112.00 = 952.00'."""
    head = (line.description or line.item_code).split("\n")[0]
    if line.quantity is None or line.unit_price is None:
        return f"{head}, {line.amount:,.2f}"
    return f"{head}, {line.quantity.normalize():f} {line.unit} x {line.unit_price:,.2f} = {line.amount:,.2f}"


def _values(invoice: Invoice, values: Mapping[str, Any], worked_out: Draft, difference: Difference) -> dict[str, Any]:
    """The fields to write: what was given, the totals, and the signature where the change takes it off."""
    totals = {"subtotal": worked_out.subtotal, "tax": worked_out.tax, "total": worked_out.total}
    wanted = {**values, **totals}
    for name, value in wanted.items():
        difference.note(name, getattr(invoice, name), value)
    moved = "lines" in difference.after or any(name in difference.after for name in totals)
    if moved and invoice.queue in (Queue.PM, Queue.TICKET) and invoice.signed_on:
        for name, value in UNSIGNED.items():
            difference.note(name, getattr(invoice, name), value)
        wanted |= UNSIGNED
    return {name: value for name, value in wanted.items() if getattr(invoice, name) != value}


def _step(operation: Operation, invoice: Invoice, changed: dict[str, Any], difference: Difference) -> None:
    """One version; one content version when something printed or exported changed."""
    printed = set(difference.after) - {"expenses"}
    steps: dict[str, Any] = {"version": F("version") + 1}
    if printed:
        steps["content_version"] = F("content_version") + 1
    Invoice.objects.filter(pk=invoice.pk).update(**changed, **steps)
    versions = (invoice.version, invoice.version + 1)
    item = operation.item(INVOICE, invoice.pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
