"""An independent reader of .IMP files for Sage 50 Canada: the 23 assertions, from the specification alone."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.exports.csv_reader import Broken, ensure
from tests.exports.parts_reader import is_utf_8

LENGTHS = (52, 1, 30, 50, 50, 35, 20, 9, 30, 25, 25, 25, 50)
MONEY = re.compile(r"-?\d+\.\d\d")
FOUR = re.compile(r"-?\d+\.\d{4}")
CENT = Decimal("0.01")


@dataclass
class Document:
    customer: list[str]
    options: list[str]
    details: list[list[str]] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.options[2]

    @property
    def total(self) -> Decimal:
        return Decimal(self.options[6])


@dataclass
class File:
    customers: list[list[str]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


def read(data: bytes, encoding: str = "cp1252") -> File:
    """Raises Broken at the first rule that does not hold."""
    file = File()
    blocks = list(blocks_of(lines_of(data, encoding)))
    ensure([tag for tag, _ in blocks[:1]] == ["Version"], "Version is not first")  # 4
    for tag, rows in blocks:
        if tag == "Version":
            ensure(len(rows) == 1 and rows[0][1:] == ["1"] and int(rows[0][0]) >= 12001, f"version {rows}")
        elif tag == "customers":
            file.customers += rows
        else:
            file.documents.append(Document(rows[0], rows[1], rows[2:]))
    ensure(sum(tag == "Version" for tag, _ in blocks) == 1, "Version twice")
    for customer in file.customers:
        check_customer(customer)
    names = [customer[0].casefold() for customer in file.customers]
    ensure(len(set(names)) == len(names), "a customer is declared twice")  # 10
    for document in file.documents:
        check(document)
    numbers = [document.number.casefold() for document in file.documents]
    ensure(len(set(numbers)) == len(numbers), "a number twice")  # 13
    check_rates(file)
    return file


def lines_of(data: bytes, encoding: str) -> list[str]:
    """1 and 2."""
    ensure(not data.startswith(b"\xef\xbb\xbf") and b"\x00" not in data, "byte order mark or NUL")
    ensure(encoding == "utf-8" or not is_utf_8(data), "it is UTF-8")
    text = data.decode(encoding)
    ensure(text.endswith("\r\n"), "the last line is not ended")
    lines = text[:-2].split("\r\n")
    ensure(not re.search("[\x00-\x1f\x7f]", "".join(lines)), "a control character")
    return lines


def blocks_of(lines: list[str]) -> list[tuple[str, list[list[str]]]]:
    """3 and 5: tags known, balanced, not nested, nothing outside."""
    found: list[tuple[str, list[list[str]]]] = []
    inside = ""
    for line in lines:
        if line.startswith("<!"):
            continue
        if line.startswith("</"):
            ensure(line == f"</{inside}>", f"{line} ends {inside!r}")
            inside = ""
        elif line.startswith("<"):
            ensure(not inside and line in {"<Version>", "<customers>", "<SalInvoice>"}, f"{line} inside {inside!r}")
            inside = line[1:-1]
            found.append((inside, []))
        else:
            ensure(inside, f"{line!r} outside of tags")
            found[-1][1].append(cells_of(line))
    ensure(not inside, f"{inside} is not ended")
    return found


def cells_of(line: str) -> list[str]:
    """6: each field in quotes, none inside."""
    ensure(re.fullmatch('"[^"]*"(,"[^"]*")*', line), f"quotes of {line!r}")
    return line[1:-1].split('","')


def check_customer(cells: list[str]) -> None:
    ensure(len(cells) == 13 and cells[0] and cells[1] == "0", f"customer {cells}")  # 7, 16
    ensure(all(len(cell) <= most for cell, most in zip(cells, LENGTHS, strict=True)), f"lengths of {cells}")  # 8
    ensure(not re.search(r"[\s-]", cells[7]), f"postal code {cells[7]!r}")  # 9
    ensure(all(cell.isdigit() or not cell for cell in cells[9:12]), f"telephones of {cells}")


def check(document: Document) -> None:
    check_customer(document.customer)
    number, options = document.number, document.options
    ensure(len(options) == 8, f"{number}: options {options}")  # 11
    ensure(options[0] == str(len(document.details)) and document.details, f"{number}: details")  # 12
    ensure(number and len(number) <= 20 and len(options[1]) <= 20, f"{number!r} or {options[1]!r}")  # 13
    ensure(re.fullmatch(r"\d\d-\d\d-\d{4}", options[3]), f"{number}: date {options[3]}")  # 14
    date(int(options[3][6:]), int(options[3][:2]), int(options[3][3:5]))
    ensure(options[4:6] == ["0", ""], f"{number}: paid by {options[4:6]}")  # 15
    total = money(options[6]) - money(options[7])
    taken_back = [cells for cells in document.details if cells[1].startswith("-")]
    ensure(total >= 0 or taken_back, f"{number}: a credit that takes nothing back")  # 23
    for cells in document.details:
        check_detail(cells, number)
        total -= Decimal(cells[3]) + sum(Decimal(amount) for amount in cells[8::5])
    ensure(total == 0, f"{number}: the total is off by {total}")  # 22


def check_detail(cells: list[str], number: str) -> None:
    item, quantity, unit_price, amount, *taxes = cells
    ensure(0 < len(item) <= 52, f"{number}: item {item!r}")
    ensure(FOUR.fullmatch(quantity) and FOUR.fullmatch(unit_price), f"{number}: {quantity} x {unit_price}")  # 17
    product = (Decimal(quantity) * Decimal(unit_price)).quantize(CENT, ROUND_HALF_UP)
    ensure(product == money(amount) and unit_price[0] != "-", f"{number}: {product} is not {amount}")  # 18
    ensure(len(taxes) % 5 == 0, f"{number}: taxes {taxes}")  # 19
    names = [name.casefold() for name in taxes[::5]]
    ensure(len(set(names)) == len(names), f"{number}: a tax twice")
    for name, included, refundable, rate, tax in zip(*[iter(taxes)] * 5, strict=True):
        ensure(0 < len(name) <= 20 and included == "0" and refundable in {"0", "1"}, f"{number}: tax {name!r}")
        ensure(re.fullmatch(r"\d+\.\d{2,4}", rate), f"{number}: rate {rate}")
        due = Decimal(amount) * Decimal(rate) / 100
        ensure(abs(money(tax) - due) <= 2 * CENT and money(tax) * due >= 0, f"{number}: {name} {tax}")  # 20


def check_rates(file: File) -> None:
    """21: one rate and flag for each name."""
    seen: dict[str, tuple[str, str]] = {}
    for document in file.documents:
        for cells in document.details:
            for name, _, refundable, rate, _ in zip(*[iter(cells[4:])] * 5, strict=True):
                ensure(seen.setdefault(name.casefold(), (refundable, rate)) == (refundable, rate), f"rates of {name}")


def money(text: str) -> Decimal:
    if not MONEY.fullmatch(text):
        raise Broken(f"{text!r} is no amount")
    return Decimal(text)
