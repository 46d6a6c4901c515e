"""Pages of invoices that need nothing of the apps above."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.document import InvoiceData, load
from invoices.models import Invoice
from invoices.pdf.names import pdf_name
from invoices.pdf.render import logo_of, render_ticket
from invoices.pdf.store import is_kept, read_pdf
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import pdf_response
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
    document = _document(Invoice.objects.visible_to(user_of(request)).filter(pk=pk))
    if len(document.lines) > AT_ONCE and not is_kept(document, paper=Company.current().paper):
        return render(request, "invoices/not_printable.html", {"invoice": document, "reason": WAIT}, status=503)
    return _shown(request, document, read_pdf, pdf_name(document))


@require_safe
@requires(Permission.SEE_INVOICES)
def invoice_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticket the client approves: the invoice without money. Only invoices of ticket jobs have one."""
    rows = Invoice.objects.visible_to(user_of(request)).filter(pk=pk, is_ticket=True)
    document = _document(rows)
    return _shown(request, document, _ticket, pdf_name(document, suffix="-ticket"))


def _ticket(document: InvoiceData) -> bytes:
    return render_ticket(document, paper=Company.current().paper, assets=logo_of(document))


def _document(rows: "QuerySet[Invoice]") -> InvoiceData:
    document = next(load(rows), None)
    if document is None:
        raise Http404
    return document


def _shown(
    request: HttpRequest, document: InvoiceData, printed: Callable[[InvoiceData], bytes], name: str
) -> HttpResponse:
    """The PDF in the browser, or the page that says why there is none."""
    try:
        data = printed(document)
    except PdfError as error:
        return render(request, "invoices/not_printable.html", {"invoice": document, "reason": str(error)}, status=422)
    return pdf_response(data, name)
