"""What the checks of mapping say about one invoice: in words, and where on the format's pages it is mended."""

from collections.abc import Callable

from backlog.mapped import unmapped_codes
from backlog.mending import address_of
from exports import profiles
from exports.formats.base import Format, Mend
from exports.formats.profile import LINE_ITEM
from invoices.document import InvoiceData
from invoices.models import Invoice


def unmapped(slug: str, invoice: Invoice, document: InvoiceData) -> tuple[str, str] | None:
    """(words, address) of the failed check `slug`; None when it is not of mapping, or was mended a moment ago."""
    said: dict[str, Callable[[Format], tuple[str, str] | None]] = {
        "client": lambda format_: _client(format_, document.client_number),
        "lines": lambda format_: _lines(format_, unmapped_codes(invoice)),
    }
    return said[slug](profiles.default_format()) if slug in said else None


def _client(format_: Format, number: str) -> tuple[str, str]:
    return f"Client {number} is not mapped in {format_.label}", address_of(Mend.CLIENT, number, format_.slug)


def _lines(format_: Format, codes: list[str]) -> tuple[str, str] | None:
    named = [code for code in codes if code]
    parts = [", ".join(named)] if named else []
    parts += ["lines without item"] if len(named) < len(codes) else []
    if not parts:
        return None
    key, mend = (named[0], Mend.ITEM) if named else (LINE_ITEM.name, Mend.SETTING)
    return f"Not mapped in {format_.label}: {' and '.join(parts)}", address_of(mend, key, format_.slug)
