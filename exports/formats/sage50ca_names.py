"""What Sage 50 Canada calls our clients, items and taxes, and the thirteen fields of a customer."""

import re
from decimal import Decimal

from exports.formats.fields import nfc, one_line, signed_quantity
from exports.formats.profile import NOTHING, Kind, Profile
from exports.formats.sage50us_customers import STATES
from invoices.document import InvoiceData, LineData, TaxData

NAME, CONTACT, STREET, CITY, PROVINCE, POSTAL_CODE, COUNTRY = 52, 30, 50, 35, 20, 9, 30
EMAIL, ITEM, TAX, NUMBER = 50, 52, 20, 20
LONGEST = (STREET, STREET, CITY, PROVINCE, POSTAL_CODE, COUNTRY)  # of the six fields of an address
_PROVINCES = {code: name.title() for name, code in STATES.items() if name != "québec"} | {
    "NL": "Newfoundland and Labrador",
    "PE": "Prince Edward Island",
}
_COUNTRIES = {"CA": "Canada", "US": "United States"}


def is_new(invoice: InvoiceData, profile: Profile) -> bool:
    """Whether the file declares the customer. One that is mapped exists in Sage."""
    if profile["customers"] == "new":
        return profile.mapped(Kind.CLIENT, invoice.client_number) == NOTHING
    return profile["customers"] == "all"


def version_refusal(text: str) -> str:
    return "" if re.fullmatch(r"[1-9]\d{4}", text) and int(text) >= 12001 else "five digits, at least 12001"


def quantity_and_price(line: LineData) -> tuple[Decimal, Decimal]:
    """The sign on the quantity. What does not multiply to its amount is 1 times it."""
    parts = signed_quantity(line)
    if parts:
        return parts
    return (Decimal(1), line.amount) if line.amount >= 0 else (Decimal(-1), -line.amount)


def without_quotes(text: str) -> str:
    return text.replace('"', "'")


class CaNames:
    """The names under one profile: what is mapped, else our own. NFC; no double quote can be written."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def customer_as_given(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.client_name)

    def customer(self, invoice: InvoiceData) -> str:
        return without_quotes(self.customer_as_given(invoice))

    def number(self, invoice: InvoiceData) -> str:
        return nfc(invoice.number)

    def order_number(self, invoice: InvoiceData) -> str:
        return nfc(invoice.po_number) if self.profile["order_number"] == "on" else ""

    def item_as_given(self, line: LineData) -> str:
        """The item decides the account. "" when none is mapped, and the firm does not want Sage to ask."""
        if self.profile["items"] == "code" or not line.item_code:
            named = self.profile.item(line)
        else:
            named = self.profile.mapped(Kind.ITEM, line.item_code).theirs
        return nfc(named or (one_line(line.description) if self.profile["items"] == "text" else ""))

    def item(self, line: LineData) -> str:
        return without_quotes(self.item_as_given(line))

    def tax(self, tax: TaxData) -> str:
        return nfc(self.profile.mapped(Kind.TAX, tax.code).theirs or tax.code)

    def address(self, invoice: InvoiceData) -> list[str]:
        """Six fields as Sage wants them, not shortened: the province by its name, the postal code without blanks."""
        first, second, city, region, postal_code, country = map(one_line, invoice.bill_to)
        return [
            first,
            second,
            city,
            _PROVINCES.get(region.upper(), region),
            re.sub(r"[\s-]", "", postal_code),
            _COUNTRIES.get(country.upper(), country),
        ]

    def contact(self, invoice: InvoiceData) -> str:
        """Whom the bill goes to, where that is somebody else than the client."""
        return "" if invoice.bill_to_name == invoice.client_name else one_line(invoice.bill_to_name)

    def card(self, invoice: InvoiceData) -> list[str]:
        """The thirteen fields: name, one-time, contact, address, two telephones, fax, e-mail."""
        address = [part[:most].rstrip() for part, most in zip(self.address(invoice), LONGEST, strict=True)]
        texts = [self.contact(invoice)[:CONTACT].rstrip(), *address]
        return [
            self.customer(invoice),
            "0",
            *map(without_quotes, texts),
            *("", "", ""),
            nfc(invoice.client_email),
        ]
