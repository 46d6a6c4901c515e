"""The accounting detail below a row: the document as it is exported, what is behind it, and what happened to it."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backlog import checks
from backlog.checks import CHECKS, CHECKS_MASK, OPEN_EXPENSES, Check
from backlog.unmapped import unmapped
from exports.models import ExportItem
from invoices.document import InvoiceData, LineData, load
from invoices.models import Invoice, InvoicedRecord, ProcessBatch, Queue
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.models import AuditItem
from jobbook.common.money import total_of
from jobbook.jobs.models import Expense, Section

_NEWEST = 10  # exports and batches named


class ReferenceForm(forms.Form):
    accounting_reference = forms.CharField(
        label="Accounting reference", max_length=64, required=False, help_text="What accounting calls this invoice."
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # what the page showed


@dataclass(frozen=True)
class SectionLines:
    """The lines of one section and their sum."""

    label: str
    lines: list[LineData]
    subtotal: Decimal


@dataclass(frozen=True)
class ShownCheck:
    """A check in words; `url` leads to where it is mended when that page exists and the user may open it."""

    passed: bool
    kind: str
    text: str
    url: str | None


@requires(Permission.SEE_INVOICES)
@require_safe
def invoice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment of one row, or a page with it for a browser without scripts."""
    if getattr(request, "htmx", False):
        return detail_part(request, pk)
    return render(request, "backlog/invoice_detail.html", page_context(request, pk))


def detail_part(request: HttpRequest, pk: int, *, form: ReferenceForm | None = None, status: int = 200) -> HttpResponse:
    """The fragment of one row; `form` is one that was sent from it."""
    context = page_context(request, pk)
    if form is not None:
        context |= {"reference_form": form, "reference_saved": status == 200}
    return render(request, "backlog/_invoice_detail.html", context, status=status)


def page_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The detail of an invoice the user may see, and what of it they may open or change."""
    user = user_of(request)
    row = Invoice.objects.visible_to(user).filter(pk=pk)
    invoice = row.select_related("job__project_manager", "job__client").annotate(checks_mask=CHECKS_MASK).first()
    if invoice is None:
        raise Http404
    reference = {"accounting_reference": invoice.accounting_reference, "seen": invoice.accounting_reference}
    rights = {
        "may_see_runs": user.can(Permission.SEE_RUNS),
        "may_see_batches": user.can(Permission.SEE_BATCHES),
        "may_set_reference": may_set_reference(user, invoice),
        "reference_form": ReferenceForm(initial=reference, auto_id=f"reference-{pk}-%s"),
    }
    return {**detail_context(invoice, user), **rights}


def may_set_reference(user: User, invoice: Invoice) -> bool:
    """Accounting refers to what reached it."""
    return user.can(Permission.SET_REFERENCE) and invoice.queue not in (Queue.PM, Queue.TICKET)


def detail_context(invoice: Invoice, user: User) -> dict[str, Any]:
    """What the detail shows to `user`. `invoice` is annotated with its `checks_mask`."""
    document = next(load(Invoice.objects.filter(pk=invoice.pk)))
    expenses = list(expenses_of(invoice))
    return {
        "invoice": invoice,
        "document": document,
        "sections": sections(document),
        "lines_total": total_of(line.amount for line in document.lines),
        "bill_to": document.address,
        "records": [link.record for link in records_of(invoice)],
        "expenses": expenses,
        "exports": exports_of(invoice),
        "batches": batches_of(invoice),
        "checks": shown_checks(invoice, document, expenses, user),
    }


def sections(document: InvoiceData) -> list[SectionLines]:
    """The lines in their order, cut where the section changes; every line is in exactly one part."""
    parts = []
    for section, lines in groupby(document.lines, key=lambda line: line.section):
        shown = list(lines)
        parts.append(SectionLines(str(Section(section).label), shown, total_of(line.amount for line in shown)))
    return parts


def records_of(invoice: Invoice) -> "QuerySet[InvoicedRecord]":
    return invoice.invoiced_records.select_related("record").order_by("record__date", "record_id")


def expenses_of(invoice: Invoice) -> "QuerySet[Expense]":
    """The job's expenses up to the invoice's date that are submitted at least."""
    rows = Expense.objects.filter(job_id=invoice.job_id, date__lte=invoice.invoice_date)
    return rows.exclude(state="draft").order_by("-date", "pk")[:50]


def exports_of(invoice: Invoice) -> list[ExportItem]:
    """The newest runs that asked for this invoice and succeeded, with the file they made."""
    items = ExportItem.objects.filter(invoice=invoice, problem="", run__state__in=["succeeded", "expired"])
    return list(items.select_related("run").order_by("-run__number")[:_NEWEST])


def batches_of(invoice: Invoice) -> list[ProcessBatch]:
    """The newest batches it was ever in: audit items of the entries that made them."""
    entries = AuditItem.objects.filter(object_type="invoice", object_id=invoice.pk).values("entry")
    return list(ProcessBatch.objects.filter(entry_number__in=entries).order_by("-number")[:_NEWEST])


def shown_checks(invoice: Invoice, document: InvoiceData, expenses: list[Expense], user: User) -> list[ShownCheck]:
    bad = checks.failed(invoice.checks_mask)  # type: ignore[attr-defined]
    pending = sum(expense.state in OPEN_EXPENSES for expense in expenses)

    def shown(check: Check) -> ShownCheck:
        if check not in bad:
            return ShownCheck(True, "ok", check.passed, None)
        text = checks.explain(check, document, signed_total=invoice.signed_total, open_expenses=pending)
        text, url = unmapped(check.slug, invoice, document) or (text, check.mended_at())
        return ShownCheck(
            False, check.kind, text, url if check.mended_by is None or user.can(check.mended_by) else None
        )

    return sorted(map(shown, CHECKS), key=lambda check: check.passed)
