"""A document as PDF: the same document gives the same bytes, in any process, at any time."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib import import_module
from operator import attrgetter
from typing import Any

from django.template.loader import render_to_string

from invoices.document import InvoiceData, LineData
from invoices.pdf.context import context, ticket_context
from invoices.pdf.version import engine_version, template_version
from jobbook.common.drawing import BadDrawing
from jobbook.common.printing.assets import Asset, PdfError
from jobbook.jobs.models import FileType, StoredFile
from jobbook.jobs.uploads import path_of

LOGO = "asset:logo"
TEMPLATE = "invoices/pdf/invoice.html"
MAX_LINES = 5_000
MAX_CHARACTERS = 1_000_000  # of descriptions, together


def render_pdf(document: InvoiceData, *, paper: str = "letter", assets: Mapping[str, Asset] | None = None) -> bytes:
    """The PDF of `document` on `paper` (letter, a4). `assets` may hold a logo. Raises PdfError, which names it."""
    key = document_key(document, paper=paper)
    return _written(document, context, paper=paper, assets=assets or {}, key=key)


def render_ticket(document: InvoiceData, *, paper: str = "letter", assets: Mapping[str, Asset] | None = None) -> bytes:
    """The ticket of `document`: the same without money. As `render_pdf`."""
    key = hashlib.sha256(f"ticket {document_key(document, paper=paper)}".encode()).hexdigest()
    return _written(document, ticket_context, paper=paper, assets=assets or {}, key=key)


def _written(
    document: InvoiceData,
    names: Callable[..., dict[str, Any]],
    *,
    paper: str,
    assets: Mapping[str, Asset],
    key: str,
) -> bytes:
    if reason := why_not_printable(document):
        raise PdfError(f"{document.number}: {reason}")
    # Loaded when first needed: without Pango it cannot be, and the system check must live to say so.
    engine = import_module("jobbook.common.printing.engine")
    try:
        html = render_to_string(TEMPLATE, names(document, logo=LOGO in assets))
        pdf: bytes = engine.write_pdf(html, paper=paper, assets=assets, identifier=bytes.fromhex(key[:32]))
    except (PdfError, BadDrawing) as error:
        raise PdfError(f"{document.number}: {error}") from error
    return pdf


def render_html(document: InvoiceData, *, assets: Mapping[str, Asset] | None = None) -> str:
    """The page that is printed, without its style."""
    return render_to_string(TEMPLATE, context(document, logo=LOGO in (assets or {})))


def logo_of(document: InvoiceData) -> dict[str, Asset]:
    """The logo as an asset, none when the document has none. Raises PdfError when its file is not there.

    A PDF without it would be kept under the name of one with it.
    """
    if not document.seller_logo:
        return {}
    path = path_of(StoredFile(sha256=document.seller_logo, type=FileType.JPEG))
    try:
        return {LOGO: Asset("image/jpeg", path.read_bytes())}
    except OSError as error:
        raise PdfError(f"{document.number}: the logo is missing from the data directory ({path.name}).") from error


def document_key(document: InvoiceData, *, paper: str) -> str:
    """SHA-256 of all that shapes the PDF of `document`: its printed values, paper, template and renderer."""
    values = (_values(document), [_line_values(line) for line in document.lines], document.taxes)
    parts = (values, paper, template_version(), engine_version())
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _printed(data: type[InvoiceData] | type[LineData], *others: str) -> Callable[[Any], Any]:
    """Takes the values of `data` that are printed: all but `others`."""
    return attrgetter(*(field.name for field in fields(data) if field.name not in others))


_values = _printed(
    InvoiceData, "version", "accounting_id", "client_number", "client_email", "memo", "lines", "taxes", "records"
)
_line_values = _printed(LineData, "account_code", "taxes")


def why_not_printable(document: InvoiceData) -> str:
    """Why `document` is too large for a PDF, in a sentence; empty when it is not."""
    if len(document.lines) > MAX_LINES:
        return f"{len(document.lines):,} lines; at most {MAX_LINES:,} can be printed."
    characters = sum(len(line.description) + len(line.dwr_description) for line in document.lines)
    if characters > MAX_CHARACTERS:
        return f"{characters:,} characters of description; at most {MAX_CHARACTERS:,} can be printed."
    return ""
