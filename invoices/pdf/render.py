"""A document as PDF: the same document gives the same bytes, in any process, at any time."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib import import_module
from operator import attrgetter
from typing import Any

from django.template.loader import render_to_string

from invoices.document import InvoiceData, LineData
from invoices.pdf.context import context
from invoices.pdf.version import engine_version, template_version
from jobbook.common.printing.assets import Asset, PdfError

LOGO = "asset:logo"
MAX_LINES = 5_000
MAX_CHARACTERS = 1_000_000  # of descriptions, together


def render_pdf(document: InvoiceData, *, paper: str = "letter", assets: Mapping[str, Asset] | None = None) -> bytes:
    """The PDF of `document` on `paper` (letter, a4). `assets` may hold a logo. Raises PdfError, which names it."""
    if reason := why_not_printable(document):
        raise PdfError(f"{document.number}: {reason}")
    # Loaded when first needed: without Pango it cannot be, and the system check must live to say so.
    engine = import_module("jobbook.common.printing.engine")
    html, key = render_html(document, assets=assets), document_key(document, paper=paper)
    try:
        pdf: bytes = engine.write_pdf(html, paper=paper, assets=assets or {}, identifier=bytes.fromhex(key[:32]))
    except PdfError as error:
        raise PdfError(f"{document.number}: {error}") from error
    return pdf


def render_html(document: InvoiceData, *, assets: Mapping[str, Asset] | None = None) -> str:
    """The page that is printed, without its style."""
    return render_to_string("invoices/pdf/invoice.html", context(document, logo=LOGO in (assets or {})))


def document_key(document: InvoiceData, *, paper: str) -> str:
    """SHA-256 of all that shapes the PDF of `document`: its printed values, paper, template and renderer."""
    values = (_values(document), [_line_values(line) for line in document.lines], document.taxes)
    parts = (values, paper, template_version(), engine_version())
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _printed(data: type[InvoiceData] | type[LineData], *others: str) -> Callable[[Any], Any]:
    """Takes the values of `data` that are printed: all but `others`."""
    return attrgetter(*(field.name for field in fields(data) if field.name not in others))


_values = _printed(InvoiceData, "version", "accounting_id", "client_number", "client_email", "memo", "lines", "taxes")
_line_values = _printed(LineData, "account_code", "taxes")


def why_not_printable(document: InvoiceData) -> str:
    """Why `document` is too large for a PDF, in a sentence; empty when it is not."""
    if len(document.lines) > MAX_LINES:
        return f"{len(document.lines):,} lines; at most {MAX_LINES:,} can be printed."
    characters = sum(len(line.description) + len(line.dwr_description) for line in document.lines)
    if characters > MAX_CHARACTERS:
        return f"{characters:,} characters of description; at most {MAX_CHARACTERS:,} can be printed."
    return ""
