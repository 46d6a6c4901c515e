"""Crediting an invoice, whole or in part."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from invoices.form.credit import CreditSheet, credit_sheet
from invoices.form.key import key_of, was_used
from invoices.making import make_credit_note
from invoices.models import Invoice, InvoiceKind
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.views import conflict


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INVOICE)
def invoice_credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Every line is ticked in full at first. Recalculate saves nothing."""
    visible = Invoice.objects.visible_to(user_of(request))
    invoice = get_object_or_404(visible.select_related("job"), pk=pk)
    if invoice.kind != InvoiceKind.INVOICE:
        reason = f"{invoice.number} is a credit note itself. Delete it, or make an invoice."
        return conflict(request, reason, back=reverse("invoice_page", args=[pk]))
    if request.method != "POST":
        return _page(request, credit_sheet(invoice))
    sheet = credit_sheet(invoice, request.POST)
    if request.POST.get("act") == "totals":
        return render(request, "invoices/_credit_totals.html", {"sheet": sheet})
    if request.POST.get("act") == "recalculate":
        return _page(request, sheet)
    if (not sheet.form.is_valid() or sheet.problems) and not sheet.is_stale:  # of a stale one the command says so
        return _page(request, sheet, status=422)
    return _credit(request, sheet)


def _credit(request: HttpRequest, sheet: CreditSheet) -> HttpResponse:
    key = key_of(request.POST)
    repeated = was_used(key)
    try:
        note = make_credit_note(
            sheet.invoice.pk,
            version=sheet.version,
            values=dict(sheet.form.cleaned_data),
            lines=sheet.lines,
            key=key,
            by=user_of(request),
            origin=origin_of(request),
        )
    except Refused as refused:
        return _refused(request, sheet, refused)
    if repeated:
        messages.warning(request, f"This form was saved already, as {note.number}. It was not saved again.")
    else:
        messages.success(request, f"{note.number} credits {sheet.invoice.number}.")
    return redirect("invoice_page", note.pk)


def _refused(request: HttpRequest, sheet: CreditSheet, refused: Refused) -> HttpResponse:
    """409: what was typed stays, on the lines as they are now; sent again it credits these."""
    invoice = get_object_or_404(Invoice.objects.visible_to(user_of(request)).select_related("job"), pk=sheet.invoice.pk)
    shown = credit_sheet(invoice, request.POST)
    shown.version = invoice.version
    return _page(request, shown, status=409, refused=refused)


def _page(
    request: HttpRequest, sheet: CreditSheet, *, status: int = 200, refused: Refused | None = None
) -> HttpResponse:
    notes = sheet.invoice.credit_notes.order_by("number")
    context = {
        "sheet": sheet,
        "invoice": sheet.invoice,
        "notes": notes,
        "refused": refused,
        "form_key": key_of(request.POST),
    }
    return render(request, "invoices/credit.html", context, status=status)
