"""The page of one invoice: its queue, its document, its history, and links to the acts that concern it alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backlog.invoice_acts import acts_of
from backlog.invoice_detail import ReferenceForm, may_set_reference
from exports.models import ExportItem, RunState
from invoices.document import LineData, load
from invoices.history import history
from invoices.models import Invoice, Queue
from invoices.pdf.glyphs import missing_glyphs
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.money import total_of
from jobbook.jobs.models import Section


@dataclass(frozen=True)
class QueueStep:
    """A step of the queue bar, and at the current one what the invoice waits for."""

    label: str
    state: str  # done, current, next
    note: str = ""


@require_safe
@requires(Permission.SEE_INVOICES)
def invoice_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    visible = Invoice.objects.visible_to(user)
    invoice = get_object_or_404(visible.select_related("job__project_manager", "batch", "credits"), pk=pk)
    document = next(load(Invoice.objects.filter(pk=pk)))
    exports = ExportItem.objects.filter(invoice=invoice, run__state__in=[RunState.SUCCEEDED, RunState.EXPIRED])
    context = {
        "invoice": invoice,
        "document": document,
        "sections": sections(document.lines),
        "steps": queue_steps(invoice),
        "history": history(pk),
        "missing_glyphs": missing_glyphs(document),
        "credit_notes": visible.filter(credits=invoice).order_by("number"),
        "exports": exports.select_related("run").order_by("-run__number")[:50],
        "records": invoice.invoiced_records.select_related("record").order_by("record__date", "record_id"),
        "reference_form": ReferenceForm(initial={"accounting_reference": invoice.accounting_reference}),
        "may_set_reference": may_set_reference(user, invoice),
        "may_see_runs": user.can(Permission.SEE_RUNS),
        "may_see_batches": user.can(Permission.SEE_BATCHES),
        "acts": [act for act in acts_of(invoice) if user.can(act.permission)],
    }
    return render(request, "backlog/invoice.html", context)


def queue_steps(invoice: Invoice) -> list[QueueStep]:
    """The queues an invoice passes, and what it waits for where it is."""
    order = [Queue.PM, *([Queue.TICKET] if invoice.is_ticket else []), Queue.ADMIN, Queue.PROCESSED, Queue.PAID]
    here = order.index(Queue(invoice.queue))
    notes = {
        Queue.PM: "waits for the representative's signature",
        Queue.TICKET: "waits for the client to approve the ticket",
        Queue.ADMIN: _released(invoice) or "to be exported and processed",
        Queue.PROCESSED: f"in batch #{invoice.batch_number()}",
        Queue.PAID: f"on {invoice.paid_on}",
    }
    states = ["done" if i < here else "current" if i == here else "next" for i in range(len(order))]
    return [
        QueueStep(str(queue.label), state, notes[queue] if state == "current" else "")
        for queue, state in zip(order, states, strict=True)
    ]


def _released(invoice: Invoice) -> str:
    if not invoice.released_on or invoice.signed_on:
        return ""
    return f"not signed: released by {invoice.released_by}, {invoice.release_reason}"


def sections(lines: Sequence[LineData]) -> list[dict[str, object]]:
    """The lines by section in the order they are printed, each section with its subtotal."""
    found = [(section, [line for line in lines if line.section == section.value]) for section in Section]
    return [
        {"label": section.label, "lines": part, "subtotal": total_of(line.amount for line in part)}
        for section, part in found
        if part
    ]
