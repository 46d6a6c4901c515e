"""What QuickBooks Online calls our clients, items, taxes and terms, and what keeps a document out of its file."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    FORMULA,
    Findings,
    check_shares,
    check_whole,
    nfc,
    one_line,
    priced,
    tax_key,
    words_of,
)
from exports.formats.mending import of_item
from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData, LineData

MOST_ROWS = 999  # without the heading
_NUMBER, _CUSTOMER, _TERMS, _ITEM, _TEXT, _TAX = 21, 100, 31, 100, 4000, 100
_QUOTE, _NAME = '"', ':"'


class OnlineNames:
    """The names under one profile: what is mapped, else our own. NFC, so that a reader finds them again."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def customer(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.client_name)

    def terms(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.TERMS, invoice.terms).theirs or invoice.terms)

    def item(self, line: LineData) -> str:
        return nfc(self.profile.item(line))

    def tax(self, line: LineData) -> str:
        """The code that stands for the line's taxes; "" for a combination that is not mapped."""
        if not line.taxes:
            return nfc(self.profile["no_tax"])
        mapped = self.profile.mapped(Kind.TAX, tax_key(line)).theirs
        return nfc(mapped or (line.taxes[0].name if len(line.taxes) == 1 else ""))

    def memo(self, invoice: InvoiceData) -> str:
        """There is no column for the PO number: it stands before the memo."""
        purchase = f"PO {invoice.po_number}" if invoice.po_number else ""
        return self.free(" - ".join(filter(None, [purchase, invoice.memo])))

    def description(self, line: LineData) -> str:
        return self.free(line.description)

    def free(self, text: str) -> str:
        """Free text on one line: " - " for a line break."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return " - ".join(filter(None, map(one_line, lines)))


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, in the order of its fields."""
    found, names = Findings(invoice), OnlineNames(profile)
    has_column = profile["region"] == "ca" and profile["currency_column"] == "on"
    check_whole(found, currency="" if has_column else profile["currency"])
    check_shares(found)
    if invoice.is_credit_note:
        reason = "the import of invoices takes no credit notes: enter it in QuickBooks, or import it there by itself"
        found.add("credit note", "kind", reason)
    _head(found, names)
    for where, line in words_of(priced(invoice)):
        _line(found, names, where, line)
    _us_tax(found, profile)
    return found.found


def _head(found: Findings, names: OnlineNames) -> None:
    invoice = found.invoice
    found.identifier("number", nfc(invoice.number), _NUMBER, _QUOTE)
    client = names.customer(invoice)
    found.identifier("client_name", client, _CUSTOMER, _NAME, mend=Mend.CLIENT, key=invoice.client_number)
    if names.terms(invoice):
        found.identifier("terms", names.terms(invoice), _TERMS, mend=Mend.TERMS, key=invoice.terms)
    _free(found, "memo", names.memo(invoice))
    found.currency()
    rows = len(priced(invoice))
    if rows > MOST_ROWS:
        found.add("too many lines", "lines", f"it has {rows} lines, a file takes {MOST_ROWS}")


def _line(found: Findings, names: OnlineNames, where: str, line: LineData) -> None:
    found.identifier(f"{where}.item_code", names.item(line), _ITEM, _NAME, **of_item(line))
    _free(found, f"{where}.description", names.description(line))
    if line.amount < 0 and not found.invoice.is_credit_note:
        reason = f"line {line.number} is {line.amount}: the import takes no amounts below zero and no discounts"
        found.add("negative line", f"{where}.amount", reason)
    if names.profile["region"] == "ca":
        found.tax_code(where, line, names.tax(line), _TAX)


def _free(found: Findings, where: str, text: str) -> None:
    found.text(where, text, _TEXT)
    if FORMULA.match(text):
        reason = f"a spreadsheet would calculate {text[:20]!r}: begin it with a letter"
        found.add("begins like a formula", where, reason)


def _us_tax(found: Findings, profile: Profile) -> None:
    """QuickBooks Online works US sales tax out by itself; what we asked for is not taken over."""
    if profile["region"] == "us" and profile["us_tax"] == "refuse" and found.invoice.taxes:
        reason = f"it has {found.invoice.tax} tax, and QuickBooks would work out its own"
        found.add("US sales tax", "tax", reason, Mend.SETTING, "us_tax")
