"""An independent reader of the generic CSV format: bytes in, documents out, every rule of the layout asserted.

Written from the format's description, without the csv module and without the product's code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

HEADING = (
    "document_type,document_number,applies_to,document_date,due_date,currency,customer_id,customer_name,"
    "customer_email,billing_address_1,billing_address_2,billing_city,billing_region,billing_postal_code,"
    "billing_country,po_number,terms,memo,line_number,item_code,description,quantity,unit_price,line_net,"
    "account_code,job_code,cost_code,tax_code,tax1_name,tax1_rate,tax1_amount,tax2_name,tax2_rate,tax2_amount,"
    "line_tax,line_gross,document_net,document_tax,document_total"
)
NAMES = HEADING.split(",")
REQUIRED = [
    "document_type",
    "document_number",
    "document_date",
    "due_date",
    "currency",
    "customer_name",
    "line_number",
    "description",
    "quantity",
    "unit_price",
    "line_net",
    "line_tax",
    "line_gross",
    "document_net",
    "document_tax",
    "document_total",
]
NOT_TEXT = [
    "document_type",
    "document_date",
    "due_date",
    "currency",
    "line_number",
    "quantity",
    "unit_price",
    "line_net",
    "tax1_rate",
    "tax1_amount",
    "tax2_rate",
    "tax2_amount",
    "line_tax",
    "line_gross",
    "document_net",
    "document_tax",
    "document_total",
]
SAME = [*NAMES[:18], *NAMES[-3:]]
MONEY = re.compile(r"-?\d+\.\d\d")
PLAIN = re.compile(r"-?\d+(\.\d{1,4})?")
CELL = re.compile(r'(?:"([^"\r]*(?:""[^"\r]*)*)"|([^",\r\n]*))(,|\r\n)')  # a cell and what ends it
CENT = Decimal("0.01")


class Broken(AssertionError):
    """The file breaks a rule of the format."""


def ensure(condition: object, message: str) -> None:
    if not condition:
        raise Broken(message)


@dataclass
class Document:
    rows: list[dict[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.rows[0][name]

    def amount(self, name: str) -> Decimal:
        return Decimal(self[name])

    def sum(self, name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in self.rows), Decimal("0.00"))


def read(data: bytes, *, guard: bool = True) -> list[Document]:
    """The documents of a file. Raises Broken at the first rule that does not hold."""
    rows = [dict(zip(NAMES, cells, strict=True)) for cells in body(data)]
    for row in rows:
        check_row(row, guard)
    documents = together([unguarded(row) if guard else row for row in rows])
    for document in documents:
        check_document(document)
    return documents


def body(data: bytes) -> list[list[str]]:
    """The cells of the rows below the heading."""
    text = data.decode("utf-8", errors="strict")
    ensure(data.startswith(b"\xef\xbb\xbf") or data.isascii(), "no byte order mark in a file that is not ASCII")
    text = text.removeprefix("\ufeff")
    ensure("\ufeff" not in text, "a byte order mark inside the file")
    rows = list(records(text))
    ensure(rows and ",".join(rows[0]) == HEADING, "the heading is another one")
    for number, cells in enumerate(rows, start=1):
        ensure(len(cells) == len(NAMES), f"row {number} has {len(cells)} cells")
    return rows[1:]


def records(text: str) -> Iterator[list[str]]:
    """RFC 4180, strictly: CRLF after every record, quotes only around a whole cell and doubled inside."""
    cells: list[str] = []
    at = 0
    while at < len(text):
        found = CELL.match(text, at)
        if found is None:
            raise Broken(f"at character {at}: a stray or open quote, a CR inside a cell, or no CRLF")
        inner, plain, end = found.groups()
        cells.append(plain if inner is None else inner.replace('""', '"'))
        at = found.end()
        if end != ",":
            yield cells
            cells = []
    ensure(not cells, "the file ends after a comma")


def check_row(row: dict[str, str], guard: bool) -> None:
    where = f"{row['document_number']} line {row['line_number']}"
    for name, cell in row.items():
        ensure(not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", cell), f"{where}: control character in {name}")
        if guard and name not in NOT_TEXT:
            ensure(not re.match(r"\s*[=+\-@\t\r\n]", cell), f"{where}: {name} begins like a formula")
    for name in REQUIRED:
        ensure(row[name].strip(), f"{where}: {name} is empty")
    for name in ("line_net", "line_tax", "line_gross", "document_net", "document_tax", "document_total"):
        ensure(MONEY.fullmatch(row[name]), f"{where}: {name} {row[name]!r} is not an amount")
    for name in ("quantity", "unit_price"):
        ensure(PLAIN.fullmatch(row[name]), f"{where}: {name} {row[name]!r} is not a plain number")
    ensure(not re.search(r"\.\d{2,}0$", row["unit_price"]) or row["unit_price"][-3] == ".", f"{where}: trailing zeros")
    check_amounts(row, where)


def check_amounts(row: dict[str, str], where: str) -> None:
    net = Decimal(row["line_net"])
    product = (Decimal(row["quantity"]) * Decimal(row["unit_price"])).quantize(CENT, ROUND_HALF_UP)
    ensure(product == net, f"{where}: quantity x price = {product}, not {net}")
    parts = Decimal("0.00")
    for tax in ("tax1", "tax2"):
        filled = [bool(row[f"{tax}_{part}"]) for part in ("name", "rate", "amount")]
        ensure(len(set(filled)) == 1, f"{where}: {tax} is not whole")
        if filled[0]:
            ensure(MONEY.fullmatch(row[f"{tax}_amount"]), f"{where}: {tax}_amount is not an amount")
            amount, rate = Decimal(row[f"{tax}_amount"]), Decimal(row[f"{tax}_rate"])
            ensure(abs(amount - net * rate / 100) < 2 * CENT, f"{where}: {tax} is not {rate} % of {net}")
            parts += amount
    ensure(parts == Decimal(row["line_tax"]), f"{where}: the taxes give {parts}")
    ensure(net + parts == Decimal(row["line_gross"]), f"{where}: net and tax do not give gross")


def together(rows: list[dict[str, str]]) -> list[Document]:
    """Documents: rows of one number, which must follow each other, numbered from 1."""
    documents: dict[str, Document] = {}
    last = ""
    for row in rows:
        number = row["document_number"]
        ensure(number == last or number not in documents, f"{number}: its rows do not stand together")
        document = documents.setdefault(number, Document())
        document.rows.append(row)
        ensure(row["line_number"] == str(len(document.rows)), f"{number}: line {row['line_number']} out of order")
        ensure(all(row[name] == document[name] for name in SAME), f"{number}: its document columns differ")
        last = number
    return list(documents.values())


def check_document(document: Document) -> None:
    number, kind = document["document_number"], document["document_type"]
    issued, due = date.fromisoformat(document["document_date"]), date.fromisoformat(document["due_date"])
    ensure(document["document_date"] == issued.isoformat() and due >= issued, f"{number}: dates")
    ensure(re.fullmatch(r"[A-Z]{3}", document["currency"]), f"{number}: currency")
    ensure(kind in {"INVOICE", "CREDIT_NOTE"}, f"{number}: kind {kind}")
    ensure(kind == "CREDIT_NOTE" or not document["applies_to"], f"{number}: only credit notes apply to another")
    total = document.amount("document_total")
    ensure(total <= 0 if kind == "CREDIT_NOTE" else total >= 0, f"{number}: sign of {total}")
    for lines, whole in (("line_net", "net"), ("line_tax", "tax"), ("line_gross", "total")):
        ensure(document.sum(lines) == document.amount(f"document_{whole}"), f"{number}: {lines} does not add up")
    check_taxes(document)


def check_taxes(document: Document) -> None:
    """Each tax of a document is its rate on the sum of the lines that carry it, rounded once."""
    base: dict[tuple[str, str], Decimal] = {}
    amount: dict[tuple[str, str], Decimal] = {}
    for row in document.rows:
        for tax in ("tax1", "tax2"):
            if row[f"{tax}_name"]:
                key = row[f"{tax}_name"], row[f"{tax}_rate"]
                base[key] = base.get(key, Decimal(0)) + Decimal(row["line_net"])
                amount[key] = amount.get(key, Decimal(0)) + Decimal(row[f"{tax}_amount"])
    for (name, rate), sum_ in base.items():
        due = (sum_ * Decimal(rate) / 100).quantize(CENT, ROUND_HALF_UP)
        ensure(due == amount[name, rate], f"{document['document_number']}: {name} is {amount[name, rate]}, not {due}")


def unguarded(row: dict[str, str]) -> dict[str, str]:
    """One apostrophe less on each text cell that would else begin like a formula."""
    return {
        name: cell[1:] if name not in NOT_TEXT and re.match(r"''*\s*[=+\-@\t\r\n]", cell) else cell
        for name, cell in row.items()
    }
