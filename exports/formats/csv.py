"""Generic CSV: a row for each line, the document's columns repeated. See docs/formats.md for every column.

RFC 4180, CRLF, UTF-8 with byte order mark. A text cell that a spreadsheet would take for a formula gets one
apostrophe in front (`guard=off` leaves it out); a reader takes one off, so nothing is lost. Text is NFC, line breaks
inside it are LF.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.csv_check import problems_of
from exports.formats.csv_totals import read_totals
from exports.formats.once import Once, demand
from exports.formats.profile import Columns, Kind, Profile, Setting
from invoices.document import InvoiceData, LineData, TaxData
from jobbook.common.failpoints import failpoint

_DOCUMENT = [
    "document_type",
    "document_number",
    "applies_to",
    "document_date",
    "due_date",
    "currency",
    "customer_id",
    "customer_name",
    "customer_email",
    "billing_address_1",
    "billing_address_2",
    "billing_city",
    "billing_region",
    "billing_postal_code",
    "billing_country",
    "po_number",
    "terms",
    "memo",
]
_LINE = [
    "line_number",
    "item_code",
    "description",
    "quantity",
    "unit_price",
    "line_net",
    "account_code",
    "job_code",
    "cost_code",
    "tax_code",
    "tax1_name",
    "tax1_rate",
    "tax1_amount",
    "tax2_name",
    "tax2_rate",
    "tax2_amount",
    "line_tax",
    "line_gross",
]
COLUMNS = (*_DOCUMENT, *_LINE, "document_net", "document_tax", "document_total")

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n]")  # also behind apostrophes, so that the guard can be taken off again
_BREAK = re.compile(r"\r\n?")

Text = Callable[[str], str]


class GenericCsv(Format):
    slug = "csv"
    label = "Generic CSV"
    extension = "csv"
    content_type = "text/csv; charset=utf-8"
    stem = "invoices"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "the date of each line",
        "lines without a price",
        "office, project name and signatures",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "guard",
            "Guard against formulas",
            "on",
            (("on", "An apostrophe before what a spreadsheet would calculate"), ("off", "Text as it is, for programs")),
        ),
        Setting("bom", "Byte order mark", "on", (("on", "With, so that Excel reads accents"), ("off", "Without"))),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {}

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return list(problems_of(invoice))

    def across(self, profile: Profile) -> Across:
        return Once()

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        text = plain if ctx.profile["guard"] == "off" else guarded
        encoded = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
        if ctx.profile["bom"] != "off":
            encoded.write("\ufeff")
        rows = csv.writer(encoded, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        across = self.across(ctx.profile)
        for done, invoice in enumerate(invoices, start=1):
            demand(across, invoice)
            rows.writerows(document_rows(invoice, text))
            failpoint("csv.after_document")
            ctx.progress(done)
        encoded.detach()

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path, guarded=profile["guard"] != "off")


def plain(value: str) -> str:
    """The canonical text of a cell: NFC, LF for every line break."""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return _BREAK.sub("\n", value) if "\r" in value else value


def guarded(value: str) -> str:
    """`plain` text with an apostrophe before what a spreadsheet would calculate."""
    value = plain(value)
    return f"'{value}" if _FORMULA.match(value) else value


def document_rows(invoice: InvoiceData, text: Text) -> Iterator[list[str]]:
    """The rows of a document; unpriced lines are left out."""
    head = [
        "CREDIT_NOTE" if invoice.is_credit_note else "INVOICE",
        text(invoice.number),
        text(invoice.credits),
        invoice.invoice_date.isoformat(),
        invoice.due_date.isoformat(),
        invoice.currency,
        text(invoice.customer_id),
        text(invoice.client_name),
        text(invoice.client_email),
        *map(text, invoice.bill_to),
        text(invoice.po_number),
        text(invoice.terms),
        text(invoice.memo),
    ]
    tail = [_money(invoice.subtotal), _money(invoice.tax), _money(invoice.total)]
    job = text(invoice.job_number)
    priced = (line for line in invoice.lines if line.section != "unpriced")
    for number, line in enumerate(priced, start=1):
        yield [*head, str(number), *_line_cells(line, job, text), *tail]


def _line_cells(line: LineData, job: str, text: Text) -> list[str]:
    quantity, price = signed_quantity(line)
    tax = line.tax_amount
    return [
        text(line.item_code),
        text(line.description),
        _number(quantity),
        _price(price),
        _money(line.amount),
        text(line.account_code),
        job,
        "",
        text(";".join(each.code for each in line.taxes)),
        *_tax_cells(line.taxes, text),
        _money(tax),
        _money(line.amount + tax),
    ]


def signed_quantity(line: LineData) -> tuple[Decimal, Decimal]:
    """Quantity and price of a line, the sign on the quantity. A line of an amount alone is 1 times the amount."""
    quantity, price = line.quantity, line.unit_price
    if quantity is None or price is None:
        quantity, price = Decimal(1), line.amount
    return (-quantity, -price) if price < 0 else (quantity, price)


def _tax_cells(taxes: tuple[TaxData, ...], text: Text) -> list[str]:
    cells: list[str] = []
    for tax in taxes:
        cells += [text(tax.name), _number(tax.rate), _money(tax.amount)]
    return cells + [""] * (6 - len(cells))


def _money(value: Decimal) -> str:
    return f"{value:.2f}"


def _number(value: Decimal) -> str:
    """No more decimals than it needs: 10, 2.5, 0.3333."""
    digits = f"{value:f}"
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def _price(value: Decimal) -> str:
    """Two decimals, or up to four where it has them."""
    digits = f"{value:.4f}"
    return digits[:-2] if digits.endswith("00") else digits.rstrip("0")
