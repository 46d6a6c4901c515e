"""A ZIP with the PDF of each document and an index: the same documents give the same bytes.

Entries are stored, not deflated (PDFs are compressed), and carry no clock: 1 January 1980, mode 0644. Their names come
from an ASCII allow-list and are unique even where case is ignored. `index.csv` is the last entry.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Context, ControlTotals, Format, FormatError, Problem
from exports.formats.csv import guarded
from exports.formats.pdf_zip_totals import read_totals
from exports.formats.profile import Columns, Kind, Profile, Setting
from invoices.document import InvoiceData
from invoices.pdf.names import pdf_name
from invoices.pdf.render import why_not_printable
from invoices.pdf.store import Kept, kept_pdf
from jobbook.common.failpoints import failpoint
from jobbook.common.printing.assets import PdfError

INDEX = "index.csv"
COLUMNS = ("number", "client", "date", "total", "file", "sha256")


class PdfZip(Format):
    slug = "pdf-zip"
    label = "PDFs in a ZIP"
    extension = "zip"
    content_type = "application/zip"
    stem = "pdfs"
    noun = ("PDF", "PDFs")
    keeps = 30
    marks_exported = False
    settings: ClassVar[tuple[Setting, ...]] = ()
    maps: ClassVar[Mapping[Kind, Columns]] = {}

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        reason = why_not_printable(invoice)
        return [_problem(invoice, reason)] if reason else []

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        """Write the documents in the order given. One PDF is in memory at a time, and a line of index for each."""
        names = Names()
        index = io.StringIO("\ufeff", newline="")
        index.seek(0, io.SEEK_END)
        rows = csv.writer(index, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for done, invoice in enumerate(invoices, start=1):
                pdf, name = _pdf(invoice, ctx.company.paper), names.give(invoice)
                archive.writestr(_entry(name), pdf.data)
                rows.writerow(_row(invoice, name, pdf.sha256))
                failpoint("zip.after_entry")
                ctx.progress(done)
            archive.writestr(_entry(INDEX), index.getvalue().encode("utf-8"))

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path)


class Names:
    """The names given so far, case folded. Numbers are unique, but two may look alike once cleaned."""

    def __init__(self) -> None:
        self.taken = {INDEX}

    def give(self, invoice: InvoiceData) -> str:
        name, again = pdf_name(invoice), 1
        while name.casefold() in self.taken:
            again += 1
            name = pdf_name(invoice, suffix=f"-{again}")
        self.taken.add(name.casefold())
        return name


def _pdf(invoice: InvoiceData, paper: str) -> Kept:
    try:
        return kept_pdf(invoice, paper=paper)
    except PdfError as error:
        raise FormatError([_problem(invoice, str(error))]) from error


def _problem(invoice: InvoiceData, reason: str) -> Problem:
    return Problem(invoice.id, invoice.number, "cannot be printed", "lines", reason)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3  # Unix, whatever this machine is
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED
    return info


def _row(invoice: InvoiceData, name: str, digest: str) -> list[str]:
    date, total = invoice.invoice_date.isoformat(), f"{invoice.total:.2f}"
    return [guarded(invoice.number), guarded(invoice.client_name), date, total, name, digest]
