"""The accounting reference: entered on the invoice's page, and in its detail below a row of a grid."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backlog.invoice_detail import ReferenceForm, detail_part
from invoices.models import Invoice
from invoices.references import set_accounting_reference
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of


@require_POST
@requires(Permission.SET_REFERENCE)
def invoice_reference(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the accounting reference: a remark of accounting's, so it asks for no confirmation.

    A form in a grid gets the detail again, another one the invoice's page.
    """
    invoice = get_object_or_404(Invoice.objects.visible_to(user_of(request)), pk=pk)
    form = ReferenceForm(request.POST, auto_id=f"reference-{pk}-%s")
    status = 200 if form.is_valid() and _noted(request, form, pk) else 409
    if getattr(request, "htmx", False):
        return detail_part(request, pk, form=form, status=status)
    if status == 200:
        words = form.cleaned_data["accounting_reference"] or "none"
        messages.success(request, f"Accounting reference of {invoice.number}: {words}.")
    else:
        messages.error(request, " ".join(map(str, form.errors["accounting_reference"])))
    return redirect("invoice_page", pk)


def _noted(request: HttpRequest, form: ReferenceForm, pk: int) -> bool:
    """Write it; a refusal becomes an error of the form. Either way the form has seen what is there now."""
    reference = form.cleaned_data["accounting_reference"]
    seen, by, origin = request.POST.get("seen"), user_of(request), origin_of(request)
    try:
        set_accounting_reference(pk, reference=reference, seen=seen, by=by, origin=origin)
    except Refused as refused:
        form.add_error("accounting_reference", str(refused))
    now = Invoice.objects.filter(pk=pk).values_list("accounting_reference", flat=True).first()
    form.data = {**request.POST.dict(), "seen": now or ""}
    return form.is_valid()
