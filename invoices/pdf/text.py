"""Text as it is printed: only characters the font draws, nothing that reorders or hides others.

The bundled Inter is the only font, so a PDF looks the same on every machine. A character it lacks is printed as
a white square and named by `missing_glyphs`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from invoices.document import InvoiceData

FONTS = Path(__file__).parent / "fonts"
REPLACEMENT = "\N{WHITE SQUARE}"  # in the font, unlike U+FFFD
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi marks, zero width, surrogates, unassigned


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character of a document that prints as a white square."""

    character: str
    field: str

    def __str__(self) -> str:
        name = unicodedata.name(self.character, "unnamed character")
        return f"U+{ord(self.character):04X} {name} in {self.field}"


@cache
def supported() -> frozenset[int]:
    """The code points that both weights of the font draw."""
    maps = []
    for file in sorted(FONTS.glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*maps)


@lru_cache(maxsize=4096)
def printable(value: str) -> str:
    """`value` in NFC with line breaks as \\n; invisible characters dropped, those without a glyph replaced."""
    if value.isascii() and value.isprintable():
        return value
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_printed, lines))


@lru_cache(maxsize=4096)
def _printed(character: str) -> str:
    if character == "\n":
        return character
    if character in "\t\v\f":
        return " "
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Cc", "Cf"}:
        return ""
    if category not in _INVISIBLE and ord(character) in supported():
        return character
    return " " if category == "Zs" else REPLACEMENT


def missing_glyphs(document: InvoiceData) -> tuple[MissingGlyph, ...]:
    """The characters of `document` that its PDF cannot show, each once for each field it stands in."""
    found: dict[MissingGlyph, None] = {}
    for field, value in _texts(document):
        if value.isascii():
            continue
        for character in unicodedata.normalize("NFC", value):
            if _printed(character) == REPLACEMENT != character:
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
