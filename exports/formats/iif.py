"""QuickBooks Desktop: IIF, tab separated rows under headings that begin with "!". See docs/formats.md.

Windows code page, CR LF, no byte order mark. An invoice is a TRNS row to receivables with the total, an SPL row of the
other sign for each line and tax, and ENDTRNS; together they are zero. What the documents name stands in lists before.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.fields import money, nfc, number, price, priced, rate, signed_quantity, turned
from exports.formats.iif_check import account_refusal, problems_of
from exports.formats.iif_lists import Lists
from exports.formats.iif_names import Names
from exports.formats.iif_totals import read_totals
from exports.formats.once import Once, demand
from exports.formats.profile import CURRENCY, LINE_ITEM, Columns, Kind, Profile, Setting
from invoices.document import InvoiceData, LineData, TaxData
from jobbook.common.failpoints import failpoint

TRNS = (
    *("TRNSID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR", "NAMEISTAXABLE"),
    *("ADDR1", "ADDR2", "ADDR3", "ADDR4", "ADDR5", "DUEDATE", "TERMS", "PONUM", "INVMEMO", "TOPRINT"),
)
SPL = (
    *("SPLID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR", "QNTY", "PRICE"),
    *("INVITEM", "SALESTAXCODE", "EXTRA", "TAXABLE"),
)
_HEADINGS = (["!TRNS", *TRNS], ["!SPL", *SPL], ["!ENDTRNS"])
_IN_MEMORY = 8_000_000  # bytes of documents kept before they go to disk


class QuickBooksDesktop(Format):
    slug = "quickbooks-desktop"
    label = "QuickBooks Desktop (IIF)"
    extension = "iif"
    content_type = "text/plain; charset=windows-1252"
    stem = "quickbooks"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "the date of each line",
        "the job (unless the client is mapped to Client:Job)",
        "due date and terms of a credit note",
        "which invoice a credit note credits",
        "tax codes: QuickBooks' own GST/HST return shows nothing of these invoices (with tax as lines)",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        CURRENCY,
        Setting("receivables", "Accounts receivable account", "Accounts Receivable", check=account_refusal),
        Setting("income_account", "Income account of lines without one", "", check=account_refusal),
        LINE_ITEM,
        Setting(
            "tax_style",
            "Sales tax",
            "lines",
            (
                ("lines", "A line for each tax, to its account: any edition"),
                ("autostax", "As the sales tax of the US edition"),
            ),
        ),
        Setting(
            "tax_account",
            "Account of taxes that name none",
            "Sales Tax Payable",
            check=account_refusal,
        ),
        Setting("class", "Class of documents and lines", "", help="Where class tracking is on", check=account_refusal),
        Setting("tax_agency", "Tax agency of taxes that name none (US)", ""),
        Setting("zero_tax_item", "Tax item of untaxed documents (US, sales tax on)", ""),
        Setting(
            "dates",
            "Dates",
            "mdy",
            (("mdy", "MM/DD/YYYY"), ("iso", "YYYY-MM-DD, as some Canadian installations want")),
        ),
        Setting(
            "characters",
            "Characters",
            "cp1252",
            (("cp1252", "Windows, with accents"), ("ascii", "Plain letters only")),
        ),
        Setting(
            "lists",
            "Lists in the file",
            "customers",
            (
                ("customers", "Customers only"),
                ("all", "Create what is missing: accounts, terms, items and customers"),
            ),
        ),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Customer", "the client's name"),
        Kind.ITEM: Columns("Item", "our code", account="Income account"),
        Kind.TAX: Columns("Tax item", "the tax's name", "Tax account", "Agency (US)", combined=True),
        Kind.TERMS: Columns("Terms", "our text"),
    }

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return Once(Names(profile).customer)

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        """Documents wait in a temporary file: the lists that name what is in them stand before."""
        encoding, names, lists = ctx.profile["characters"], Names(ctx.profile), Lists(ctx.profile)
        across = self.across(ctx.profile)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
            for done, invoice in enumerate(invoices, start=1):
                demand(across, invoice)
                lists.take(invoice)
                for row in transaction(invoice, names):
                    waiting.write(line_of(row, encoding))
                failpoint("iif.after_document")
                ctx.progress(done)
            for row in (*lists.rows(), *_HEADINGS):
                out.write(line_of(row, encoding))
            waiting.seek(0)
            while chunk := waiting.read(1 << 20):
                out.write(chunk)

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        names = Names(profile)
        return ((names.booked_tax(tax), tax.amount) for tax in invoice.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path, profile)


def line_of(cells: Iterable[str], encoding: str) -> bytes:
    """One row. A cell with a comma is quoted, as QuickBooks' own files do; there are no quotes inside cells."""
    return ("\t".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\r\n").encode(encoding)


def transaction(invoice: InvoiceData, names: Names) -> Iterator[list[str]]:
    """The rows of a document. Debits are positive: receivables rise, income and taxes fall below zero."""
    kind = "CREDIT MEMO" if invoice.is_credit_note else "INVOICE"
    day = names.day(invoice.invoice_date)
    yield ["TRNS", *_head(invoice, names, kind, day)]
    for line in priced(invoice):
        yield ["SPL", *_sale(line, names, kind, day)]
    for cells in _tax_rows(invoice, names):
        yield ["SPL", *_split(kind, day, **cells)]
    yield ["ENDTRNS"]


def _head(invoice: InvoiceData, names: Names, kind: str, day: str) -> list[str]:
    address = names.address(invoice)
    taxed = names.is_autostax and any(invoice.taxes)
    due, terms = ("", "") if invoice.is_credit_note else (names.day(invoice.due_date), names.terms(invoice))
    return [
        "",
        kind,
        day,
        names.profile["receivables"],
        names.customer(invoice),
        names.class_,
        money(invoice.total),
        nfc(invoice.number),
        names.free(invoice.memo),
        "N",
        "Y" if taxed else "N",
        *[*address, "", "", "", "", ""][:5],
        due,
        terms,
        nfc(invoice.po_number),
        "",
        "N",
    ]


def _split(kind: str, day: str, **cells: str) -> list[str]:
    """An SPL row: constants, and the cells that differ, by column."""
    fixed = {"TRNSTYPE": kind, "DATE": day, "CLEAR": "N", "TAXABLE": "N"}
    return [{**fixed, **cells}.get(column, "") for column in SPL]


def _sale(line: LineData, names: Names, kind: str, day: str) -> list[str]:
    parts = signed_quantity(line)
    if parts is None:  # folded: the amount is the price, below zero only where it goes against the document
        quantity, unit_price = "", line.amount if kind == "INVOICE" else turned(line.amount)
    else:
        quantity, unit_price = number(turned(parts[0])), parts[1]
    return _split(
        kind,
        day,
        ACCNT=names.income_account(line),
        CLASS=names.class_,
        AMOUNT=money(turned(line.amount)),
        MEMO=names.free(line.description),
        QNTY=quantity,
        PRICE=price(unit_price),
        INVITEM=names.item(line),
        TAXABLE="Y" if names.is_autostax and line.taxes else "N",
    )


def _tax_rows(invoice: InvoiceData, names: Names) -> Iterator[dict[str, str]]:
    if not names.is_autostax:
        for tax in invoice.taxes:
            if tax.amount:
                yield _tax_line(tax, names)
        return
    if len(invoice.taxes) > 1:
        codes = ";".join(tax.code for tax in invoice.taxes)
        yield _autostax(names.tax_item_of(codes), Decimal(0), Decimal("0.00"), names, invoice.taxes[0])
    for tax in invoice.taxes:
        yield _autostax(names.tax_item(tax), tax.rate, turned(tax.amount), names, tax)
    if not invoice.taxes and names.profile["zero_tax_item"]:
        yield _autostax(names.profile["zero_tax_item"], Decimal(0), Decimal("0.00"), names, None)


def _tax_line(tax: TaxData, names: Names) -> dict[str, str]:
    """A tax as a line of an other-charge item that posts to the tax's account."""
    sign = Decimal(1) if tax.amount > 0 else Decimal(-1)
    return {
        "ACCNT": names.tax_account(tax),
        "AMOUNT": money(-tax.amount),
        "MEMO": names.tax_text(tax),
        "QNTY": number(-sign),
        "PRICE": money(abs(tax.amount)),
        "INVITEM": names.tax_item(tax),
    }


def _autostax(item: str, percent: Decimal, amount: Decimal, names: Names, tax: TaxData | None) -> dict[str, str]:
    return {
        "ACCNT": names.tax_account(tax),
        "NAME": names.tax_agency(tax),
        "AMOUNT": money(amount),
        "PRICE": f"{rate(percent)}%",
        "INVITEM": item,
        "EXTRA": "AUTOSTAX",
    }
