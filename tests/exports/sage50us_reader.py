"""An independent reader of a Sales Journal for Sage 50 US: the 27 assertions, from the specification alone."""

import io
import re
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.exports.csv_reader import records
from tests.exports.parts_reader import CENT, Document, begins_like_a_formula, documents, ensure, is_utf_8, same

SALES_ROW = (
    "Customer ID,Invoice/CM #,Apply to Invoice Number,Credit Memo,Date,Drop Ship,Customer PO,Date Due,Discount Amount,"
    "Discount Date,Displayed Terms,Accounts Receivable Account,Sales Tax ID,Invoice Note,Note Prints After Line Items,"
    "Internal Note,Beginning Balance Transaction,Number of Distributions,Invoice/CM Distribution,"
    "Apply to Invoice Distribution,Apply To Sales Order,Quantity,Item ID,Description,G/L Account,Unit Price,Tax Type,"
    "Amount,Job ID,Sales Tax Agency ID,Transaction Number"
)
SALES = SALES_ROW.split(",")
CUSTOMER_ROW = (
    "Customer ID,Customer Name,Prospect,Inactive,Bill to Contact First Name,Bill to Contact Last Name,"
    "Bill to Address-Line One,Bill to Address-Line Two,Bill to City,Bill to State,Bill to Zip,Bill to Country,"
    "Bill to Sales Tax ID,Telephone 1,Customer E-mail"
)
CUSTOMER = CUSTOMER_ROW.split(",")
MOST = {"Customer ID": 20, "Invoice/CM #": 20, "Apply to Invoice Number": 20, "Customer PO": 20, "Displayed Terms": 20}
MOST |= {"Accounts Receivable Account": 15, "Sales Tax ID": 8, "Invoice Note": 2000, "Item ID": 20, "Description": 160}
MOST |= {"G/L Account": 15, "Tax Type": 2, "Sales Tax Agency ID": 8}
MOST_OF_CUSTOMER = dict(zip(CUSTOMER, (20, 39, 5, 5, 15, 20, 30, 30, 20, 2, 12, 15, 8, 20, 64), strict=True))
FILLED = [
    *("Customer ID", "Invoice/CM #", "Credit Memo", "Date", "Date Due", "Accounts Receivable Account", "G/L Account"),
    *("Number of Distributions", "Tax Type", "Amount"),
]
FLAGS = (
    *("Credit Memo", "Drop Ship", "Note Prints After Line Items", "Beginning Balance Transaction"),
    "Apply To Sales Order",
)
Row = dict[str, str]


def read(data: bytes, encoding: str = "cp1252") -> tuple[list[Document], list[Row]]:
    """The documents, and the customers of the companion. Raises Broken."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ensure(archive.testzip() is None and archive.namelist() == ["SALES.CSV", "CUSTOMER.CSV"], "entries")
        ensure({info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "dates of entries")
        sales = table(archive.read("SALES.CSV"), SALES, encoding)
        customers = table(archive.read("CUSTOMER.CSV"), CUSTOMER, encoding)
    found = documents(sales, "Invoice/CM #")
    numbers = [document.number.casefold() for document in found]
    ensure(len(set(numbers)) == len(numbers), "rows of a number do not stand together")  # 6, 7
    for position, document in enumerate(found, start=1):
        check(document, position)
    check_customers(customers, {document["Customer ID"] for document in found})
    return found, customers


def table(data: bytes, heading: list[str], encoding: str) -> list[Row]:
    """1 to 4: bytes, line ends, strict CSV, columns in native order."""
    ensure(not data.startswith(b"\xef\xbb\xbf") and b"\x00" not in data, "byte order mark or NUL")
    ensure(encoding == "utf-8" or not is_utf_8(data), "it is UTF-8")
    first, *rows = records(data.decode(encoding))
    ensure(first == heading, f"columns {first}")
    for cells in rows:
        ensure(len(cells) == len(heading), f"{len(cells)} cells")
        for cell in cells:
            ensure(not re.search('[\x00-\x1f\x7f"]', cell), f"a control character or quote in {cell!r}")  # 22, 25
            ensure(not begins_like_a_formula(cell), f"{cell!r} begins like a formula")  # 25
    return [dict(zip(heading, cells, strict=True)) for cells in rows]


def check(document: Document, position: int) -> None:
    number, rows = document.number, document.rows
    same(document, [*SALES[:18], "Transaction Number"])  # 8
    ensure(document["Number of Distributions"] == str(len(rows)) and len(rows) <= 154, f"{number}: rows")  # 9, 10
    issued, due = day(document["Date"]), day(document["Date Due"])
    ensure(due >= issued and document["Discount Date"] == document["Date"], f"{number}: dates")  # 11
    is_credit = document["Credit Memo"] == "TRUE"
    ensure(is_credit or not document["Apply to Invoice Number"], f"{number}: only credit memos apply")  # 23
    ensure(document["Transaction Number"] == str(position), f"{number}: transaction number")  # 26
    ensure(document["Beginning Balance Transaction"] == "FALSE", f"{number}: beginning balance")  # 22
    for row in rows:
        check_row(row, number)
    total = document.sum("Amount")
    ensure(total >= 0 if is_credit else total <= 0, f"{number}: sign of {total}")  # 15
    check_taxes(document, total)


def check_row(row: Row, number: str) -> None:
    for name in FILLED:
        ensure(row[name], f"{number}: {name} is empty")  # 5
    for name in FLAGS:
        ensure(row[name] in {"TRUE", "FALSE"}, f"{number}: {name}")  # 12
    for name, most in MOST.items():
        ensure(len(row[name]) <= most, f"{number}: {name} over {most}")  # 20
    ensure(not set(row["Customer ID"]) & set("*?+"), f"{number}: customer ID")  # 21
    ensure(len(row["Job ID"]) <= 20 and "," not in row["Job ID"], f"{number}: job")  # 24
    for name in ("Amount", "Discount Amount"):
        ensure(re.fullmatch(r"-?\d+\.\d\d", row[name]), f"{number}: {name} {row[name]}")  # 13
    for name in ("Quantity", "Unit Price"):
        ensure(re.fullmatch(r"-?\d+\.\d{2,4}", row[name]), f"{number}: {name} {row[name]}")
    if row["Tax Type"] != "0":
        product = (Decimal(row["Quantity"]) * Decimal(row["Unit Price"])).quantize(CENT, ROUND_HALF_UP)
        ensure(abs(product) == abs(Decimal(row["Amount"])), f"{number}: {product} is not {row['Amount']}")  # 14


def check_taxes(document: Document, total: Decimal) -> None:
    """16 to 19: taxes first, numbered 0, one an agency; then lines from 1."""
    number = document.number
    taxes = [row for row in document.rows if row["Tax Type"] == "0"]
    ensure(document.rows[: len(taxes)] == taxes, f"{number}: taxes after lines")
    for row in document.rows:
        is_tax = row["Tax Type"] == "0"
        ensure(is_tax == bool(row["Sales Tax Agency ID"]), f"{number}: agency of a line, or none of a tax")
        ensure(not is_tax or Decimal(row["Amount"]) * total >= 0, f"{number}: a tax of another sign")
    ensure(all(row["Invoice/CM Distribution"] == "0" for row in taxes), f"{number}: taxes are numbered 0")
    ensure(len({row["Sales Tax Agency ID"] for row in taxes}) == len(taxes), f"{number}: an agency twice")
    ensure(not taxes or document["Sales Tax ID"], f"{number}: no Sales Tax ID")
    lines = [row["Invoice/CM Distribution"] for row in document.rows[len(taxes) :]]
    ensure(lines == [str(at) for at in range(1, len(lines) + 1)] and lines, f"{number}: lines {lines}")


def check_customers(customers: list[Row], used: set[str]) -> None:
    ids = [row["Customer ID"].casefold() for row in customers]
    ensure(sorted(ids) == sorted({each.casefold() for each in used}), "customers twice or missing")
    for row in customers:
        ensure(row["Customer Name"] and row["Prospect"] == row["Inactive"] == "FALSE", f"customer {row}")
        ensure(all(len(row[name]) <= most for name, most in MOST_OF_CUSTOMER.items()), f"customer {row}")


def day(text: str) -> date:
    ensure(re.fullmatch(r"\d\d/\d\d/\d\d", text), f"the date {text!r}")
    month, day_, year = map(int, text.split("/"))
    return date(2000 + year, month, day_)


def total_of(document: Document) -> Decimal:
    return -document.sum("Amount")
