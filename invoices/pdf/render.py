"""A document as PDF: the same document gives the same bytes, in any process, at any time."""

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import weasyprint
from django.template.loader import render_to_string
from weasyprint.urls import FatalURLFetchingError

from invoices.document import InvoiceData
from invoices.pdf.context import context
from invoices.pdf.fetcher import Asset, AssetFetcher
from invoices.pdf.style import LOCK, style, template_version

LOGO = "asset:logo"
MAX_LINES = 5_000
MAX_CHARACTERS = 1_000_000  # of descriptions, together


class PdfError(Exception):
    """This document cannot be printed; the message names it and says why."""


def render_pdf(document: InvoiceData, *, paper: str = "letter", assets: Mapping[str, Asset] | None = None) -> bytes:
    """The PDF of `document` on `paper` (letter, a4). `assets` may hold a logo. Raises PdfError."""
    _refuse_too_large(document)
    fetcher = AssetFetcher(assets or {})
    html = render_html(document, assets=assets)
    try:
        with LOCK, _no_collection():
            pdf = _write(html, fetcher, paper, document_key(document, paper=paper))
    except FatalURLFetchingError as error:
        raise PdfError(f"{document.number}: {error}") from error
    if fetcher.used != set(fetcher.assets):
        unused = ", ".join(sorted(set(fetcher.assets) - fetcher.used))
        raise PdfError(f"{document.number}: not on the page: {unused}.")
    return pdf


def render_html(document: InvoiceData, *, assets: Mapping[str, Asset] | None = None) -> str:
    """The page that is printed, without its style."""
    return render_to_string("invoices/pdf/invoice.html", context(document, logo=LOGO in (assets or {})))


def document_key(document: InvoiceData, *, paper: str) -> str:
    """SHA-256 of all that shapes the PDF of `document`: its printed values, paper, template and renderer."""
    printed = replace(document, version=0, accounting_id="", client_number="", client_email="")
    parts = (printed, paper, template_version(), weasyprint.__version__)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _write(html: str, fetcher: AssetFetcher, paper: str, key: str) -> bytes:
    shared = style()
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="asset:").write_pdf(
        font_config=shared.fonts,
        stylesheets=shared.sheets[paper],
        presentational_hints=False,
        pdf_variant="pdf/ua-1",
        pdf_identifier=bytes.fromhex(key[:32]),
    )
    return pdf


def _refuse_too_large(document: InvoiceData) -> None:
    if len(document.lines) > MAX_LINES:
        raise PdfError(f"{document.number}: {len(document.lines):,} lines; at most {MAX_LINES:,} can be printed.")
    characters = sum(len(line.description) + len(line.dwr_description) for line in document.lines)
    if characters > MAX_CHARACTERS:
        raise PdfError(f"{document.number}: {characters:,} characters; at most {MAX_CHARACTERS:,} can be printed.")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Layout makes many objects and no garbage worth looking for: a tenth of the time of a long invoice."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
