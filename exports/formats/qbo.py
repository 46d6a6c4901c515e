"""QuickBooks Online: invoices for Settings > Import data, a row for each line. See docs/formats.md.

A ZIP of CSV files of at most 100 invoices and 1,000 rows. Amounts are before tax; each line has one tax code, from
which QuickBooks works the tax out. Credit notes are left out and named: they have an import of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, FormatError, Problem
from exports.formats.fields import money, nfc, number, price, priced, rate, signed_quantity
from exports.formats.once import Once, demand
from exports.formats.parts import Limits, Parts, TooLarge
from exports.formats.parts_totals import Sums, rows_in_zip
from exports.formats.profile import CURRENCY, LINE_ITEM, Columns, Kind, Profile, Setting
from exports.formats.qbo_check import MOST_ROWS, OnlineNames, problems_of
from invoices.document import InvoiceData, LineData
from jobbook.common.failpoints import failpoint
from jobbook.common.money import total_of

COLUMNS = (
    *("*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "Terms", "Location", "Memo", "Item(Product/Service)"),
    *("ItemDescription", "ItemQuantity", "ItemRate", "*ItemAmount"),
)
_LIMITS = Limits(documents=100, rows=MOST_ROWS + 1, size=2_000_000)


class QuickBooksOnline(Format):
    slug = "quickbooks-online"
    label = "QuickBooks Online (CSV)"
    extension = "zip"
    content_type = "application/zip"
    stem = "quickbooks-online"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "credit notes",
        "lines below zero and discounts",
        "billing address and e-mail",
        "a PO number of its own: it stands before the memo",
        "accounts: the product or service decides",
        "the job",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        CURRENCY,
        Setting("region", "Columns", "ca", (("ca", "Canada and other countries, with tax codes"), ("us", "US"))),
        Setting(
            "us_tax",
            "Sales tax (US)",
            "refuse",
            (
                ("refuse", "Leave out what has tax: QuickBooks would not take it over"),
                ("recalculated", "QuickBooks works the tax out, and it may differ"),
            ),
        ),
        Setting(
            "currency_column",
            "Currency column (not in the US)",
            "on",
            (("on", "With: needed where there are several currencies"), ("off", "Without")),
        ),
        LINE_ITEM,
        Setting("no_tax", "Tax code of lines without tax (not in the US)", "Exempt"),
        Setting(
            "dates",
            "Dates",
            "region",
            (
                ("region", "YYYY-MM-DD, in the US MM/DD/YYYY"),
                ("iso", "YYYY-MM-DD"),
                ("mdy", "MM/DD/YYYY"),
                ("dmy", "DD/MM/YYYY"),
            ),
        ),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Customer", "the client's name"),
        Kind.ITEM: Columns("Product or service", "our code"),
        Kind.TAX: Columns("Tax code", "the name of a single tax", combined=True),
        Kind.TERMS: Columns("Terms", "our text"),
    }

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return Once(OnlineNames(profile).customer)

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        names, across = OnlineNames(ctx.profile), self.across(ctx.profile)
        with Parts(out, self.stem, columns(ctx.profile), _LIMITS) as parts:
            for done, invoice in enumerate(invoices, start=1):
                demand(across, invoice)
                _add(parts, invoice, names)
                failpoint("qbo.after_document")
                ctx.progress(done)

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        """By the code of each line, which may stand for several taxes. A US file has none."""
        if profile["region"] == "us":
            return super().taxes(invoice, profile)
        names = OnlineNames(profile)
        return ((names.tax(line), line.tax_amount) for line in priced(invoice) if line.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        """A US file carries no tax amounts: then net alone is known."""
        sums, has_tax = Sums(), profile["region"] == "ca"
        for row in rows_in_zip(path):
            try:
                sums.take(row["*InvoiceNo"], Decimal(row["*ItemAmount"]))
                if has_tax:
                    sums.take_tax(row["*InvoiceNo"], row["*ItemTaxCode"], Decimal(row["ItemTaxAmount"]))
            except (InvalidOperation, KeyError) as error:
                raise ValueError(f"{row.get('*InvoiceNo')}: {error!r}") from error
        totals = sums.totals(accounts=False)
        if has_tax or profile["us_tax"] == "refuse":
            return totals
        return ControlTotals(totals.count, None, totals.net, first=totals.first, last=totals.last)


def columns(profile: Profile) -> tuple[str, ...]:
    if profile["region"] == "us":
        return (*COLUMNS, *(("Taxable", "TaxRate") if profile["us_tax"] == "recalculated" else ()), "Service Date")
    currency = ("Currency",) if profile["currency_column"] == "on" else ()
    return (*COLUMNS, "*ItemTaxCode", "ItemTaxAmount", *currency, "Service Date")


def _add(parts: Parts, invoice: InvoiceData, names: OnlineNames) -> None:
    try:
        parts.add(list(document_rows(invoice, names)))
    except TooLarge as error:
        reason = f"it is too large for one file ({error})"
        raise FormatError([Problem(invoice.id, invoice.number, "too large", "lines", reason)]) from error


def document_rows(invoice: InvoiceData, names: OnlineNames) -> Iterator[list[str]]:
    head = [
        nfc(invoice.number),
        names.customer(invoice),
        _day(invoice.invoice_date, names.profile),
        _day(invoice.due_date, names.profile),
        names.terms(invoice),
        "",
        names.memo(invoice),
    ]
    for line in priced(invoice):
        yield [*head, *_line_cells(line, names), *_tax_cells(invoice, line, names), _service_date(line, names.profile)]


def _line_cells(line: LineData, names: OnlineNames) -> list[str]:
    """Quantity and price are both there, or none: then the amount stands alone. Neither is ever below zero."""
    parts = signed_quantity(line)
    quantity, unit_price = (number(parts[0]), price(parts[1])) if parts and parts[0] >= 0 else ("", "")
    return [names.item(line), names.description(line), quantity, unit_price, money(line.amount)]


def _tax_cells(invoice: InvoiceData, line: LineData, names: OnlineNames) -> list[str]:
    profile = names.profile
    if profile["region"] == "us":
        percent = rate(total_of(tax.rate for tax in line.taxes))
        recalculated = ["Y", f"{percent}%"] if line.taxes else ["N", ""]
        return recalculated if profile["us_tax"] == "recalculated" else []
    currency = [invoice.currency] if profile["currency_column"] == "on" else []
    return [names.tax(line), money(line.tax_amount), *currency]


def _service_date(line: LineData, profile: Profile) -> str:
    return _day(line.service_date, profile) if line.service_date else ""


def _day(day: date, profile: Profile) -> str:
    style = profile["dates"]
    if style == "region":
        style = "mdy" if profile["region"] == "us" else "iso"
    return day.strftime({"iso": "%Y-%m-%d", "mdy": "%m/%d/%Y", "dmy": "%d/%m/%Y"}[style])
