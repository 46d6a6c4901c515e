"""An invoice as a run sent it, beside what it is now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exports.changed import compared
from exports.models import ExportItem, ExportRun
from invoices.models import Invoice
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires


@require_safe
@requires(Permission.SEE_RUNS)
def invoice_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The item `pk` of a run. 404 unless the user may see run and invoice, and the run has sent it."""
    user = user_of(request)
    items = ExportItem.objects.exclude(sent="").filter(
        run__in=ExportRun.objects.visible_to(user), invoice__in=Invoice.objects.visible_to(user)
    )
    item = get_object_or_404(items.select_related("run", "invoice"), pk=pk)
    (both,) = compared([item])
    return render(request, "exports/sent.html", {"item": item, "compared": both})
