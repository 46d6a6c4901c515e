"""An independent reader of batches for Sage 300, CSV and workbook: the 26 assertions, from the specification alone."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

from tests.exports.csv_reader import records
from tests.exports.parts_reader import CENT, begins_like_a_formula, ensure, is_utf_8

SHEETS = [
    *("Invoices", "Invoice_Details", "Invoice_Payment_Schedules", "Invoice_Optional_Fields"),
    "Invoice_Detail_Optional_Fields",
]
TEXTS = {
    "IDCUST": 12, "IDINVC": 22, "ORDRNBR": 22, "CUSTPO": 22, "INVCDESC": 60, "INVCAPPLTO": 22, "IDACCTSET": 6,
    "CODECURN": 3, "TERMCODE": 6, "CODETAXGRP": 12, "IDITEM": 16, "IDDIST": 6, "TEXTDESC": 60, "UNITMEAS": 10,
    "IDACCTREV": 45, "COMMENT": 250, "OPTFIELD": 12, "VALUE": 60,
}  # fmt: skip
NUMBERS = {
    "CNTBTCH": 0, "CNTITEM": 0, "CNTLINE": 0, "CNTPAYM": 0, "TEXTTRX": 0, "IDTRX": 0, "DATEINVC": 0, "DATEDUE": 0,
    "SWTAXBL": 0, "SWMANTX": 0, "INVCTYPE": 0, "TAXSTTS": 0, "SWTAXINCL": 0, "BASETAX": 2, "AMTTAX": 2, "RATETAX": 5,
    "AMTEXTN": 2, "AMTDUE": 2, "QTYINVC": 5, "AMTPRIC": 6,
}  # fmt: skip
REQUIRED = {
    "1": ("CNTBTCH", "CNTITEM", "IDCUST", "IDINVC", "TEXTTRX", "IDTRX", "DATEINVC", "DATEDUE", "SWMANTX", "INVCTYPE"),
    "2": ("CNTBTCH", "CNTITEM", "CNTLINE", "AMTEXTN", "IDACCTREV"),
    "3": ("CNTBTCH", "CNTITEM", "CNTPAYM", "DATEDUE", "AMTDUE"),
}
KINDS = {("1", "12", "2"), ("1", "15", "1"), ("3", "32", "2"), ("3", "35", "1")}  # TEXTTRX, IDTRX, INVCTYPE
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Record = dict[str, str]


@dataclass
class Document:
    head: Record
    details: list[Record] = field(default_factory=list)
    schedule: list[Record] = field(default_factory=list)

    def sum(self, name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in self.details), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        return sum(
            (Decimal(cell) for name, cell in self.head.items() if name.startswith("AMTTAX") and cell), Decimal(0)
        )

    @property
    def total(self) -> Decimal:
        """Signed: credit notes below zero."""
        sign = -1 if self.head["TEXTTRX"] == "3" else 1
        return sign * (self.sum("AMTEXTN") + self.tax)


def read_csv(data: bytes, encoding: str = "cp1252") -> list[Document]:
    """1 to 6. Raises Broken."""
    ensure(not data.startswith(b"\xef\xbb\xbf") and b"\x00" not in data, "byte order mark or NUL")
    ensure(encoding == "utf-8" or not is_utf_8(data), "it is UTF-8")
    for line in data.split(b"\r\n")[:-1]:
        ensure(re.fullmatch(rb'"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*', line), f"not every field in quotes: {line!r}")
    headings: list[list[str]] = []
    found: list[tuple[str, Record]] = []
    for kind, *cells in records(data.decode(encoding)):
        if kind == "RECTYPE":
            ensure(not found, "a heading after data")
            check_heading(cells)
            headings.append(cells)
            continue
        heading = headings[int(kind) - 1]
        ensure(len(cells) == len(heading), f"{len(cells)} values of type {kind}")
        found.append((kind, dict(zip(heading, cells, strict=True))))
    ensure(len(headings) in {3, 5}, f"{len(headings)} heading rows")
    return documents(found)


def read_xlsx(data: bytes) -> list[Document]:
    """2 and 26: sheets, defined names that cover the data, no formulas, codes as text."""
    found: list[tuple[str, Record]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ensure(archive.testzip() is None, "a damaged part")
        ensure({info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "dates of parts")
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in book.iter(f"{_MAIN}sheet")]
        ensure(names in (SHEETS[:3], SHEETS), f"sheets {names}")
        areas = {each.get("name"): each.text for each in book.iter(f"{_MAIN}definedName")}
        for kind, name in enumerate(names, start=1):
            heading, *rows = table(archive.read(f"xl/worksheets/sheet{kind}.xml"))
            last = chr(ord("A") + len(heading) - 1) if len(heading) <= 26 else "A" + chr(ord("A") + len(heading) - 27)
            ensure(areas[name] == f"'{name}'!$A$1:${last}${len(rows) + 1}", f"area {areas[name]}")
            found += [(str(kind), {column: row.get(at, "") for at, column in heading.items()}) for row in rows]
    keyed = sorted(found, key=lambda each: (int(each[1]["CNTITEM"]), each[0]))
    return documents(keyed)


def table(data: bytes) -> list[dict[str, str]]:
    """Rows as letters of the column -> text; columns of codes must hold text, the others numbers."""
    ensure(b"<f" not in data, "a formula")
    rows: list[dict[str, str]] = []
    heading: dict[str, str] = {}
    for row in ElementTree.fromstring(data).iter(f"{_MAIN}row"):
        cells = {}
        for cell in row:
            letters = (cell.get("r") or "").rstrip("0123456789")
            text = "".join(cell.itertext())
            is_text = cell.get("t") == "inlineStr"
            cells[letters] = re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text) if is_text else text
            name = heading.get(letters, "")
            ensure(not heading or is_text == (name in TEXTS), f"{name} is {'text' if is_text else 'a number'}")
        if not heading:
            check_heading(list(cells.values()))
        heading = heading or cells
        rows.append(cells)
    return rows


def check_heading(names: list[str]) -> None:
    """3."""
    ensure(len(set(names)) == len(names), "a field twice")
    unknown = [name for name in names if name not in TEXTS and name.rstrip("12345") not in NUMBERS]
    ensure(not unknown, f"fields {unknown}")


def documents(found: list[tuple[str, Record]]) -> list[Document]:
    """6 to 9, 22: details follow their invoice, entries 1 to n in one batch."""
    result: list[Document] = []
    for kind, row in found:
        check_fields(kind, row)
        if kind == "1":
            result.append(Document(row))
        ensure(row["CNTBTCH"] == "1" and row["CNTITEM"] == str(len(result)), f"keys {row}")
        if kind == "2":
            ensure(not result[-1].schedule, "a detail after the schedule")
            result[-1].details.append(row)
        elif kind == "3":
            result[-1].schedule.append(row)
    numbers = [document.head["IDINVC"].casefold() for document in result]
    ensure(len(set(numbers)) == len(numbers), "a number twice")
    for document in result:
        check(document)
    return result


def check_fields(kind: str, row: Record) -> None:
    """3, 10, 25."""
    for name in REQUIRED.get(kind, ()):
        ensure(row[name], f"{name} is empty")
    for name, cell in row.items():
        if name in TEXTS:
            ensure(len(cell) <= TEXTS[name], f"{name} over {TEXTS[name]}")
            ensure(not re.search("[\x00-\x1f\x7f]", cell) and not begins_like_a_formula(cell), f"{name}: {cell!r}")
        else:
            decimals = NUMBERS[name.rstrip("12345")]
            shape = rf"-?\d+\.\d{{{decimals}}}" if decimals else r"\d+"
            ensure(not cell or re.fullmatch(shape, cell), f"{name}: {cell!r}")


def check(document: Document) -> None:
    head, number = document.head, document.head["IDINVC"]
    ensure((head["TEXTTRX"], head["IDTRX"], head["INVCTYPE"]) in KINDS, f"{number}: kind")  # 13
    issued, due = (date.fromisoformat(head[name]) for name in ("DATEINVC", "DATEDUE"))  # 11
    ensure(due >= issued, f"{number}: due")  # 12
    lines = [int(row["CNTLINE"]) for row in document.details]
    ensure(lines == [20 * at for at in range(1, len(lines) + 1)] and lines, f"{number}: lines {lines}")  # 9
    ensure(lines[-1] <= 99999 and document.sum("AMTEXTN") >= 0, f"{number}: lines or net")  # 17
    ensure(head["TEXTTRX"] == "3" or not head["INVCAPPLTO"], f"{number}: apply-to")  # 24
    for row in document.details:
        check_item(row, number)
    states_tax = head["SWMANTX"] == "1"
    ensure(states_tax or not any(name.startswith("AMTTAX") for name in head), f"{number}: tax of Sage")  # 20
    if states_tax:
        check_taxes(document, number)
    total = document.sum("AMTEXTN") + document.tax
    for at, row in enumerate(document.schedule, start=1):
        ensure(row["CNTPAYM"] == str(at) and row["DATEDUE"] == head["DATEDUE"], f"{number}: schedule")  # 21
    owed = sum((Decimal(row["AMTDUE"]) for row in document.schedule), Decimal(0))
    ensure(not document.schedule or owed == total, f"{number}: the schedule gives {owed}")


def check_item(row: Record, number: str) -> None:
    """15, 16."""
    if "IDITEM" in row:
        ensure(row["IDITEM"] and row["UNITMEAS"] and Decimal(row["AMTPRIC"]) >= 0, f"{number}: item or unit")
        product = (Decimal(row["QTYINVC"]) * Decimal(row["AMTPRIC"])).quantize(CENT, ROUND_HALF_UP)
        ensure(product == Decimal(row["AMTEXTN"]), f"{number}: {product} is not {row['AMTEXTN']}")


def check_taxes(document: Document, number: str) -> None:
    """18 to 20: each place of the group."""
    places = [name[6:] for name in document.head if name.startswith("AMTTAX")]
    for place in places:
        amount = document.head[f"AMTTAX{place}"]
        ensure(bool(amount) == bool(document.head[f"TAXSTTS{place}"]), f"{number}: class of tax {place}")
        if not amount:
            continue
        ensure(document.head["CODETAXGRP"], f"{number}: tax without a group")
        ensure(document.sum(f"AMTTAX{place}") == Decimal(amount), f"{number}: tax {place} of the lines")
        ensure(document.sum(f"BASETAX{place}") == Decimal(document.head[f"BASETAX{place}"]), f"{number}: base {place}")
        for row in document.details:
            ensure(1 <= int(row[f"TAXSTTS{place}"]) <= 10 and row[f"SWTAXINCL{place}"] == "0", f"{number}: class")
            due = Decimal(row[f"BASETAX{place}"]) * Decimal(row[f"RATETAX{place}"]) / 100
            ensure(abs(Decimal(row[f"AMTTAX{place}"]) - due) <= 2 * CENT, f"{number}: tax {place} of a line")
