"""An independent reader of QuickBooks Online's invoice import: the 25 assertions, from the specification alone."""

import io
import re
import zipfile
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

TWELVE = [
    *("*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "Terms", "Location", "Memo", "Item(Product/Service)"),
    *("ItemDescription", "ItemQuantity", "ItemRate", "*ItemAmount"),
]
KNOWN = [*TWELVE, "*ItemTaxCode", "ItemTaxAmount", "Taxable", "TaxRate", "Currency", "Service Date"]
FILLED = ["*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "*ItemAmount", "Item(Product/Service)"]
MOST = {"*InvoiceNo": 21, "*Customer": 100, "Terms": 31, "Memo": 4000, "Item(Product/Service)": 100}
MOST |= {"ItemDescription": 4000, "*ItemTaxCode": 100, "Currency": 3}


def read(data: bytes, *, dates: str = "iso", rates: dict[str, Decimal] | None = None) -> list[Document]:
    """The documents of every file. rates: the percentage behind a tax code. Raises Broken."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ensure(all(info.file_size <= 2_000_000 for info in archive.infolist()), "a file over 2 MB")  # 1
    parts = read_parts(data, "quickbooks-online", "*InvoiceNo")  # 1, 2, 6, 7, 12, 14, 15
    for part in parts:
        ensure(1 <= len(part) <= 100, f"{len(part)} invoices")  # 8
        ensure(sum(len(document.rows) for document in part) + 1 <= 1000, "over 1,000 rows")  # 9
        for document in part:
            check(document, dates, rates or {})
    return [document for part in parts for document in part]


def check(document: Document, dates: str, rates: dict[str, Decimal]) -> None:
    heading = list(document.rows[0])
    ensure(heading == [name for name in KNOWN if name in heading], f"columns {heading}")  # 3
    ensure(heading[:12] == TWELVE, f"columns {heading}")  # 4
    ensure(("*ItemTaxCode" in heading) + ("Taxable" in heading) < 2, "tax codes and Taxable")  # 5
    same(document, [*TWELVE[:7], *({"Currency"} & set(heading))])  # 13
    number = document.number
    ensure(day(document["*DueDate"], dates) >= day(document["*InvoiceDate"], dates), f"{number}: due")  # 15 to 17
    ensure('"' not in number, f"{number}: a quote")  # 11
    for row in document.rows:
        check_texts(row, number)
        check_amounts(row, number)
        check_taxes(row, number, rates)
        ensure(not row["Service Date"] or day(row["Service Date"], dates), f"{number}: service date")


def check_texts(row: dict[str, str], number: str) -> None:
    for name in FILLED:
        ensure(row[name], f"{number}: {name} is empty")  # 10
    for name, most in MOST.items():
        ensure(len(row.get(name, "")) <= most, f"{number}: {name} over {most}")  # 11, 23
    for name in ("*Customer", "Item(Product/Service)"):
        ensure(not set(row[name]) & set(':"\t'), f"{number}: {name} {row[name]!r}")  # 23
    ensure(not any(map(begins_like_a_formula, row.values())), f"{number}: a formula")  # 24
    ensure("Currency" not in row or re.fullmatch("[A-Z]{3}", row["Currency"]), f"{number}: currency")


def check_amounts(row: dict[str, str], number: str) -> None:
    """18 to 21."""
    ensure(MONEY.fullmatch(row["*ItemAmount"]) and row["*ItemAmount"][0] != "-", f"{number}: {row['*ItemAmount']}")
    quantity, unit_price = row["ItemQuantity"], row["ItemRate"]
    ensure(bool(quantity) == bool(unit_price), f"{number}: quantity without rate")
    if quantity:
        ensure(QUANTITY.fullmatch(quantity) and quantity[0] != "-", f"{number}: quantity {quantity}")
        ensure(re.fullmatch(r"\d+\.\d{2,4}", unit_price), f"{number}: rate {unit_price}")
        amount = (Decimal(quantity) * Decimal(unit_price)).quantize(CENT, ROUND_HALF_UP)
        ensure(amount == Decimal(row["*ItemAmount"]), f"{number}: {quantity} x {unit_price} is not the amount")


def check_taxes(row: dict[str, str], number: str, rates: dict[str, Decimal]) -> None:
    """22."""
    if "*ItemTaxCode" in row:
        ensure(row["*ItemTaxCode"], f"{number}: no tax code")
        ensure(MONEY.fullmatch(row["ItemTaxAmount"]) and row["ItemTaxAmount"][0] != "-", f"{number}: tax")
        due = Decimal(row["*ItemAmount"]) * rates.get(row["*ItemTaxCode"], Decimal(0)) / 100
        known = row["*ItemTaxCode"] in rates
        ensure(not known or abs(due - Decimal(row["ItemTaxAmount"])) <= 2 * CENT, f"{number}: tax is not its rate")
    if "Taxable" in row:
        ensure(row["Taxable"] in {"Y", "N"}, f"{number}: Taxable")
        ensure((row["Taxable"] == "Y") == bool(re.fullmatch(r"\d+(\.\d+)?%", row["TaxRate"])), f"{number}: TaxRate")


def total(document: Document) -> Decimal:
    return document.sum("*ItemAmount") + document.sum("ItemTaxAmount")
