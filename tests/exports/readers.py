"""The independent readers by format: what each finds of every document, for tests that go over all formats."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData
from tests.exports import csv_reader, iif_reader, imp_reader, qbo_reader, sage50us_reader, sage300_reader, xero_reader


@dataclass(frozen=True)
class Back:
    """client: by name, or by ID where the package knows IDs. None: the file says nothing of it."""

    client: str
    tax: Decimal | None
    total: Decimal


Found = dict[str, Back]  # by number
KNOWN_BY_ID = {"sage-50-us", "sage-300"}
ZERO = Decimal("0.00")


def read_back(slug: str, data: bytes, profile: Profile) -> Found:
    """Raises AssertionError at the first rule that the file breaks."""
    return _READERS[slug](data, profile)


def expected(slug: str, invoice: InvoiceData) -> Back:
    """What a reader finds of a document that nothing maps."""
    return Back(invoice.customer_id if slug in KNOWN_BY_ID else invoice.client_name, invoice.tax, invoice.total)


def _iif(data: bytes, profile: Profile) -> Found:
    accounts = {profile["tax_account"], *(each.account for each in profile.maps.get(Kind.TAX, {}).values())}
    found = {}
    for each in iif_reader.read(data, dates=profile["dates"]).documents:
        taxes = [Decimal(row["AMOUNT"]) for row in each.splits if row["ACCNT"] in accounts]
        found[each.head["DOCNUM"]] = Back(each.head["NAME"], -sum(taxes, ZERO), Decimal(each.head["AMOUNT"]))
    return found


def _qbo(data: bytes, profile: Profile) -> Found:
    documents = qbo_reader.read(data)
    return {
        each.number: Back(each["*Customer"], each.sum("ItemTaxAmount"), qbo_reader.total(each)) for each in documents
    }


def _us(data: bytes, profile: Profile) -> Found:
    found = {}
    for each in sage50us_reader.read(data)[0]:
        tax = -sum((Decimal(row["Amount"]) for row in each.rows if row["Tax Type"] == "0"), ZERO)
        found[each.number] = Back(each["Customer ID"], tax, sage50us_reader.total_of(each))
    return found


def _ca(data: bytes, profile: Profile) -> Found:
    found = {}
    for each in imp_reader.read(data).documents:
        tax = sum((Decimal(amount) for cells in each.details for amount in cells[8::5]), ZERO)
        found[each.number] = Back(each.customer[0], tax, each.total)
    return found


def _300(data: bytes, profile: Profile) -> Found:
    read = sage300_reader.read_csv if profile["file"] == "csv" else sage300_reader.read_xlsx
    found = {}
    for each in read(data):
        tax = -each.tax if each.head["TEXTTRX"] == "3" else each.tax
        found[each.head["IDINVC"]] = Back(each.head["IDCUST"], tax, each.total)
    return found


def _csv(data: bytes, profile: Profile) -> Found:
    return {
        each["document_number"]: Back(each["customer_name"], each.amount("document_tax"), each.amount("document_total"))
        for each in csv_reader.read(data)
    }


def _xero(data: bytes, profile: Profile) -> Found:
    documents = xero_reader.read(data)
    return {
        each.number: Back(each["*ContactName"], each.sum("TaxAmount"), xero_reader.total(each)) for each in documents
    }


_READERS: dict[str, Callable[[bytes, Profile], Found]] = {
    "quickbooks-desktop": _iif,
    "quickbooks-online": _qbo,
    "sage-50-us": _us,
    "sage-50-ca": _ca,
    "sage-300": _300,
    "csv": _csv,
    "xero": _xero,
}
