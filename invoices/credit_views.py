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
    if not sheet.form.is_valid() or sheet.problems:
        return _page(request, sheet, status=422)
    return _credit(request, sheet)


def _credit(request: HttpRequest, sheet: CreditSheet) -> HttpResponse:
    values, by, origin = dict(sheet.form.cleaned_data), user_of(request), origin_of(request)
    key = key_of(request.POST)
    repeated = was_used(key)
    try:
        note = make_credit_note(sheet.invoice.pk, values=values, lines=sheet.lines, key=key, by=by, origin=origin)
    except Refused as refused:
        return _page(request, sheet, status=409, refused=refused)
    if repeated:
        messages.warning(request, f"This form was saved already, as {note.number}. It was not saved again.")
    else:
        messages.success(request, f"{note.number} credits {sheet.invoice.number}.")
    return redirect("invoice_page", note.pk)


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
