"""The names of PDF files: ASCII from an allow-list, so that nothing in them can hide, reorder or lead elsewhere."""

import re
import unicodedata
from collections.abc import Callable

from invoices.document import InvoiceData

MAX_BYTES = 120
PATTERN = "{number}_{client}"
_NUMBER_BYTES = 64
_LITERAL_BYTES = 30  # of a pattern, beside its fields
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_OTHER_BUT_MARKS = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_FIELD = re.compile(r"{(\w+)}")
_MARKS = re.compile(r"([ _-])[ _-]+")
NUMBER = "number"

# What a pattern may hold beside the number, with what stands for nothing.
FIELDS: dict[str, tuple[Callable[[InvoiceData], str], str]] = {
    "client": (lambda document: document.client_name, "client"),
    "client_number": (lambda document: document.client_number, ""),
    "date": (lambda document: document.invoice_date.isoformat(), ""),
    "job": (lambda document: document.job_number, ""),
    "project": (lambda document: document.project_name, ""),
    "po": (lambda document: document.po_number, ""),
}


def pdf_name(document: InvoiceData, *, suffix: str = "") -> str:
    """'INV-10443_Birchline-Energy.pdf', at most 120 bytes. `suffix` follows the number."""
    return f"{name_by(PATTERN, document, suffix=suffix)}.pdf"


def name_by(pattern: str, document: InvoiceData, *, suffix: str = "", room: int = MAX_BYTES - len(".pdf")) -> str:
    """The name that `pattern` gives, without extension and of at most `room` bytes. `suffix` follows the number.

    The number is never shortened for the others: they share what is left.
    """
    number = _unreserved(clean(document.number, _NUMBER_BYTES) or "document") + suffix
    others = [name for name in _FIELD.findall(pattern) if name != NUMBER]
    left = room - len(_FIELD.sub("", pattern)) - len(number)
    each = max(left // len(others), 0) if others else 0

    def value(match: re.Match[str]) -> str:
        return number if match[1] == NUMBER else _value(match[1], document, each)

    return _unreserved(_MARKS.sub(r"\1", _FIELD.sub(value, pattern)).strip(" -_"))[:room]


def folder_name(document: InvoiceData) -> str:
    """The folder of the document's client: 'Birchline-Energy', at most 60 bytes."""
    return _unreserved(_OTHER.sub("-", _ascii(document.client_name)).strip("-")[:60].strip("-") or "client")


def clean(text: str, room: int) -> str:
    """`text` as a part of a name, at most `room` bytes."""
    return _OTHER_BUT_MARKS.sub("-", _ascii(text)).strip("-_")[:room]


def pattern_refusal(pattern: str) -> str:
    """Why names cannot be made by `pattern`; "" when they can."""
    known = {NUMBER, *FIELDS}
    unknown = next((name for name in _FIELD.findall(pattern) if name not in known), None)
    beside = _FIELD.sub("", pattern)
    if unknown is not None:
        return f"there is no {{{unknown}}}; there are {', '.join(f'{{{name}}}' for name in (NUMBER, *FIELDS))}"
    if "{number}" not in pattern:
        return "{number} must stand in it, else a name does not tell its invoice"
    if len(_FIELD.findall(pattern)) > len(set(_FIELD.findall(pattern))):
        return "a field stands in it twice"
    if _OTHER.sub("", beside) != re.sub(r"[ _-]", "", beside):
        return "only letters, digits, blanks, - and _ can stand beside the fields"
    return f"at most {_LITERAL_BYTES} characters beside the fields" if len(beside) > _LITERAL_BYTES else ""


def _value(name: str, document: InvoiceData, room: int) -> str:
    text, nothing = FIELDS[name][0](document), FIELDS[name][1]
    return _OTHER.sub("-", _ascii(text)).strip("-")[:room].strip("-") or nothing


def _unreserved(name: str) -> str:
    """Windows knows some names as devices."""
    return f"doc-{name}" if _RESERVED.fullmatch(name.partition("_")[0]) else name


def _ascii(text: str) -> str:
    """`text` without accents: 'Ä', composed or not, is 'A'."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
