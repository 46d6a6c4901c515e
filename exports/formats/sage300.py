"""Sage 300 (Accpac): a batch of A/R invoices, as a workbook or as CSV with a heading row a record type.

See docs/formats.md. Sage 300 Construction and Real Estate is another product, and this file is not for it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Across, Context, ControlTotals, Format, Problem
from exports.formats.fields import day_refusal
from exports.formats.once import Once, demand
from exports.formats.profile import CURRENCY, LINE_ITEM, Columns, Kind, Profile, Setting
from exports.formats.sage300_check import problems_of
from exports.formats.sage300_names import Names300, class_refusal
from exports.formats.sage300_rows import SHEETS, Records
from exports.formats.sage300_totals import read_totals
from exports.formats.xlsx import Cell, Workbook
from invoices.document import InvoiceData
from jobbook.common.failpoints import failpoint

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sage300(Format):
    slug = "sage-300"
    label = "Sage 300 (Accpac)"
    extension = "xlsx"
    content_type = _XLSX
    stem = "sage-300"
    noun = ("invoice", "invoices")
    keeps = None
    marks_exported = True
    cannot_carry: ClassVar[tuple[str, ...]] = (
        "quantity and price as figures: they stand in the text (unless items are sent)",
        "the date of each line",
        "address and e-mail: the customer's record decides",
        "which invoice a credit note credits (unless the setting applies credits)",
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        CURRENCY,
        Setting("file", "File", "xlsx", (("xlsx", "Excel workbook: any screen"), ("csv", "CSV: classic screens only"))),
        Setting(
            "documents",
            "Documents",
            "summary",
            (("summary", "Summary: text, account and amount"), ("item", "Items with quantity, unit and price")),
        ),
        Setting(
            "tax", "Tax", "ours", (("ours", "Our amounts stand"), ("sage", "Sage works it out, and it may differ"))
        ),
        Setting("tax_class", "Tax class of what is taxed", "1", check=class_refusal),
        Setting("exempt_class", "Tax class of what is not taxed", "2", check=class_refusal),
        Setting(
            "terms",
            "Terms",
            "mapped",
            (("mapped", "The mapped terms code"), ("customer", "Empty: those of the customer's record")),
        ),
        Setting("income_account", "Revenue account of lines without one", ""),
        LINE_ITEM,
        Setting(
            "accounts", "Accounts", "shown", (("shown", "With separators: 4000-100"), ("plain", "Without: 4000100"))
        ),
        Setting("account_set", "Account set", "", help="Empty: that of the customer's record"),
        Setting(
            "schedule", "Payment schedule", "on", (("on", "One row"), ("off", "None: Sage makes it from the terms"))
        ),
        Setting(
            "optional_fields",
            "Headings of optional fields",
            "on",
            (("on", "With, without data"), ("off", "Without: no licence for optional fields")),
        ),
        Setting("jobs", "Job", "comment", (("comment", "In the comment of each line"), ("off", "Left out"))),
        Setting(
            "apply_credits",
            "Credit notes",
            "off",
            (("off", "Not applied to their invoice"), ("on", "Applied: the invoice must be posted")),
        ),
        Setting("encoding", "Characters of the CSV", "cp1252", (("cp1252", "Windows"), ("utf-8", "UTF-8"))),
        Setting("open_from", "Periods are open from", "", help="YYYY-MM-DD or empty", check=day_refusal),
        Setting("open_to", "Periods are open to", "", help="YYYY-MM-DD or empty", check=day_refusal),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {
        Kind.CLIENT: Columns("Customer number", "the accounting ID, else our client number", own_id=True),
        Kind.ITEM: Columns("Item number", "our code", account="Revenue account"),
        Kind.TAX: Columns("Tax group", "our code of a single tax", extra="Places in the group", combined=True),
        Kind.TERMS: Columns("Terms code", "nothing, so each needs one"),
    }

    def file_type(self, profile: Profile) -> tuple[str, str]:
        if profile["file"] == "xlsx":
            return self.extension, self.content_type
        return "csv", f"text/csv; charset={'utf-8' if profile['encoding'] == 'utf-8' else 'windows-1252'}"

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        return problems_of(invoice, profile)

    def across(self, profile: Profile) -> Across:
        return Once(Names300(profile).customer)

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        records = Records(ctx.profile)
        rows = _records(records, invoices, self.across(ctx.profile), ctx)
        if ctx.profile["file"] == "csv":
            _write_csv(out, records, rows, ctx.profile["encoding"])
            return
        columns: dict[str, Sequence[str]] = {SHEETS[kind]: names for kind, names in records.columns.items()}
        with Workbook(out, columns) as book:
            for kind, cells in rows:
                book[SHEETS[kind]].add(cells)

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        if profile["tax"] == "ours":
            return Names300(profile).booked_taxes(invoice)
        return super().taxes(invoice, profile)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path, profile)


def _records(
    records: Records, invoices: Iterable[InvoiceData], across: Across, ctx: Context
) -> Iterator[tuple[str, list[Cell]]]:
    for done, invoice in enumerate(invoices, start=1):
        demand(across, invoice)
        yield from records.of(invoice, done)
        failpoint("sage300.after_document")
        ctx.progress(done)


def _write_csv(out: BinaryIO, records: Records, rows: Iterable[tuple[str, list[Cell]]], encoding: str) -> None:
    """A heading row for each record type first; each row begins with its type. Every field in quotes."""
    text = io.TextIOWrapper(out, encoding=encoding, newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows(["RECTYPE", *names] for names in records.columns.values())
    writer.writerows(
        [kind, *(cell if isinstance(cell, str) else f"{cell:f}" for cell in cells)] for kind, cells in rows
    )
    text.flush()
    text.detach()
