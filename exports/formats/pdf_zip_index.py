"""The index of a ZIP of PDFs: what is in it, and what could not be; as CSV, and as PDF for people."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module

from django.template.loader import render_to_string

from exports.formats.base import Context
from exports.formats.csv import guarded
from invoices.document import InvoiceData
from jobbook.common.money import total_of
from jobbook.common.printing.text import printable
from jobbook.common.templatetags.jobbook import money_text

INDEX = "index.csv"
COLUMNS = ("number", "client", "date", "total", "what", "file", "sha256", "remark")
PRINTED = 1_000  # rows of one PDF: the memory it takes grows with them


@dataclass(frozen=True, slots=True)
class Row:
    """A file, or a document that has none. `total` only of documents."""

    number: str
    client: str
    date: str
    total: Decimal | None
    what: str  # invoice, credit note, DWR 8001
    file: str = ""
    sha256: str = ""
    remark: str = ""


class Index:
    """The rows so far, in the order of the archive."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.documents = 0  # in the archive
        self.taken = 0  # with those that failed

    def document(self, invoice: InvoiceData, name: str, pdf: bytes) -> None:
        unsigned = [record.number for record in invoice.records if not record.is_signed]
        remark = f"not signed and not here: DWR {', '.join(unsigned)}" if unsigned else ""
        self.rows.append(Row(*_head(invoice), invoice.total, _kind(invoice), name, _sha256(pdf), remark))
        self.documents += 1
        self.taken += 1

    def backup(self, invoice: InvoiceData, record_number: str, name: str, pdf: bytes) -> None:
        self.rows.append(Row(*_head(invoice), None, f"DWR {record_number}", name, _sha256(pdf)))

    def failed(self, invoice: InvoiceData, reason: str) -> None:
        self.rows.append(Row(*_head(invoice), invoice.total, _kind(invoice), remark=f"not in this ZIP: {reason}"))
        self.taken += 1

    def as_csv(self) -> bytes:
        out = io.StringIO(newline="")
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        for row in self.rows:
            total = "" if row.total is None else f"{row.total:.2f}"
            texts = [guarded(row.number), guarded(row.client), row.date, total, guarded(row.what), row.file]
            rows.writerow([*texts, row.sha256, guarded(row.remark)])
        return ("\ufeff" + out.getvalue()).encode("utf-8")


def printed(index: Index, ctx: Context) -> Iterator[tuple[str, bytes]]:
    """The PDFs of the index, (name, bytes): index.pdf, or index-1.pdf, index-2.pdf of a thousand rows each.

    They do not name the run: two runs over the same documents make the same file.
    """
    parts = [index.rows[start : start + PRINTED] for start in range(0, len(index.rows), PRINTED)] or [[]]
    there = [row.total for row in index.rows if row.total is not None and row.file]
    for number, rows in enumerate(parts, start=1):
        if number > 1:
            ctx.progress(index.taken)
        context = {
            "firm": printable(ctx.company.name),
            "rows": [_printed_row(row) for row in rows],
            "part": f"{number} of {len(parts)}" if len(parts) > 1 else "",
            "count": len(there),
            "failed": sum(1 for row in index.rows if not row.file),
            "total": money_text(total_of(there)),
            "currency": ctx.company.currency,
        }
        html = render_to_string("exports/pdf/index.html", context)
        engine = import_module("jobbook.common.printing.engine")  # not before it is needed: it loads Pango
        identifier = hashlib.sha256(html.encode()).digest()[:16]
        pdf: bytes = engine.write_pdf(html, paper=ctx.company.paper, assets={}, identifier=identifier)
        yield (f"index-{number}.pdf" if len(parts) > 1 else "index.pdf"), pdf


def _printed_row(row: Row) -> dict[str, str]:
    return {
        "number": printable(row.number),
        "client": printable(row.client if row.total is not None else row.what),
        "date": row.date,
        "file": row.file,
        "remark": printable(row.remark),
        "total": "" if row.total is None else money_text(row.total),
    }


def _head(invoice: InvoiceData) -> tuple[str, str, str]:
    return invoice.number, invoice.client_name, invoice.invoice_date.isoformat()


def _kind(invoice: InvoiceData) -> str:
    return "credit note" if invoice.is_credit_note else "invoice"


def _sha256(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()
