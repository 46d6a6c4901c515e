"""What Sage 300 calls our customers, accounts, taxes and terms, and how a line's text is written there.

A tax or combination is mapped to its tax group; `extra` names the place of each tax in the group: "1;2". Without it
they stand in the invoice's order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from exports.formats.fields import harmless, nfc, number, price, signed_quantity, turned
from exports.formats.profile import Kind, Mapped, Profile
from invoices.document import InvoiceData, LineData, TaxData

DESCRIPTION, COMMENT, MEMO = 60, 250, 60
PLACES = 5  # authorities in a tax group


@dataclass(frozen=True, slots=True)
class LineText:
    description: str
    comment: str


class Names300:
    """The names under one profile: what is mapped, else our own. NFC."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def customer(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.customer_id)

    def terms(self, invoice: InvoiceData) -> str:
        """The terms code; "" leaves them to the customer's record."""
        return nfc(self.profile.mapped(Kind.TERMS, invoice.terms).theirs) if self.profile["terms"] == "mapped" else ""

    def memo(self, invoice: InvoiceData) -> str:
        return harmless(invoice.memo)[:MEMO].rstrip()

    def item(self, line: LineData) -> str:
        return nfc(self.profile.item(line))

    def account(self, line: LineData) -> str:
        account = nfc(self.profile.account(line))
        return account if self.profile["accounts"] == "shown" else account.replace("-", "")

    def group(self, invoice: InvoiceData) -> str:
        """The tax group of all taxes of a document; "" without any, or for a combination nobody mapped."""
        if not invoice.taxes:
            return ""
        own = invoice.taxes[0].code if len(invoice.taxes) == 1 else ""
        return nfc(self._mapped(invoice).theirs or own)

    def _mapped(self, invoice: InvoiceData) -> Mapped:
        return self.profile.mapped(Kind.TAX, ";".join(tax.code for tax in invoice.taxes))

    def places(self, invoice: InvoiceData) -> dict[str, int]:
        """Tax code -> its place in the group, from 1. A place nobody can read is 0."""
        codes = [tax.code for tax in invoice.taxes]
        return dict(zip(codes, places_of(self._mapped(invoice), len(codes)), strict=True))

    def booked_taxes(self, invoice: InvoiceData) -> Iterator[tuple[str, Decimal]]:
        """What the control totals call each tax, its group and the authority there, and its amount."""
        group, places = self.group(invoice), self.places(invoice)
        return ((f"{group}, authority {places[tax.code]}", tax.amount) for tax in invoice.taxes)

    @property
    def width(self) -> int:
        """How many places of a group the file has columns for: as many as the mapping names."""
        known = self.profile.maps.get(Kind.TAX, {})
        return min(PLACES, max([1, *(max(places_of(each, codes.count(";") + 1)) for codes, each in known.items())]))

    def job(self, invoice: InvoiceData) -> str:
        """Of each line's comment; "" when the firm leaves jobs out."""
        return f"Job {harmless(invoice.job_number)}" if self.profile["jobs"] == "comment" else ""

    def texts(self, invoice: InvoiceData, line: LineData) -> LineText:
        """Quantity and price go behind the description when there is room, else into the comment, as does the job."""
        text, figures = harmless(line.description), self._figures(invoice, line)
        whole = f"{text} ({figures})" if text and figures else text or figures
        notes = [self.job(invoice)]
        if len(whole) > DESCRIPTION:
            notes.append(figures if len(text) <= DESCRIPTION else whole)
            whole = text[:DESCRIPTION].rstrip()
        return LineText(whole, harmless(", ".join(filter(None, notes))))

    def _figures(self, invoice: InvoiceData, line: LineData) -> str:
        parts = signed_quantity(line) if self.profile["documents"] == "summary" else None
        if parts is None:
            return ""
        quantity = turned(parts[0]) if invoice.is_credit_note else parts[0]
        return f"{number(quantity)} x {price(parts[1])}"


def places_of(mapped: Mapped, count: int) -> list[int]:
    """The places of `count` taxes in the group."""
    if not mapped.extra.strip():
        return list(range(1, count + 1))
    parts = [part.strip() for part in mapped.extra.split(";")]
    places = [int(part) if part.isascii() and part.isdigit() and len(part) == 1 else 0 for part in parts]
    return places if len(places) == count else [0] * count


def at_places(taxes: tuple[TaxData, ...], places: dict[str, int], width: int) -> Iterator[TaxData | None]:
    """The tax at each place of the group."""
    found = {places[tax.code]: tax for tax in taxes}
    return (found.get(place) for place in range(1, width + 1))


def is_place(place: int, width: int) -> bool:
    return 1 <= place <= width


def class_refusal(text: str) -> str:
    return "" if text in {str(each) for each in range(1, 11)} else "a tax class is a number from 1 to 10"


ZERO = Decimal("0.00")
