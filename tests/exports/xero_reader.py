"""An independent reader of Xero's invoice import: bytes in, documents out. Written from the specification alone."""

import re
from decimal import ROUND_HALF_UP, Decimal

from tests.exports.parts_reader import (
    CENT,
    MONEY,
    QUANTITY,
    Document,
    begins_like_a_formula,
    day,
    ensure,
    read_parts,
    same,
)

HEADING_ROW = (
    "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
    "POPostalCode,POCountry,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,InventoryItemCode,"
    "*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,"
    "TrackingName2,TrackingOption2,Currency,BrandingTheme"
)
HEADING = HEADING_ROW.split(",")
EMPTY = ["POAddressLine3", "POAddressLine4", "Total", "Discount", *HEADING[23:27], "BrandingTheme"]
SAME = [*HEADING[:15], "Currency"]


def read(data: bytes, dates: str = "dmy") -> list[Document]:
    """Raises Broken at the first rule that does not hold."""
    parts = read_parts(data, "xero", "*InvoiceNumber")
    for part in parts:
        ensure(1 <= len(part) <= 500, f"{len(part)} invoices in a file")
        for document in part:
            check(document, dates)
    return [document for part in parts for document in part]


def check(document: Document, dates: str) -> None:
    same(document, SAME)
    number = document.number
    issued, due = day(document["*InvoiceDate"], dates), day(document["*DueDate"], dates)
    ensure(due >= issued, f"{number}: due before its date")
    ensure(re.fullmatch("[A-Z]{3}", document["Currency"]), f"{number}: currency")
    for row in document.rows:
        ensure(list(row) == HEADING, f"{number}: columns {list(row)}")
        for name, cell in row.items():
            ensure(cell or not name.startswith("*"), f"{number}: {name} is empty")
            ensure(not cell or name not in EMPTY, f"{number}: {name} is filled")
            ensure(not begins_like_a_formula(cell), f"{number}: {name} begins like a formula")
        check_amounts(row, number)


def check_amounts(row: dict[str, str], number: str) -> None:
    ensure(QUANTITY.fullmatch(row["*Quantity"]) and row["*Quantity"][0] != "-", f"{number}: quantity")
    ensure(re.fullmatch(r"-?\d+\.\d{2,4}", row["*UnitAmount"]), f"{number}: price {row['*UnitAmount']}")
    ensure(MONEY.fullmatch(row["TaxAmount"]), f"{number}: tax {row['TaxAmount']}")
    ensure(net(row) * Decimal(row["TaxAmount"]) >= 0, f"{number}: the tax has another sign than its line")


def net(row: dict[str, str]) -> Decimal:
    return (Decimal(row["*Quantity"]) * Decimal(row["*UnitAmount"])).quantize(CENT, ROUND_HALF_UP)


def total(document: Document) -> Decimal:
    return sum((net(row) for row in document.rows), Decimal(0)) + document.sum("TaxAmount")
