"""What Sage 50 US calls our clients, items, taxes and terms, and how text is written there.

A tax is mapped to its Sales Tax ID (also for a combination: "GST;PST"), its liability account and its agency.
"""

from datetime import date

from exports.formats.fields import nfc, shortened
from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData, LineData, TaxData

TERMS, NOTE, DESCRIPTION = 20, 2000, 160
_DATES = {"mdy2": "%m/%d/%y", "mdy4": "%m/%d/%Y", "dmy2": "%d/%m/%y", "dmy4": "%d/%m/%Y"}


def tax_type_refusal(text: str) -> str:
    return "" if text in {str(each) for each in range(1, 26)} else "a tax type of lines is a number from 1 to 25"


class UsNames:
    """The names under one profile: what is mapped, else our own. NFC."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def customer(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.customer_id)

    def number(self, invoice: InvoiceData) -> str:
        return nfc(invoice.number)

    def credited(self, invoice: InvoiceData) -> str:
        return nfc(invoice.credits) if invoice.is_credit_note else ""

    def purchase_order(self, invoice: InvoiceData) -> str:
        return nfc(invoice.po_number)

    def terms(self, invoice: InvoiceData) -> str:
        return shortened(self.profile.mapped(Kind.TERMS, invoice.terms).theirs or invoice.terms, TERMS, "'")

    def note(self, invoice: InvoiceData) -> str:
        return shortened(invoice.memo, NOTE, "'")

    def description(self, line: LineData) -> str:
        return shortened(line.description, DESCRIPTION, "'")

    def item(self, line: LineData) -> str:
        """An item must exist in Sage, so only mapped ones are sent: else the line has its account alone."""
        return nfc(self.profile.mapped(Kind.ITEM, line.item_code).theirs)

    def account(self, line: LineData) -> str:
        return nfc(self.profile.account(line))

    def sales_tax(self, invoice: InvoiceData) -> str:
        """The Sales Tax ID of all taxes of a document; "" without any, or for a combination nobody mapped."""
        codes = [tax.code for tax in invoice.taxes]
        mapped = self.profile.mapped(Kind.TAX, ";".join(codes)).theirs
        return nfc(mapped or (codes[0] if len(codes) == 1 else ""))

    def agency(self, tax: TaxData) -> str:
        return nfc(self.profile.mapped(Kind.TAX, tax.code).extra or tax.code)

    def tax_account(self, tax: TaxData) -> str:
        return nfc(self.profile.mapped(Kind.TAX, tax.code).account or self.profile["tax_account"])

    def booked_tax(self, tax: TaxData) -> str:
        """What the control totals call a tax: its agency and the account it posts to."""
        return f"{self.agency(tax)} ({self.tax_account(tax)})"

    def tax_text(self, tax: TaxData) -> str:
        return shortened(tax.name, DESCRIPTION, "'")

    def job(self, invoice: InvoiceData) -> str:
        return nfc(invoice.job_number) if self.profile["jobs"] == "on" else ""

    def day(self, day: date) -> str:
        return day.strftime(_DATES[self.profile["dates"]])
