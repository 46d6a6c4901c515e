"""A ZIP with the PDF of each document and an index: the same documents give the same bytes.

Entries are stored, not deflated (PDFs are compressed), and carry no clock: 1 January 1980, mode 0644. With the setting
`backup` the signed DWRs behind a document follow it. A document that cannot be printed is left out, and the index says
so. `index.csv` is the last entry; before it stands the same as PDF.
"""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, ClassVar

from exports.formats.base import Context, ControlTotals, Format, FormatError, Problem
from exports.formats.pdf_zip_index import INDEX, Index, printed
from exports.formats.pdf_zip_names import Names
from exports.formats.pdf_zip_totals import read_totals
from exports.formats.profile import Columns, Kind, Profile, Setting
from invoices.document import InvoiceData
from invoices.pdf.names import PATTERN, pattern_refusal
from invoices.pdf.render import why_not_printable
from invoices.pdf.store import kept_pdf
from jobbook.common.failpoints import failpoint
from jobbook.common.printing.assets import PdfError
from jobbook.jobs.record_document import render_record

# What drawing a page may raise: of one document, so that the others go on. A full disk or a lost database is no such.
_BAD_PAGE = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class PdfZip(Format):
    slug = "pdf-zip"
    label = "PDFs in a ZIP"
    extension = "zip"
    content_type = "application/zip"
    stem = "pdfs"
    noun = ("PDF", "PDFs")
    keeps = 30
    marks_exported = False
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "names",
            "Names of the files",
            PATTERN,
            help="{number}, and what you like of {client}, {client_number}, {date}, {job}, {project}, {po}.",
            check=pattern_refusal,
        ),
        Setting("folders", "Folders", "flat", (("flat", "All in one folder"), ("client", "A folder for each client"))),
        Setting(
            "backup",
            "Backup after each invoice",
            "none",
            (("none", "None"), ("records", "The signed DWRs behind it")),
        ),
        Setting("index", "Index", "both", (("both", "CSV and PDF"), ("csv", "CSV alone"))),
    )
    maps: ClassVar[Mapping[Kind, Columns]] = {}

    def carries_records(self, profile: Profile) -> bool:
        return profile.settings.get("backup") == "records"

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        reason = why_not_printable(invoice)
        return [_problem(invoice, reason)] if reason else []

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        """Write the documents in the order given. The PDFs of one document are in memory at a time.

        Raises FormatError when none of them can be printed.
        """
        names, index, problems = Names(ctx.profile.settings), Index(), []
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for done, invoice in enumerate(invoices, start=1):
                pdfs = _printed(invoice, ctx)
                if pdfs:
                    _add(archive, names, index, invoice, pdfs)
                else:
                    problems.append(_problem(invoice, ctx.failed[invoice.id]))
                    index.failed(invoice, ctx.failed[invoice.id])
                failpoint("zip.after_entry")
                ctx.progress(done)
            if problems and not index.documents:
                raise FormatError(problems)
            if ctx.profile.settings.get("index") != "csv":
                for name, pdf in printed(index, ctx):
                    archive.writestr(_entry(name), pdf)
            archive.writestr(_entry(INDEX), index.as_csv())

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        return read_totals(path)


def _printed(invoice: InvoiceData, ctx: Context) -> list[bytes]:
    """The PDF of a document, and of each signed DWR behind it; none when one of them cannot be made: `ctx` has why."""
    if invoice.id in ctx.failed:
        return []
    what = ""
    try:
        pdfs = [kept_pdf(invoice, paper=ctx.company.paper).data]
        for record in invoice.records:
            if record.is_signed:
                what = f"DWR {record.number}: "
                pdfs.append(render_record(record, paper=ctx.company.paper))
    except _BAD_PAGE as error:
        reason = str(error).removeprefix(f"{invoice.number}: ") if isinstance(error, PdfError) else type(error).__name__
        ctx.failed[invoice.id] = f"{what}cannot be printed: {reason}"
        return []
    return pdfs


def _add(archive: zipfile.ZipFile, names: Names, index: Index, invoice: InvoiceData, pdfs: list[bytes]) -> None:
    signed = [record.number for record in invoice.records if record.is_signed]
    place = names.give(invoice)
    index.document(invoice, place, pdfs[0])
    archive.writestr(_entry(place), pdfs[0])
    for number, pdf in zip(signed, pdfs[1:], strict=True):
        name = names.backup(place, number)
        index.backup(invoice, number, name, pdf)
        archive.writestr(_entry(name), pdf)


def _problem(invoice: InvoiceData, reason: str) -> Problem:
    return Problem(invoice.id, invoice.number, "cannot be printed", "lines", reason)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3  # Unix, whatever this machine is
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED
    return info
