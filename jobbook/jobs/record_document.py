"""A DWR as it is printed: the client's copy, so without money. Frozen, and free of queries once loaded."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string

from jobbook.common.printing.assets import Asset
from jobbook.common.printing.text import printable
from jobbook.jobs.models import Company, DailyWorkRecord, FileType, Section, StoredFile, WorkLine
from jobbook.jobs.uploads import FileGone, read_kept
from jobbook.jobs.work_words import changed_after_signed

LOGO = "asset:logo"


@dataclass(frozen=True, slots=True)
class RecordLineData:
    """A line: item, who and what, figure, unit."""

    section: str
    item: str
    text: str
    figure: str
    unit: str


@dataclass(frozen=True, slots=True)
class RecordData:
    """A DWR, and the firm as it is on its paper. Drawings: see jobbook/common/drawing.py; logo: a SHA-256."""

    number: str
    date: date
    seller_name: str
    seller_lines: tuple[str, ...]
    seller_logo: str
    job_number: str
    project_name: str
    location: str
    client_name: str
    po_number: str
    project_manager: str
    description: str
    signed_by: str
    signature: str
    client_signed_by: str
    client_signature: str
    changed_after_signed: str  # in words, printed beside the client's signature
    lines: tuple[RecordLineData, ...]

    @property
    def is_signed(self) -> bool:
        """By our representative or by the client."""
        return bool(self.signed_by or self.client_signed_by)


def load_records(records: "QuerySet[DailyWorkRecord]", company: Company) -> dict[int, RecordData]:
    """The DWRs by primary key: a fixed number of queries."""
    rows = list(records.select_related("job__client", "job__project_manager").prefetch_related("lines__item"))
    changed = changed_after_signed(rows)
    return {row.pk: _record(row, company, changed.get(row.pk, "")) for row in rows}


def build_record(record: DailyWorkRecord, company: Company) -> RecordData:
    return _record(record, company, changed_after_signed([record]).get(record.pk, ""))


def _record(record: DailyWorkRecord, company: Company, changed: str) -> RecordData:
    job = record.job
    return RecordData(
        number=record.dwr_number,
        date=record.date,
        seller_name=company.name,
        seller_lines=tuple(filter(None, company.address_lines)),
        seller_logo=company.logo.sha256 if company.logo else "",
        job_number=job.job_number,
        project_name=job.project_name,
        location=job.location,
        client_name=job.client.name,
        po_number=job.po_number,
        project_manager=job.project_manager.name,
        description=record.description,
        signed_by=record.signed_by,
        signature=record.signature,
        client_signed_by=record.client_signed_by,
        client_signature=record.client_signature,
        changed_after_signed=changed,
        lines=tuple(_line(line) for line in record.lines.all()),
    )


def render_record(record: RecordData, *, paper: str) -> bytes:
    """The PDF: the same record gives the same bytes. Raises PdfError."""
    logo = _logo(record.seller_logo)
    html = render_to_string("jobs/pdf/record.html", {**_context(record), "logo": bool(logo)})
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    engine = import_module("jobbook.common.printing.engine")  # not before it is needed: it loads Pango
    pdf: bytes = engine.write_pdf(html, paper=paper, assets=logo, identifier=identifier)
    return pdf


def _logo(sha256: str) -> dict[str, Asset]:
    """The firm's logo, if it has one and its file is there."""
    try:
        file = StoredFile(sha256=sha256, type=FileType.JPEG)
        return {LOGO: Asset("image/jpeg", read_kept(file))} if sha256 else {}
    except FileGone:
        return {}


def _context(record: RecordData) -> dict[str, Any]:
    place = (record.job_number, record.project_name, record.location)
    return {
        "number": printable(record.number),
        "date": record.date,
        "seller": {"name": printable(record.seller_name), "lines": _printable(record.seller_lines)},
        "job": dict(zip(("number", "project", "place"), _printable(place), strict=True)),
        "client": printable(record.client_name),
        "description": printable(record.description).split("\n") if record.description else [],
        "facts": [("PO number", printable(record.po_number)), ("Project manager", printable(record.project_manager))],
        "sections": [
            ("Labour", _rows(record, Section.LABOUR)),
            ("Equipment and materials", _rows(record, Section.EQUIPMENT)),
        ],
        "signatures": [
            ("Representative", printable(record.signed_by), record.signature, ""),
            (
                "Client",
                printable(record.client_signed_by),
                record.client_signature,
                printable(record.changed_after_signed),
            ),
        ],
    }


def _rows(record: RecordData, section: str) -> list[list[str]]:
    return [
        _printable((line.item, line.text, line.figure, line.unit)) for line in record.lines if line.section == section
    ]


def _line(line: WorkLine) -> RecordLineData:
    labour = line.section == Section.LABOUR
    figure = line.hours if labour else line.quantity
    text = " – ".join(part for part in (line.employee, line.description) if part)
    unit = "h" if labour else line.item.unit
    return RecordLineData(line.section, line.item.name, text, f"{figure.normalize():f}", unit)


def _printable(texts: Iterable[str]) -> list[str]:
    return [printable(text) for text in texts]
