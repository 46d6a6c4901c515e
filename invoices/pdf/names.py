"""The names of PDF files: ASCII from an allow-list, so that nothing in them can hide, reorder or lead elsewhere."""

import re
import unicodedata

from invoices.document import InvoiceData

MAX_BYTES = 120
_NUMBER_BYTES = 64
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_OTHER_BUT_MARKS = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def pdf_name(document: InvoiceData, *, suffix: str = "") -> str:
    """'INV-10443_Birchline-Energy.pdf', at most 120 bytes. `suffix` follows the number."""
    number = _OTHER_BUT_MARKS.sub("-", _ascii(document.number)).strip("-_")[:_NUMBER_BYTES] or "document"
    if _RESERVED.fullmatch(number):  # Windows knows these by their first part
        number = f"doc-{number}"
    slug = _OTHER.sub("-", _ascii(document.client_name)).strip("-")
    room = MAX_BYTES - len(number) - len(suffix) - len("_.pdf")
    return f"{number}{suffix}_{slug[:room].strip('-') or 'client'}.pdf"


def _ascii(text: str) -> str:
    """`text` without accents: 'Ä', composed or not, is 'A'."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
