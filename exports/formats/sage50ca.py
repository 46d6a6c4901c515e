"""Sage 50 Canadian edition (Simply Accounting): an .IMP file of tag pairs. See docs/formats.md.

Windows code page, CR LF, every field in quotes. `<Version>`, the customers that Sage may not have yet, then one
`<SalInvoice>` for each document. A credit note is a sales invoice with quantities, amounts and taxes below zero.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.fields import day_refusal, money, price, priced, rate
from exports.formats.mending import of_tax
from exports.formats.once import Once, demand
from exports.formats.profile import CURRENCY, LINE_ITEM, Columns, Kind, Profile, Setting
from exports.formats.sage50ca_check import problems_of
from exports.formats.sage50ca_names import CaNames, is_new, quantity_and_price, version_refusal
from exports.formats.sage50ca_totals import read_totals
from invoices.document import InvoiceData, LineData
from jobbook.common.failpoints import failpoint

_IN_MEMORY = 8_000_000  # bytes of documents kept before they go to disk


class Sage50Ca(Format):
    slug = "sage-50-ca"
    label = "Sage 50 Canada (IMP)"
    extension = "imp"
    content_type = "application/octet-stream"
    stem = "sage-50-ca"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "due date and terms: the customer's record in Sage decides",
        "the memo",
        "the texts and accounts of lines: the Sage item decides",
        "the job",
        "the date of each line",
        "which invoice a credit note credits",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        CURRENCY,
        Setting("version", "Version of the file", "12001", check=version_refusal),
        Setting("encoding", "Characters", "cp1252", (("cp1252", "Windows"), ("utf-8", "UTF-8"))),
        Setting(
            "customers",
            "Customers declared in the file",
            "new",
            (("new", "Those that are not mapped to a customer of Sage"), ("all", "All"), ("none", "None")),
        ),
        Setting("order_number", "PO number in Order No.", "on", (("on", "Yes"), ("off", "No"))),
        Setting(
            "items",
            "Items",
            "mapped",
            (
                ("mapped", "What is mapped alone: other lines are named"),
                ("code", "What is mapped, else our item code"),
                ("text", "What is mapped, else the line's text, and Sage asks"),
            ),
        ),
        LINE_ITEM,
        Setting(
            "quotes",
            "Double quotes in names",
            "replace",
            (("replace", "An apostrophe instead"), ("refuse", "Leave the document out")),
        ),
        Setting(
            "credit_notes",
            "Credit notes",
            "negative",
            (("negative", "In the file, with amounts below zero"), ("list", "Left out and named: enter them by hand")),
        ),
        Setting("open_from", "Fiscal year from", "", help="YYYY-MM-DD or empty", check=day_refusal),
        Setting("open_to", "Fiscal year to", "", help="YYYY-MM-DD or empty", check=day_refusal),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Customer", "the client's name"),
        Kind.ITEM: Columns("Item", "our code, or the line's text where the settings say so"),
        Kind.TAX: Columns("Tax", "our code"),
    }

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return CaAcross(CaNames(profile))

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        """Documents wait in a temporary file: their customers stand before them."""
        names, encoding, across = CaNames(ctx.profile), ctx.profile["encoding"], self.across(ctx.profile)
        customers: dict[str, list[str]] = {}
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
            for done, invoice in enumerate(invoices, start=1):
                demand(across, invoice)
                if is_new(invoice, ctx.profile):
                    customers.setdefault(invoice.client_number, names.card(invoice))
                waiting.write(_bytes_of(document_lines(invoice, names), encoding))
                failpoint("sage50ca.after_document")
                ctx.progress(done)
            out.write(_bytes_of(["<Version>", _line([ctx.profile["version"], "1"]), "</Version>"], encoding))
            if customers:
                out.write(_bytes_of(["<customers>", *map(_line, customers.values()), "</customers>"], encoding))
            waiting.seek(0)
            while chunk := waiting.read(1 << 20):
                out.write(chunk)

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        names = CaNames(profile)
        return ((names.tax(tax), tax.amount) for tax in invoice.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path, profile)


class CaAcross(Once):
    """Sage knows a tax by its name, too: one rate for one name in the whole file."""

    def __init__(self, names: CaNames) -> None:
        super().__init__(names.customer)
        self._names = names
        self._rates: dict[str, Rate] = {}  # by name

    def against(self, invoice: InvoiceData) -> list[Problem]:
        found = super().against(invoice)
        for tax in invoice.taxes:
            name, this = self._names.tax(tax), Rate(tax.rate, tax.recoverable)
            other = self._rates.get(name.casefold(), this)
            if other != this:
                reason = f"{name!r} stands for {other} and {this}: map one of them to another tax"
                problem = (invoice.id, invoice.number, "two rates of one tax", f"taxes.{tax.code}", reason)
                found.append(Problem(*problem, **of_tax(tax.code)))
        return found

    def note(self, invoice: InvoiceData) -> None:
        super().note(invoice)
        for tax in invoice.taxes:
            self._rates[self._names.tax(tax).casefold()] = Rate(tax.rate, tax.recoverable)


@dataclass(frozen=True)
class Rate:
    percent: Decimal
    recoverable: bool

    def __str__(self) -> str:
        return f"{rate(self.percent)} % {'refundable' if self.recoverable else 'not refundable'}"


def _line(cells: Sequence[str]) -> str:
    """Every field in quotes; there are none inside."""
    return ",".join(f'"{cell}"' for cell in cells)


def _bytes_of(lines: Iterable[str], encoding: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def document_lines(invoice: InvoiceData, names: CaNames) -> Iterator[str]:
    lines = priced(invoice)
    yield f"<! {names.number(invoice)}"
    yield "<SalInvoice>"
    yield _line(names.card(invoice))
    yield _line(
        [
            str(len(lines)),
            names.order_number(invoice),
            names.number(invoice),
            f"{invoice.invoice_date:%m-%d-%Y}",
            "0",
            "",
            money(invoice.total),
            "0.00",
        ]
    )
    yield from (_line(_detail(line, names)) for line in lines)
    yield "</SalInvoice>"


def _detail(line: LineData, names: CaNames) -> list[str]:
    """A line, and five fields for each tax on it."""
    quantity, unit_price = quantity_and_price(line)
    cells = [names.item(line), f"{quantity:.4f}", f"{unit_price:.4f}", money(line.amount)]
    for tax in line.taxes:
        if tax.rate:
            cells += [names.tax(tax), "0", "1" if tax.recoverable else "0", price(tax.rate), money(tax.amount)]
    return cells
