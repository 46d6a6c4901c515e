"""What Xero calls our clients, items, accounts and taxes, and what keeps a document out of its file."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    Findings,
    check_shares,
    check_whole,
    nfc,
    one_line,
    priced,
    tax_key,
    words_of,
)
from exports.formats.mending import of_account
from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData, LineData

_NAME, _DESCRIPTION, _ITEM, _ACCOUNT, _TAX, _ADDRESS = 255, 4000, 30, 10, 100, 255


class XeroNames:
    """The names under one profile: what is mapped, else our own. NFC, so that a reader finds them again."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def contact(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.client_name)

    def reference(self, invoice: InvoiceData) -> str:
        return nfc(invoice.credits if invoice.is_credit_note else invoice.po_number)

    def item(self, line: LineData) -> str:
        """An inventory item must exist in Xero, so only mapped ones are sent."""
        return nfc(self.profile.mapped(Kind.ITEM, line.item_code).theirs)

    def account(self, line: LineData) -> str:
        return nfc(self.profile.account(line))

    def tax(self, line: LineData) -> str:
        """The one rate that stands for the line's taxes; "" for a combination that is not mapped."""
        if not line.taxes:
            return nfc(self.profile["no_tax"])
        mapped = self.profile.mapped(Kind.TAX, tax_key(line)).theirs
        return nfc(mapped or (line.taxes[0].name if len(line.taxes) == 1 else ""))


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, and warnings of what the file will lack."""
    found, names = Findings(invoice), XeroNames(profile)
    check_whole(found, currency="")
    check_shares(found)
    if invoice.is_credit_note and profile["credit_notes"] == "list":
        reason = "the import of invoices takes no credit notes: enter it in Xero by hand"
        found.add("credit note", "kind", reason, Mend.SETTING, "credit_notes")
    _head(found, names)
    for where, line in words_of(priced(invoice)):
        _line(found, names, where, line)
    for name in ("memo", "terms"):
        if getattr(invoice, name):
            found.warn(f"{name} not carried", name, f"Xero's file has no place for the {name}")
    return found.found


def _head(found: Findings, names: XeroNames) -> None:
    invoice = found.invoice
    found.identifier("number", nfc(invoice.number), _NAME)
    found.identifier("client_name", names.contact(invoice), _NAME, mend=Mend.CLIENT, key=invoice.client_number)
    where = "credits" if invoice.is_credit_note else "po_number"
    if names.reference(invoice):
        found.identifier(where, names.reference(invoice), _NAME)
    if invoice.client_email:
        found.identifier("client_email", nfc(invoice.client_email), _NAME)
    for part in invoice.bill_to:
        found.free("bill_to", one_line(part), _ADDRESS)
    found.currency()


def _line(found: Findings, names: XeroNames, where: str, line: LineData) -> None:
    description = one_line(line.description)
    if not description:
        found.add("description missing", f"{where}.description", f"line {line.number} has no description")
    found.free(f"{where}.description", description, _DESCRIPTION)
    if names.item(line):
        found.identifier(f"{where}.item_code", names.item(line), _ITEM, mend=Mend.ITEM, key=line.item_code)
    found.identifier(f"{where}.account_code", names.account(line), _ACCOUNT, **of_account(line))
    found.tax_code(where, line, names.tax(line), _TAX)
