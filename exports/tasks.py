"""What Celery calls. A message carries an id and nothing else; the rest is read from the database."""

from celery import shared_task

from exports.bell import RUN
from exports.runs import waiting
from exports.sweep import sweep as sweep_once
from exports.work import work_on
from invoices.pdf.bell import PRINT
from invoices.pdf.prerender import render_missing, render_one
from jobbook.jobs.unused_files import remove_unused

PDFS_A_ROUND = 10  # about a second


@shared_task(name=RUN, ignore_result=True)
def run(run_id: str) -> None:
    work_on(run_id)


@shared_task(name=PRINT, ignore_result=True)
def print_invoice(invoice_id: int) -> None:
    """The PDF of an invoice that entered the Admin Queue a moment ago."""
    render_one(invoice_id)


@shared_task(name="exports.sweep", ignore_result=True)
def sweep() -> None:
    """One round, and while nothing waits a few PDFs that the Admin Queue lacks."""
    sweep_once()
    if not waiting().exists():
        render_missing(PDFS_A_ROUND)


@shared_task(name="exports.sweep_uploads", ignore_result=True)
def sweep_uploads() -> None:
    """Uploads that nothing names any more."""
    remove_unused()
