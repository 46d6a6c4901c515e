"""PDFs read back by another library."""

from io import BytesIO

from pypdf import PdfReader

from invoices.document import InvoiceData
from invoices.pdf.render import render_pdf


def reader_of(document: InvoiceData, *, paper: str = "letter") -> PdfReader:
    return PdfReader(BytesIO(render_pdf(document, paper=paper)), strict=True)


def pages_of(document: InvoiceData) -> list[str]:
    return [page.extract_text() for page in reader_of(document).pages]


def text_of(document: InvoiceData) -> str:
    return "\n".join(pages_of(document))
