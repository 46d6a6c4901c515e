"""What may be done to one invoice on its own page: signatures, Processed, Paid and the like.

Each act asks on a page of its own, without JavaScript, and posts the version the user saw.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from backlog.invoice_act_forms import SignForm
from backlog.invoice_act_table import ACTS, BY_SLUG, Act
from invoices.models import Invoice
from invoices.pdf.bell import print_soon
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, refuse, requires
from jobbook.common.drawing import svg_path
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of


def acts_of(invoice: Invoice) -> list[Act]:
    """The acts offered where the invoice is now."""
    return [act for act in ACTS if act.offered(invoice)]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_INVOICES)
def invoice_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask (GET) and do (POST) one act. 403 for a role that may not, 404 for an invoice the user may not see."""
    user = user_of(request)
    act = BY_SLUG[slug]
    if not user.can(act.permission):
        raise refuse(act.permission)
    invoice = get_object_or_404(Invoice.objects.visible_to(user), pk=pk)
    form = act.form(request.POST or None, user=user, invoice=invoice)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act.run(pk, **form.values(), by=user, origin=origin_of(request))
        except Refused as error:
            refused = error
        else:
            print_soon(pk)
            messages.success(request, act.done.format(number=invoice.number))
            return redirect(act.leads_to, *([pk] if act.leads_to == "invoice_page" else []))
    context = {
        "act": act,
        "invoice": invoice,
        "form": form,
        "refused": refused,
        "question": act.question.format(number=invoice.number),
        "offered": act.offered(invoice) and refused is None,
        "queue_label": invoice.queue_label,
        "pad_title": "Or draw it here" if user.signature and act.form is SignForm else "Drawn signature",
        "stored": svg_path(user.signature) if act.form is SignForm else "",
    }
    return render(request, "backlog/invoice_act.html", context, status=409 if refused else 200)
