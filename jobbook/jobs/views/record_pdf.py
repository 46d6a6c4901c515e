"""The PDF of a DWR: the client's copy, so it shows no money to anybody."""

import hashlib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.printing.assets import Asset
from jobbook.common.printing.text import printable
from jobbook.jobs.models import Company, DailyWorkRecord, Section
from jobbook.jobs.uploads import FileGone, read_kept
from jobbook.jobs.views.records import RELATED
from jobbook.jobs.work_words import changed_after_signed

LOGO = "asset:logo"


@require_safe
@requires(Permission.WRITE_WORK)
def record_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    visible = DailyWorkRecord.objects.visible_to(user_of(request)).select_related(*RELATED)
    record = get_object_or_404(visible, pk=pk)
    response = HttpResponse(render_record(record, Company.current()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="dwr-{record.pk}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def render_record(record: DailyWorkRecord, company: Company) -> bytes:
    """The PDF: the same record gives the same bytes."""
    logo = _logo(company)
    html = render_to_string("jobs/pdf/record.html", {**_context(record, company), "logo": bool(logo)})
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    engine = import_module("jobbook.common.printing.engine")  # not before it is needed: it loads Pango
    pdf: bytes = engine.write_pdf(html, paper=company.paper, assets=logo, identifier=identifier)
    return pdf


def _logo(company: Company) -> dict[str, Asset]:
    """The company's logo, if it has one and its file is there."""
    try:
        return {LOGO: Asset("image/jpeg", read_kept(company.logo))} if company.logo else {}
    except FileGone:
        return {}


def _context(record: DailyWorkRecord, company: Company) -> dict[str, Any]:
    lines = list(record.lines.select_related("item"))
    job = record.job
    place = (job.job_number, job.project_name, job.location)
    return {
        "number": printable(record.dwr_number),
        "date": record.date,
        "seller": {"name": printable(company.name), "lines": _printable(filter(None, company.address_lines))},
        "job": dict(zip(("number", "project", "place"), _printable(place), strict=True)),
        "client": printable(job.client.name),
        "description": printable(record.description).split("\n") if record.description else [],
        "facts": [("PO number", printable(job.po_number)), ("Project manager", printable(job.project_manager.name))],
        "sections": [
            ("Labour", [_row(line) for line in lines if line.section == Section.LABOUR]),
            ("Equipment and materials", [_row(line) for line in lines if line.section == Section.EQUIPMENT]),
        ],
        "signatures": [
            ("Representative", printable(record.signed_by), record.signature, ""),
            (
                "Client",
                printable(record.client_signed_by),
                record.client_signature,
                printable(changed_after_signed(record)),
            ),
        ],
    }


def _row(line: Any) -> tuple[str, str, str, str]:
    """Item, who and what, figure, unit."""
    labour = line.section == Section.LABOUR
    figure = line.hours if labour else line.quantity
    text = " – ".join(part for part in (printable(line.employee), printable(line.description)) if part)
    return printable(line.item.name), text, f"{figure.normalize():f}", "h" if labour else printable(line.item.unit)


def _printable(texts: Iterable[str]) -> list[str]:
    return [printable(text) for text in texts]
