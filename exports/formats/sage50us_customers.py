"""CUSTOMER.CSV of Sage 50 US: the customers of the documents, each once, as their first document has them."""

from collections.abc import Iterator

from exports.formats.fields import nfc, shortened
from exports.formats.profile import Profile
from exports.formats.sage50us_names import UsNames
from invoices.document import InvoiceData

CUSTOMER_COLUMNS = (
    *("Customer ID", "Customer Name", "Prospect", "Inactive", "Bill to Contact First Name"),
    *("Bill to Contact Last Name", "Bill to Address-Line One", "Bill to Address-Line Two", "Bill to City"),
    *("Bill to State", "Bill to Zip", "Bill to Country", "Bill to Sales Tax ID", "Telephone 1", "Customer E-mail"),
)
NAME, STREET, CITY, ZIP, COUNTRY, EMAIL = 39, 30, 20, 12, 15, 64
LONGEST = (STREET, STREET, CITY, 2, ZIP, COUNTRY)  # of the six fields of an address

STATES = {
    "alberta": "AB", "british columbia": "BC", "manitoba": "MB", "new brunswick": "NB", "nova scotia": "NS",
    "newfoundland and labrador": "NL", "northwest territories": "NT", "nunavut": "NU", "ontario": "ON",
    "prince edward island": "PE", "quebec": "QC", "québec": "QC", "saskatchewan": "SK", "yukon": "YT",
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS",
    "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI",
    "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC",
    "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA",
    "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX",
    "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip


def state(region: str) -> str:
    """The two letters of a province or state; "" for one that is not known."""
    region = region.strip()
    return region.upper() if len(region) == 2 else STATES.get(nfc(region).casefold(), "")


class Customers:
    def __init__(self, profile: Profile) -> None:
        self.names = UsNames(profile)
        self._rows: dict[str, list[str]] = {}

    def take(self, invoice: InvoiceData) -> None:
        customer = self.names.customer(invoice)
        if customer.casefold() in self._rows:
            return
        first, second, city, region, zip_code, country = invoice.bill_to
        parts = (first, second, city, state(region), zip_code, country)
        address = [shortened(part, most, "'") for part, most in zip(parts, LONGEST, strict=True)]
        name, email = shortened(invoice.client_name, NAME, "'"), nfc(invoice.client_email)
        tax = self.names.sales_tax(invoice)
        self._rows[customer.casefold()] = [customer, name, "FALSE", "FALSE", "", "", *address, tax, "", email]

    def rows(self) -> Iterator[list[str]]:
        yield from self._rows.values()
