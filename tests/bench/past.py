"""A firm with many active jobs and, on jobs long closed, a long past: rows copied by the database itself."""

import io
from typing import Any

from django.core.management import call_command
from django.db import connection, models

from invoices.models import Invoice, InvoicedRecord, InvoiceLine, Queue
from jobbook.jobs.models import DailyWorkRecord, Expense, Job, WorkLine

RECORDS = 4  # of an active job
INVOICES = 20  # of a closed job
START = 10_000_000  # ids of copies lie above those of the demo firm
CHUNK = 20_000  # rows of a statement, which may not last too long
YEARS = range(2016, 2026)


def active_firm(jobs: int, invoices: int) -> None:
    """The demo firm, its jobs closed, with `jobs` active ones: DWRs and an expense each, `invoices` over them all."""
    said = io.StringIO()
    call_command("seed_demo", invoices=100, admin_queue=20, stdout=said, stderr=said)
    Job.objects.update(active=False)
    job, record, invoice = templates()
    copy(Job, job, jobs, START, job_number="'A' || n", active="TRUE" if is_postgres() else "1", po_amount="n * 100000")
    copy(Expense, Expense.objects.order_by("pk")[0].pk, jobs, START, expense_number="'A' || n", job_id=f"{START} + n")
    of_job = f"{START} + 1 + n % {jobs}"
    copy(DailyWorkRecord, record, jobs * RECORDS, START, dwr_number="'A' || n", job_id=of_job)
    lines(jobs * RECORDS, START)
    copy(Invoice, invoice, invoices, START, number="'A' || n", job_id=f"{START} + 1 + (n * 7) % {jobs}")


def with_past(invoices: int) -> None:
    """`invoices` more, of ten years and of jobs that are closed: each with its DWR, the line and the link of both."""
    job, record, invoice = templates()
    each = invoices // len(YEARS)
    for index, year in enumerate(YEARS, start=1):
        first = START * (index + 1)
        copy(Job, job, -(-each // INVOICES), first, job_number=f"'{year}-' || n")
        of_job = f"{first} + 1 + (n - 1) / {INVOICES}"
        day = f"'{year}-06-15'"
        dated = {"invoice_date": day, "due_date": day, "signed_on": day, "processed_on": day}
        copy(Invoice, invoice, each, first, number=f"'{year}-' || n", job_id=of_job, **dated)
        days = {"date": day, "submitted_on": day, "approved_on": day}
        copy(DailyWorkRecord, record, each, first, dwr_number=f"'{year}-' || n", job_id=of_job, **days)
        lines(each, first)
        line = InvoiceLine.objects.filter(invoice=invoice)[0].pk
        copy(InvoiceLine, line, each, first, invoice_id=f"{first} + n", record_id=f"{first} + n")
        link = InvoicedRecord.objects.order_by("pk")[0].pk
        copy(InvoicedRecord, link, each, first, invoice_id=f"{first} + n", record_id=f"{first} + n")


def templates() -> tuple[int, int, int]:
    """A job, an approved DWR and a processed invoice of the demo firm."""
    record = DailyWorkRecord.objects.filter(state="approved", pk__lt=START).order_by("pk")[0]
    invoice = Invoice.objects.filter(queue=Queue.PROCESSED, kind="invoice", pk__lt=START).order_by("pk")[0]
    return record.job_id, record.pk, invoice.pk


def lines(records: int, first: int) -> None:
    """A line on each DWR from `first` on."""
    line = WorkLine.objects.filter(pk__lt=START).order_by("pk")[0].pk
    copy(WorkLine, line, records, first, record_id=f"{first} + n", line_number="1")


def copy(model: type[models.Model], pk: int, count: int, first: int, **changes: str) -> None:
    """`count` copies of the row `pk`, n = 1, 2 ..: ids `first` + n; changes: SQL by column."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = [str(field.column) for field in fields]
    columns = ", ".join(f'"{name}"' for name in names)
    values = {"id": f"{first} + n", **changes}
    wanted = ", ".join(
        _typed(values[name], field) if name in values else f'"{name}"'
        for name, field in zip(names, fields, strict=True)
    )
    table = model._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, count, CHUNK):
            cursor.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT {start + 1} UNION ALL SELECT n + 1 FROM numbers "
                f"WHERE n < {min(start + CHUNK, count)}) "
                f'INSERT INTO "{table}" ({columns}) SELECT {wanted} FROM "{table}", numbers WHERE id = {pk}'
            )


def _typed(sql: str, field: Any) -> str:
    return f"{sql}::date" if is_postgres() and isinstance(field, models.DateField) else sql


def is_postgres() -> bool:
    return connection.vendor == "postgresql"
