"""Keep a WIP Report: its rows are copied in a few statements, hashed, and the hash stands in the audit."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce

from backlog.grid.query import encode
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, refuse
from jobbook.common.audit import NOWHERE, Operation, Origin, canonical, next_number
from jobbook.common.errors import Refused
from jobbook.jobs.models import Company
from jobbook.reports.models import KeptInvoice, KeptJob, KeptReport, KeptWork
from jobbook.reports.wip.asked import Asked
from jobbook.reports.wip.billed import column
from jobbook.reports.wip.figures import Part
from jobbook.reports.wip.report import report
from jobbook.reports.wip.rows import invoice_rows, work_rows
from jobbook.reports.wip.words import which_jobs, work_words

MOST = 100_000  # lines of work of one report
KEPT_REPORT = "kept_report"  # object_type of audit items
WORK_FIELDS = ("line_id", "job_id", "dwr_number", "date", "item_code", "amount", "place", "invoice_number")
_WORK = ("pk", "record__job_id", "record__dwr_number", "record__date", "item__code", "amount", "place", "on_invoice")
INVOICE_FIELDS = ("invoice_id", "job_id", "number", "date", "queue", *(str(part) for part in Part))
_INVOICE = ("pk", "job_id", "number", "invoice_date", "place", *(column(part) for part in Part))
HEAD_FIELDS = (
    *("number", "made_at", "made_by_id", "made_by_name", "address", "of_what", "of_whose", "as_of", "currency"),
    *("recorded", "unbilled", "invoiced"),
)
JOB_FIELDS = (
    *("job_id", "job_number", "project_name", "client_name", "is_fixed"),
    *("contract", "percent", "percent_date", "earned", "billed"),
)


def keep_report(asked: Asked, *, by: User, origin: Origin = NOWHERE) -> KeptReport:
    """The report that `by` sees at this address now, with its rows. `asked` has no problems."""
    if not by.can(Permission.SEE_WIP):
        raise refuse(Permission.SEE_WIP)
    scope = asked.scope
    if scope is None:
        raise ValueError("An address with problems has no report.")
    _refuse_too_many(work_rows(scope, scope.jobs_for(by)).rows)
    with transaction.atomic(durable=True):
        operation = Operation(by, "report.keep", origin=origin)
        found, jobs = report(scope, by), scope.jobs_for(by)
        kept = KeptReport.objects.create(
            number=next_number("kept_report"),
            made_at=operation.at,
            made_by=by,
            made_by_name=by.name,
            entry_number=operation.number,
            address=encode(asked.pairs),
            of_what=work_words(asked),
            of_whose=which_jobs(asked, by),
            as_of=scope.as_of,
            currency=Company.current().currency,
            recorded=found.work.recorded,
            unbilled=found.work.unbilled,
            invoiced=found.billed.invoiced,
        )
        work = work_rows(scope, jobs).rows.annotate(on_invoice=Coalesce(F("invoice_number"), Value("")))
        _copy(KeptWork, kept, WORK_FIELDS, work.values_list(*_WORK))
        _copy(KeptInvoice, kept, INVOICE_FIELDS, invoice_rows(scope, jobs).rows.values_list(*_INVOICE))
        KeptJob.objects.bulk_create(_jobs(kept, found.lines, found.fixed))
        kept.sha256 = content_hash(kept)
        kept.save(update_fields=["sha256"])
        operation.item(KEPT_REPORT, kept.number).save(force_insert=True)
        operation.close(report=kept.number, sha256=kept.sha256)
    return kept


def _refuse_too_many(rows: "QuerySet[Any, Any]") -> None:
    """Nobody can write anything while the rows are copied, so there must not be too many."""
    if (count := rows.count()) > MOST:
        raise Refused(f"The report has {count:,} lines of work; {MOST:,} can be kept. Choose fewer days or jobs.")


def _copy(model: type[Model], kept: KeptReport, fields: Sequence[str], rows: "QuerySet[Any, Any]") -> None:
    """The rows as they are read, by one INSERT .. SELECT; `fields` are named in the order of their columns."""
    sql, params = rows.order_by().query.sql_with_params()
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (report_id, {', '.join(fields)})"  # noqa: S608 - our own names, the ORM's own SQL
            f" SELECT %s, found.* FROM ({sql}) AS found",
            [kept.pk, *params],
        )


def _jobs(kept: KeptReport, lines: Sequence[Any], fixed: Sequence[Any]) -> Iterator[KeptJob]:
    for line in lines:
        yield KeptJob(report=kept, **_named(line))
    for line in fixed:
        amounts = {name: getattr(line, name) for name in ("contract", "percent", "percent_date", "earned", "billed")}
        yield KeptJob(report=kept, is_fixed=True, **_named(line), **amounts)


def _named(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("job_id", "job_number", "project_name", "client_name")}


def content_hash(kept: KeptReport) -> str:
    """SHA-256 over the head of the report and every row of it, in a fixed order."""
    head = KeptReport.objects.filter(pk=kept.pk).values_list(*HEAD_FIELDS).get()
    digest = hashlib.sha256(f"{canonical(head)}\n".encode())
    for rows, fields in (
        (kept.jobs.order_by("is_fixed", "job_id"), JOB_FIELDS),
        (kept.work.order_by("line_id"), WORK_FIELDS),
        (kept.invoices.order_by("invoice_id"), INVOICE_FIELDS),
    ):
        for row in rows.values_list(*fields).iterator(chunk_size=5000):
            digest.update(f"{canonical(row)}\n".encode())
    return digest.hexdigest()
