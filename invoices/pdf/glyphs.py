"""The characters of a document that the font lacks: named, because they print as white squares."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from invoices.document import InvoiceData
from jobbook.common.printing.text import cannot_print


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character of a document that prints as a white square."""

    character: str
    field: str

    def __str__(self) -> str:
        name = unicodedata.name(self.character, "unnamed character")
        return f"U+{ord(self.character):04X} {name} in {self.field}"


def missing_glyphs(document: InvoiceData) -> tuple[MissingGlyph, ...]:
    """The characters of `document` that its PDF cannot show, each once for each field it stands in."""
    found: dict[MissingGlyph, None] = {}
    for field, value in _texts(document):
        if value.isascii():
            continue
        for character in cannot_print(value):
            found[MissingGlyph(character, field)] = None
    return tuple(found)


_FIELDS = (
    "number",
    "credits",
    "bill_to_name",
    "client_name",
    "seller_name",
    "seller_address",
    "seller_contact",
    "seller_tax_number",
    "office_name",
    "job_number",
    "project_name",
    "client_project_number",
    "po_number",
    "terms",
    "printed_terms",
    "signed_by",
    "released_by",
    "release_reason",
)


def _texts(document: InvoiceData) -> Iterator[tuple[str, str]]:
    for field in _FIELDS:
        yield field.replace("_", " "), getattr(document, field)
    for part in document.bill_to:
        yield "billing address", part
    for tax in document.taxes:
        yield "tax name", tax.name
    for line in document.lines:
        yield f"line {line.number}", f"{line.description or line.item_code} {line.unit}"
        yield f"DWR {line.dwr_number}", line.dwr_description
