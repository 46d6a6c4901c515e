"""Sage 50 US edition (Peachtree): SALES.CSV for the Sales Journal and CUSTOMER.CSV for the customer list, in one ZIP.

A row for each distribution: first the taxes (distribution 0), then the lines. Debits are positive: lines and taxes of
an invoice are below zero, those of a credit memo above. Columns stand in Sage's own order. See docs/formats.md.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.fields import day_refusal, money, price, priced, signed_quantity, turned
from exports.formats.once import Once, demand
from exports.formats.parts import entry
from exports.formats.profile import CURRENCY, Columns, Kind, Profile, Setting
from exports.formats.sage50us_check import problems_of
from exports.formats.sage50us_customers import CUSTOMER_COLUMNS, Customers
from exports.formats.sage50us_names import UsNames, tax_type_refusal
from exports.formats.sage50us_totals import read_totals
from invoices.document import InvoiceData, LineData, TaxData
from jobbook.common.failpoints import failpoint

COLUMNS = (
    *("Customer ID", "Invoice/CM #", "Apply to Invoice Number", "Credit Memo", "Date", "Drop Ship", "Customer PO"),
    *("Date Due", "Discount Amount", "Discount Date", "Displayed Terms", "Accounts Receivable Account"),
    *("Sales Tax ID", "Invoice Note", "Note Prints After Line Items", "Internal Note"),
    *("Beginning Balance Transaction", "Number of Distributions", "Invoice/CM Distribution"),
    *("Apply to Invoice Distribution", "Apply To Sales Order", "Quantity", "Item ID", "Description", "G/L Account"),
    *("Unit Price", "Tax Type", "Amount", "Job ID", "Sales Tax Agency ID", "Transaction Number"),
)


class Sage50Us(Format):
    slug = "sage-50-us"
    label = "Sage 50 US"
    extension = "zip"
    content_type = "application/zip"
    stem = "sage-50-us"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "the date of each line",
        "address and e-mail on the invoice: they stand in CUSTOMER.CSV",
        "which invoice a credit note credits (unless the setting applies credits)",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        CURRENCY,
        Setting("receivables", "Accounts receivable account", "11000"),
        Setting("income_account", "Income account of lines without one", ""),
        Setting("tax_account", "Liability account of taxes that name none", "23100"),
        Setting("tax_type", "Tax type of taxed lines", "1", check=tax_type_refusal),
        Setting("exempt_type", "Tax type of lines without tax", "2", check=tax_type_refusal),
        Setting(
            "headings",
            "Heading row",
            "on",
            (("on", "With: tick First Row Contains Headings in Sage"), ("off", "Without")),
        ),
        Setting(
            "dates",
            "Dates",
            "mdy2",
            (("mdy2", "MM/DD/YY"), ("mdy4", "MM/DD/YYYY"), ("dmy2", "DD/MM/YY"), ("dmy4", "DD/MM/YYYY")),
        ),
        Setting("encoding", "Characters", "cp1252", (("cp1252", "Windows"), ("utf-8", "UTF-8"))),
        Setting("jobs", "Job ID", "on", (("on", "Our job number: the job must exist in Sage"), ("off", "Empty"))),
        Setting(
            "transaction_number",
            "Transaction Number",
            "on",
            (("on", "A last column that counts 1, 2, 3"), ("off", "No such column")),
        ),
        Setting(
            "credit_quantity",
            "Quantities of credit memos",
            "positive",
            (("positive", "Positive"), ("negative", "Negative")),
        ),
        Setting(
            "apply_credits",
            "Credit memos",
            "off",
            (("off", "Not applied to their invoice"), ("on", "Applied: the invoice must be posted")),
        ),
        Setting("open_from", "Sage is open from", "", help="YYYY-MM-DD or empty", check=day_refusal),
        Setting("open_to", "Sage is open to", "", help="YYYY-MM-DD or empty", check=day_refusal),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Customer ID", "the accounting ID, else our client number", own_id=True),
        Kind.ITEM: Columns("Item ID", "no item, the account alone", account="G/L account"),
        Kind.TAX: Columns("Sales Tax ID", "our code of a single tax", "Liability account", "Agency ID", combined=True),
        Kind.TERMS: Columns("Displayed terms", "our text"),
    }

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return Once(UsNames(profile).customer)

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        profile = ctx.profile
        names, customers, across = UsNames(profile), Customers(profile), self.across(profile)
        columns = COLUMNS if profile["transaction_number"] == "on" else COLUMNS[:-1]
        heading = profile["headings"] == "on"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            with archive.open(entry("SALES.CSV"), "w") as sales:
                if heading:
                    sales.write(_bytes_of([columns], profile))
                for done, invoice in enumerate(invoices, start=1):
                    demand(across, invoice)
                    customers.take(invoice)
                    rows = [row[: len(columns)] for row in document_rows(invoice, names, done)]
                    sales.write(_bytes_of(rows, profile))
                    failpoint("sage50us.after_document")
                    ctx.progress(done)
            table = [*([CUSTOMER_COLUMNS] if heading else []), *customers.rows()]
            archive.writestr(entry("CUSTOMER.CSV"), _bytes_of(table, profile))

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        names = UsNames(profile)
        return ((names.booked_tax(tax), tax.amount) for tax in invoice.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path, profile)


def _bytes_of(rows: Sequence[Sequence[str]], profile: Profile) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(profile["encoding"])


def document_rows(invoice: InvoiceData, names: UsNames, position: int) -> Iterator[list[str]]:
    """The rows of a document, the `position`-th in the file."""
    lines = priced(invoice)
    head = _head(invoice, names, len(lines) + len(invoice.taxes))
    for tax in invoice.taxes:
        yield [*head, *_tax_cells(tax, names), str(position)]
    job = names.job(invoice)
    for at, line in enumerate(lines, start=1):
        yield [*head, *_line_cells(line, names, at, is_credit=invoice.is_credit_note), job, "", str(position)]


def _head(invoice: InvoiceData, names: UsNames, rows: int) -> list[str]:
    issued = names.day(invoice.invoice_date)
    applied = names.profile["apply_credits"] == "on"
    return [
        names.customer(invoice),
        names.number(invoice),
        names.credited(invoice) if applied else "",
        "TRUE" if invoice.is_credit_note else "FALSE",
        issued,
        "FALSE",
        names.purchase_order(invoice),
        issued if invoice.is_credit_note else names.day(invoice.due_date),
        "0.00",
        issued,
        names.terms(invoice),
        names.profile["receivables"],
        names.sales_tax(invoice),
        names.note(invoice),
        "FALSE",
        "",
        "FALSE",
        str(rows),
    ]


def _tax_cells(tax: TaxData, names: UsNames) -> list[str]:
    account, agency = names.tax_account(tax), names.agency(tax)
    amount = money(turned(tax.amount))
    return ["0", "0", "FALSE", "0.00", "", names.tax_text(tax), account, "0.00", "0", amount, "", agency]


def _line_cells(line: LineData, names: UsNames, at: int, *, is_credit: bool) -> list[str]:
    """The sign stands on the amount alone; quantity and price are positive."""
    quantity, unit_price = signed_quantity(line) or (Decimal(1), line.amount)
    quantity = abs(quantity)
    if is_credit and names.profile["credit_quantity"] == "negative":
        quantity = turned(quantity)
    return [
        str(at),
        "0",
        "FALSE",
        price(quantity),
        names.item(line),
        names.description(line),
        names.account(line),
        price(abs(unit_price)),
        names.profile["tax_type"] if line.taxes else names.profile["exempt_type"],
        money(turned(line.amount)),
    ]
