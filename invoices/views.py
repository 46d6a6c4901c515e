"""Pages of invoices that need nothing of the apps above."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.document import load
from invoices.models import Invoice
from invoices.pdf.names import pdf_name
from invoices.pdf.store import is_kept, read_pdf
from jobbook.accounts.roles import Permission, requires
from jobbook.common.printing.assets import PdfError
from jobbook.jobs.models import Company

AT_ONCE = 1_000  # lines that a request waits for; more are printed in the background
WAIT = (
    f"It has more than {AT_ONCE:,} lines, which take a while. Its PDF is made in the background once it is in the"
    " Admin Queue; Download Selected PDFs makes it too."
)


@require_safe
@requires(Permission.SEE_INVOICES)
def invoice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of one invoice, shown in the browser."""
    assert request.user.is_authenticated  # by LoginRequiredMiddleware
    document = next(load(Invoice.objects.visible_to(request.user).filter(pk=pk)), None)
    if document is None:
        raise Http404
    if len(document.lines) > AT_ONCE and not is_kept(document, paper=Company.current().paper):
        return render(request, "invoices/not_printable.html", {"invoice": document, "reason": WAIT}, status=503)
    try:
        data = read_pdf(document)
    except PdfError as error:
        return render(request, "invoices/not_printable.html", {"invoice": document, "reason": str(error)}, status=422)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{pdf_name(document)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
