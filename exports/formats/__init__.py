"""The file formats, in the order in which menus offer them."""

from exports.formats.base import Format
from exports.formats.csv import GenericCsv
from exports.formats.iif import QuickBooksDesktop
from exports.formats.pdf_zip import PdfZip
from exports.formats.qbo import QuickBooksOnline
from exports.formats.sage50ca import Sage50Ca
from exports.formats.sage50us import Sage50Us
from exports.formats.sage300 import Sage300
from exports.formats.xero import Xero

FORMATS: tuple[Format, ...] = (
    QuickBooksDesktop(),
    QuickBooksOnline(),
    Sage50Us(),
    Sage50Ca(),
    Sage300(),
    GenericCsv(),
    Xero(),
    PdfZip(),
)
PDF_ZIP = PdfZip.slug  # what Download Selected PDFs makes


class UnknownFormat(LookupError):
    """No format has this slug."""


def get_format(slug: str) -> Format:
    """The format with this slug. Raises UnknownFormat."""
    for each in FORMATS:
        if each.slug == slug:
            return each
    raise UnknownFormat(f"There is no format {slug!r}. Formats: {', '.join(each.slug for each in FORMATS)}.")


def accounting_formats() -> list[Format]:
    """Those that hand invoices over to accounting; bundles of PDFs are none."""
    return [each for each in FORMATS if each.marks_exported]
