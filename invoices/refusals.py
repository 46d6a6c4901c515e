"""Why an invoice stands in the way of a command, in words: who did what to it, and when."""

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from invoices.history import done_words
from invoices.models import Invoice, Queue
from jobbook.common.errors import Refusal
from jobbook.common.models import AuditEntry, AuditItem, Intent, IntentItem


def changed_rows(intent: Intent, *, limit: int = 200) -> list[Refusal]:
    """The invoices of a process window that are no longer what it showed."""
    seen = IntentItem.objects.filter(intent=intent)
    version = Subquery(seen.filter(object_id=OuterRef("pk")).values("version")[:1])
    rows = Invoice.objects.filter(pk__in=seen.values("object_id")).annotate(seen=version)
    moved = rows.exclude(queue=Queue.ADMIN, version=F("seen")).order_by("invoice_date", "number", "pk")
    refusals = [Refusal("moved", last_change(row), row.pk, row.number) for row in _with_last(moved)[:limit]]
    gone = seen.exclude(object_id__in=Invoice.objects.values("pk")).count()
    if gone:
        refusals.append(Refusal("deleted", f"{gone} of the invoices were deleted"))
    return refusals


def not_in_queue(invoice: Invoice, queue: Queue) -> Refusal:
    """Why one invoice is refused by its own page's button."""
    row = _with_last(Invoice.objects.filter(pk=invoice.pk)).get()
    if invoice.queue != queue:
        reason = f"it is in {invoice.queue_label}, not in {queue.label}; {last_change(row)}"
    else:
        reason = f"it was changed since the page was opened; {last_change(row)}"
    return Refusal("moved", reason, invoice.pk, invoice.number)


def changed_since(invoice: Invoice) -> Refusal:
    """Who changed an invoice after the version the user saw."""
    row = _with_last(Invoice.objects.filter(pk=invoice.pk)).get()
    reason = f"it was changed since the page was opened; {last_change(row)}"
    return Refusal("moved", reason, invoice.pk, invoice.number)


def not_in_queues(invoice: Invoice) -> Refusal:
    """Why an invoice where it is now does not take a command, with the way out if there is one."""
    row = _with_last(Invoice.objects.filter(pk=invoice.pk)).get()
    way_out = {
        Queue.PAID: "; clear Paid and untick Processed first, or make a credit note",
        Queue.PROCESSED: "; untick Processed first, or make a credit note",
    }.get(Queue(invoice.queue), "")
    reason = f"it is in {invoice.queue_label}, {last_change(row)}{way_out}"
    return Refusal("moved", reason, invoice.pk, invoice.number)


def last_change_of(invoice: Invoice) -> str:
    """The newest change of one invoice, as `last_change`."""
    return last_change(_with_last(Invoice.objects.filter(pk=invoice.pk)).get())


def last_change(row: Invoice) -> str:
    """'processed by K. Osei at 10:41 on 20 Nov 2026', for a row of `with_last`."""
    entry = AuditEntry.objects.filter(number=row.last_entry).first() if row.last_entry else None  # type: ignore[attr-defined]
    if entry is None:
        return "it was changed"
    moment = timezone.localtime(entry.at)
    what = done_words(entry.action)
    return f"{what} by {entry.actor_name} at {moment:%H:%M} on {moment.day} {moment:%b %Y}"


def _with_last(rows: "QuerySet[Invoice]") -> "QuerySet[Invoice]":
    newest = AuditItem.objects.filter(object_type="invoice", object_id=OuterRef("pk")).order_by("-entry_id")
    return rows.annotate(last_entry=Subquery(newest.values("entry_id")[:1]))
