"""An independent reader of IIF files: bytes in, documents out, the 25 assertions of docs/formats.md on the way.

Written from the specification alone: no code of the product, its own lengths, columns and signs.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

TRNS = [
    *("TRNSID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR", "NAMEISTAXABLE"),
    *("ADDR1", "ADDR2", "ADDR3", "ADDR4", "ADDR5", "DUEDATE", "TERMS", "PONUM", "INVMEMO", "TOPRINT"),
]
SPL = [
    *("SPLID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR", "QNTY", "PRICE"),
    *("INVITEM", "SALESTAXCODE", "EXTRA", "TAXABLE"),
]
LISTS = {
    "ACCNT": "NAME ACCNTTYPE",
    "TERMS": "NAME DUEDAYS MINDAYS DISCPER DISCDAYS TERMSTYPE",
    "VEND": "NAME VTYPE",
    "INVITEM": "NAME INVITEMTYPE DESC ACCNT PRICE TAXABLE TAXVEND",
    "CUST": "NAME BADDR1 BADDR2 BADDR3 BADDR4 BADDR5 COMPANYNAME FIRSTNAME LASTNAME EMAIL PHONE1 TERMS TAXABLE",
}
ORDER = [*LISTS, "TRNS", "SPL", "ENDTRNS"]
LEVEL = {"ACCNT": 31, "CLASS": 31, "INVITEM": 31, "TERMS": 31, "NAME": 41}  # characters between two colons
MOST = {"NAME": 209, "DOCNUM": 11, "MEMO": 4095, "PONUM": 25, "INVMEMO": 101, "SALESTAXCODE": 3, "DESC": 4095}
MOST |= {"COMPANYNAME": 41, "FIRSTNAME": 25, "LASTNAME": 25, "EMAIL": 1023, "PHONE1": 21}
MOST |= {f"{prefix}ADDR{n}": 41 for prefix in ("", "B") for n in range(1, 6)}
FLAGS = ("CLEAR", "NAMEISTAXABLE", "TOPRINT", "TAXABLE")
ACCOUNT_TYPES = {"AR", "INC", "OCLIAB"}
ITEM_TYPES = {"SERV", "PART", "OTHC", "DISC", "COMPTAX"}
MONEY = re.compile(r"-?\d+\.\d\d")
CENT = Decimal("0.01")


class Broken(AssertionError):
    """The file breaks a rule of the format."""


def ensure(condition: object, message: str) -> None:
    if not condition:
        raise Broken(message)


Row = dict[str, str]


@dataclass
class Document:
    head: Row
    splits: list[Row] = field(default_factory=list)

    @property
    def sales(self) -> list[Row]:
        """The splits of lines; taxes are those of an AUTOSTAX row or of a tax account (see `File.tax_accounts`)."""
        return [row for row in self.splits if row["EXTRA"] != "AUTOSTAX"]


@dataclass
class File:
    documents: list[Document] = field(default_factory=list)
    lists: dict[str, list[Row]] = field(default_factory=dict)

    def total(self) -> Decimal:
        return sum((Decimal(each.head["AMOUNT"]) for each in self.documents), Decimal(0))


def read(data: bytes, *, dates: str = "mdy", encoding: str = "cp1252", chance: bool = False) -> File:
    """The documents and lists of a file. Raises Broken. chance: Windows text may happen to be UTF-8 as well."""
    file, headings = File(), dict[str, list[str]]()
    opened: Document | None = None
    for number, cells in enumerate(rows_of(data, encoding, chance=chance), start=1):
        keyword = cells[0]
        if keyword.startswith("!"):
            ensure(opened is None, f"row {number}: a heading inside a transaction")
            take_heading(headings, keyword[1:], cells[1:])
            continue
        ensure(keyword in headings, f"row {number}: {keyword} without a heading")  # 8
        ensure(len(cells) == len(headings[keyword]) + 1, f"row {number}: {len(cells)} cells")
        row = dict(zip(headings[keyword], cells[1:], strict=True))
        check_cells(row, f"row {number}")
        opened = take(file, opened, keyword, row, number)
    ensure(opened is None, "the file ends inside a transaction")  # 11
    check_headings(headings)
    check_lists(file.lists)
    for document in file.documents:
        check_document(document, dates)
        check_named(document, file.lists)
    numbers = [each.head["DOCNUM"].casefold() for each in file.documents]
    ensure(len(set(numbers)) == len(numbers), "a number stands there twice")  # 15
    return file


def rows_of(data: bytes, encoding: str, *, chance: bool) -> list[list[str]]:
    """1 to 7: the bytes, the line ends, the characters, the quotes."""
    ensure(data, "it is empty")
    ensure(not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")), "it has a byte order mark")
    text = data.decode(encoding)
    if not data.isascii() and not chance:
        try:
            data.decode()
        except UnicodeDecodeError:
            pass
        else:
            raise Broken("it is UTF-8")
    ensure(text.endswith("\r\n"), "the last line is not ended")
    lines = text[:-2].split("\r\n")
    ensure(not re.search("[\x00-\x08\x0a-\x1f\x7f]", "".join(lines)), "a control character")
    ensure(all(line.strip() for line in lines), "a blank line")
    ensure(";" not in text, "a semicolon")
    return [[cell_of(cell) for cell in line.split("\t")] for line in lines]


def cell_of(cell: str) -> str:
    is_quoted = len(cell) > 1 and cell[0] == '"' == cell[-1]
    inner = cell[1:-1] if is_quoted else cell
    ensure('"' not in inner, f"a quote inside {cell!r}")  # 6
    ensure(is_quoted == ("," in inner), f"quotes of {cell!r}")
    ensure(inner == inner.strip(), f"outer blanks of {cell!r}")  # 7
    return inner


def take_heading(headings: dict[str, list[str]], keyword: str, columns: list[str]) -> None:
    ensure(keyword in ORDER and keyword not in headings, f"heading {keyword}")
    wanted = {"TRNS": TRNS, "SPL": SPL, "ENDTRNS": []}.get(keyword) or LISTS.get(keyword, "").split()
    ensure(columns == wanted, f"columns of {keyword}: {columns}")  # 9
    headings[keyword] = columns


def check_headings(headings: dict[str, list[str]]) -> None:
    ensure(list(headings) == [each for each in ORDER if each in headings], "lists out of order")
    ensure(list(headings)[-3:] == ["TRNS", "SPL", "ENDTRNS"], "the three headings of transactions")  # 10


def take(file: File, opened: Document | None, keyword: str, row: Row, number: int) -> Document | None:
    """11: TRNS, SPL and SPL, ENDTRNS, nothing else in between; lists before."""
    if keyword == "TRNS":
        ensure(opened is None, f"row {number}: TRNS inside a transaction")
        file.documents.append(Document(row))
        return file.documents[-1]
    if keyword == "SPL":
        ensure(opened is not None, f"row {number}: SPL outside a transaction")
        assert opened is not None
        opened.splits.append(row)
        return opened
    if keyword == "ENDTRNS":
        ensure(opened is not None and opened.splits, f"row {number}: ENDTRNS of nothing")
        return None
    ensure(opened is None and not file.documents, f"row {number}: {keyword} among transactions")
    file.lists.setdefault(keyword, []).append(row)
    return None


def check_cells(row: Row, where: str) -> None:
    """16 and 21: lengths, Y and N."""
    for column, cell in row.items():
        ensure(len(cell) <= MOST.get(column, 5000), f"{where}: {column} has {len(cell)} characters")
        if column in LEVEL:
            ensure(all(len(part) <= LEVEL[column] for part in cell.split(":")), f"{where}: a level of {cell!r}")
        if column in FLAGS:
            ensure(cell in {"Y", "N"}, f"{where}: {column} is {cell!r}")


def check_document(document: Document, dates: str) -> None:
    head, number = document.head, document.head["DOCNUM"]
    is_credit = head["TRNSTYPE"] == "CREDIT MEMO"
    ensure(is_credit or head["TRNSTYPE"] == "INVOICE", f"{number}: {head['TRNSTYPE']}")  # 12
    issued = day(head["DATE"], dates)
    ensure((head["DUEDATE"] == "") == is_credit, f"{number}: due date {head['DUEDATE']!r}")  # 14
    ensure(is_credit or day(head["DUEDATE"], dates) >= issued, f"{number}: due before its date")
    ensure(number and head["NAME"] and head["ACCNT"], f"{number!r}: number, name or account missing")  # 15, 16
    ensure(head["TRNSID"] == "" and not (is_credit and head["TERMS"]), f"{number}: TRNSID or terms")
    amount = money(head["AMOUNT"])
    ensure(amount < 0 if is_credit else amount > 0, f"{number}: {amount} of a {head['TRNSTYPE']}")  # 18
    for row in document.splits:
        ensure(row["TRNSTYPE"] == head["TRNSTYPE"] and row["DATE"] == head["DATE"], f"{number}: a split differs")
        ensure(row["ACCNT"] and row["INVITEM"] and not row["SPLID"], f"{number}: account or item missing")
        ensure(row["ACCNT"] != head["ACCNT"], f"{number}: a split to receivables")
    sum_ = amount + sum(money(row["AMOUNT"]) for row in document.splits)
    ensure(sum_ == 0, f"{number}: its rows add up to {sum_}")  # 19
    check_splits(document, number, is_credit)


def check_splits(document: Document, number: str, is_credit: bool) -> None:
    """20 and 22: quantity, price and amount; AUTOSTAX rows."""
    for row in document.sales:
        check_sale(row, number, is_credit)
    taxes = [row for row in document.splits if row["EXTRA"] == "AUTOSTAX"]
    ensure(document.splits == [*document.sales, *taxes], f"{number}: taxes before sales")
    ensure(len(taxes) < 2 or taxes[0]["PRICE"] == "0%", f"{number}: two taxes without a group")
    taxed = [row for row in document.sales if row["TAXABLE"] == "Y"]
    base = sum((money(row["AMOUNT"]) for row in taxed), Decimal(0))
    for row in taxes:
        ensure(re.fullmatch(r"\d+(\.\d{1,4})?%", row["PRICE"]), f"{number}: rate {row['PRICE']}")
        ensure(row["NAME"] and not row["QNTY"] and row["TAXABLE"] == "N", f"{number}: agency or quantity of a tax")
        due = base * Decimal(row["PRICE"][:-1]) / 100
        ensure(abs(money(row["AMOUNT"]) - due) <= CENT * len(taxed), f"{number}: {row['INVITEM']} is not its rate")


def check_sale(row: Row, number: str, is_credit: bool) -> None:
    ensure(not row["EXTRA"] and not row["SALESTAXCODE"] and not row["NAME"], f"{number}: a cell of another style")
    sign = 1 if is_credit else -1
    unit_price, amount = Decimal(row["PRICE"]), money(row["AMOUNT"])
    ensure(re.fullmatch(r"-?\d+\.\d{2,5}", row["PRICE"]), f"{number}: price {row['PRICE']}")
    if not row["QNTY"]:
        ensure(amount == sign * unit_price, f"{number}: {amount} is not the price {unit_price}")
        return
    ensure(re.fullmatch(r"-?\d+(\.\d{1,5})?", row["QNTY"]) and unit_price >= 0, f"{number}: quantity {row['QNTY']}")
    quantity = Decimal(row["QNTY"])
    ensure((quantity * unit_price).quantize(CENT, ROUND_HALF_UP) == amount, f"{number}: {quantity} x {unit_price}")
    ensure(quantity * amount >= 0, f"{number}: the sign of {quantity} does not fit")


def check_lists(lists: dict[str, list[Row]]) -> None:
    """23: names there, once, parents first, types known."""
    for keyword, rows in lists.items():
        seen: set[str] = set()
        level = 41 if keyword in {"CUST", "VEND"} else 31
        for row in rows:
            ensure(all(len(part) <= level for part in row["NAME"].split(":")), f"{keyword} {row['NAME']}")  # 16
            name = row["NAME"].casefold()
            ensure(name and name not in seen, f"{keyword} {row['NAME']!r} twice or empty")
            ensure(":" not in name or name.rpartition(":")[0] in seen, f"{keyword} {name} before its parent")
            seen.add(name)
    ensure(all(row["ACCNTTYPE"] in ACCOUNT_TYPES for row in lists.get("ACCNT", [])), "type of an account")
    for row in lists.get("INVITEM", []):
        ensure(row["INVITEMTYPE"] in ITEM_TYPES and row["ACCNT"], f"type or account of {row['NAME']}")
        is_tax = row["INVITEMTYPE"] == "COMPTAX"
        ensure(is_tax == bool(row["TAXVEND"]) and is_tax == row["PRICE"].endswith("%"), f"tax item {row['NAME']}")


def check_named(document: Document, lists: dict[str, list[Row]]) -> None:
    """24: what is used is in the list of the file, if that list is there; nobody is customer and vendor."""
    names = {keyword: {row["NAME"].casefold() for row in rows} for keyword, rows in lists.items()}
    head, number = document.head, document.head["DOCNUM"]
    ensure(head["NAME"].casefold() in names.get("CUST", set()), f"{number}: the customer is in no list")
    ensure(not names.get("CUST", set()) & names.get("VEND", set()), "a customer is a vendor")
    for keyword, used in (
        ("ACCNT", [head["ACCNT"], *(row["ACCNT"] for row in document.splits)]),
        ("TERMS", [head["TERMS"]]),
        ("INVITEM", [row["INVITEM"] for row in document.splits if row["PRICE"] != "0%"]),
        ("VEND", [row["NAME"] for row in document.splits]),
    ):
        missing = [each for each in used if each and each.casefold() not in names.get(keyword, {each.casefold()})]
        ensure(not missing, f"{number}: {missing} is in no list")


def day(text: str, dates: str) -> date:
    """13: ten characters, a real day."""
    shape = r"\d{4}-\d\d-\d\d" if dates == "iso" else r"\d\d/\d\d/\d{4}"
    ensure(re.fullmatch(shape, text), f"the date {text!r}")
    if dates == "iso":
        return date.fromisoformat(text)
    month, day_, year = map(int, text.split("/"))
    return date(year, month, day_)


def money(text: str) -> Decimal:
    ensure(MONEY.fullmatch(text), f"{text!r} is no amount")  # 17
    return Decimal(text)
