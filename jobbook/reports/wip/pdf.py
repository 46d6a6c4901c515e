"""The report on paper, landscape: the same figures, company and day give the same bytes."""

import hashlib
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.template.loader import render_to_string

from jobbook.common.printing.assets import PdfError
from jobbook.common.printing.text import printable
from jobbook.common.templatetags.jobbook import money_text
from jobbook.jobs.models import Company
from jobbook.reports.wip.charts import age_columns, ages_message, bars_message, job_bars
from jobbook.reports.wip.columns import BILLED, BILLED_GROUPS, WORK, WORK_GROUPS, share
from jobbook.reports.wip.figures import FixedPrice, JobLine
from jobbook.reports.wip.report import Report

JOBS_PRINTED = 100  # six seconds of drawing; the spreadsheet has them all


def report_pdf(found: Report, company: Company, about: Sequence[str]) -> bytes:
    """The PDF on the company's paper. Raises PdfError."""
    html = render_to_string("reports/wip/pdf.html", context(found, company, about))
    identifier = hashlib.sha256(html.encode("utf-8", "surrogatepass")).digest()[:16]
    # Loaded when first needed: without Pango it cannot be, and the system check must live to say so.
    engine = import_module("jobbook.common.printing.engine")
    try:
        pdf: bytes = engine.write_pdf(html, paper=company.paper, assets={}, identifier=identifier)
    except PdfError as error:
        raise PdfError(f"The WIP report: {error}") from error
    return pdf


def context(found: Report, company: Company, about: Sequence[str]) -> dict[str, Any]:
    """The template's names. Text is printable but not escaped: the template does that."""
    printed = found.lines[:JOBS_PRINTED]
    return {
        "company": printable(company.name),
        "about": [printable(line) for line in about],
        "created": found.scope.as_of.isoformat(),
        "bars": job_bars(found.lines),
        "bars_message": bars_message(found.lines),
        "age_columns": age_columns(found.ages),
        "ages_message": ages_message(found.ages),
        "work_columns": WORK,
        "work_groups": WORK_GROUPS,
        "work_rows": [(_name(line), [money_text(c.of(line.work)) for c in WORK], share(line.work)) for line in printed],
        "work_total": [money_text(column.of(found.work)) for column in WORK],
        "share": share(found.work),
        "unbilled": found.work.unbilled,
        "billed_columns": BILLED,
        "billed_groups": BILLED_GROUPS,
        "billed_rows": [
            (_name(line), [money_text(c.of(line.billed)) for c in BILLED]) for line in printed if line.billed.queues
        ],
        "billed_total": [money_text(column.of(found.billed)) for column in BILLED],
        "ages": found.ages,
        "fixed": [(_name(line), line) for line in found.fixed],
        "left_out": len(found.lines) - len(printed),
        "job_count": len(found.lines),
    }


def _name(line: JobLine | FixedPrice) -> str:
    return printable(f"{line.job_number} {line.project_name}")
