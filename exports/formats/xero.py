"""Xero: sales invoices for Business > Invoices > Import, a row for each line. See docs/formats.md.

A ZIP of CSV files of at most 500 invoices. Amounts are before tax; a combination of taxes is one rate of Xero's.
Credit notes are left out and named, unless the firm wants them in as negative prices.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.fields import harmless, money, nfc, number, price, priced, signed_quantity, turned
from exports.formats.once import Once, demand
from exports.formats.parts import Limits, Parts
from exports.formats.parts_totals import Sums, rows_in_zip
from exports.formats.profile import Columns, Kind, Profile, Setting
from exports.formats.xero_check import XeroNames, problems_of
from invoices.document import InvoiceData, LineData
from jobbook.common.failpoints import failpoint
from jobbook.common.money import line_amount

COLUMNS = (
    *("*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4"),
    *("POCity", "PORegion", "POPostalCode", "POCountry", "*InvoiceNumber", "Reference", "*InvoiceDate", "*DueDate"),
    *("Total", "InventoryItemCode", "*Description", "*Quantity", "*UnitAmount", "Discount", "*AccountCode"),
    *("*TaxType", "TaxAmount", "TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2"),
    *("Currency", "BrandingTheme"),
)
_LIMITS = Limits(documents=500)


class Xero(Format):
    slug = "xero"
    label = "Xero"
    extension = "zip"
    content_type = "application/zip"
    stem = "xero"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "the memo",
        "terms (the due date is carried)",
        "the job",
        "the date of each line",
        "credit notes (unless the setting puts them in)",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("dates", "Dates", "dmy", (("dmy", "DD/MM/YYYY"), ("mdy", "MM/DD/YYYY"))),
        Setting(
            "credit_notes",
            "Credit notes",
            "list",
            (("list", "Left out and named: enter them by hand"), ("negative", "In the file, with negative prices")),
        ),
        Setting("income_account", "Account code of lines without one", ""),
        Setting("no_tax", "Tax rate of lines without tax", "Tax Exempt"),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Contact", "the client's name"),
        Kind.ITEM: Columns("Inventory item", "no item, the account alone", account="Account code"),
        Kind.TAX: Columns("Tax rate", "the name of a single tax", combined=True),
    }

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return Once(XeroNames(profile).contact)

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        names, across = XeroNames(ctx.profile), self.across(ctx.profile)
        with Parts(out, self.stem, COLUMNS, _LIMITS) as parts:
            for done, invoice in enumerate(invoices, start=1):
                demand(across, invoice)
                parts.add(list(document_rows(invoice, names)))
                failpoint("xero.after_document")
                ctx.progress(done)

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        """By the rate of each line, which may stand for several taxes."""
        names = XeroNames(profile)
        return ((names.tax(line), line.tax_amount) for line in priced(invoice) if line.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        """Net is quantity x price of each row: the file carries no other."""
        sums = Sums()
        for row in rows_in_zip(path):
            try:
                net = line_amount(Decimal(row["*Quantity"]), Decimal(row["*UnitAmount"]))
                sums.take(row["*InvoiceNumber"], net, row["*AccountCode"])
                sums.take_tax(row["*InvoiceNumber"], row["*TaxType"], Decimal(row["TaxAmount"]))
            except (InvalidOperation, KeyError) as error:
                raise ValueError(f"{row.get('*InvoiceNumber')}: {error!r}") from error
        return sums.totals(accounts=True)


def document_rows(invoice: InvoiceData, names: XeroNames) -> Iterator[list[str]]:
    first, second, city, region, postal_code, country = map(harmless, invoice.bill_to)
    for line in priced(invoice):
        yield [
            names.contact(invoice),
            nfc(invoice.client_email),
            *(first, second, "", "", city, region, postal_code, country),
            nfc(invoice.number),
            names.reference(invoice),
            _day(invoice.invoice_date, names.profile),
            _day(invoice.due_date, names.profile),
            "",
            *_line_cells(line, names),
            *("", "", "", ""),
            invoice.currency,
            "",
        ]


def _line_cells(line: LineData, names: XeroNames) -> list[str]:
    quantity, unit_price = signed_quantity(line) or (Decimal(1), line.amount)
    if quantity < 0:
        quantity, unit_price = -quantity, turned(unit_price)
    return [
        names.item(line),
        harmless(line.description),
        number(quantity),
        price(unit_price),
        "",
        names.account(line),
        names.tax(line),
        money(line.tax_amount),
    ]


def _day(day: date, profile: Profile) -> str:
    return f"{day:%d/%m/%Y}" if profile["dates"] == "dmy" else f"{day:%m/%d/%Y}"
