"""The rows behind every figure of a report: their sum is the figure, to the cent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, When

from jobbook.common.money import money_sum
from jobbook.jobs.models import Job
from jobbook.reports.wip.billed import column, invoices_of, with_parts
from jobbook.reports.wip.figures import Part, Place
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import lines_of_work

Age = tuple[int, int | None]  # days, as in AGES

WORK_COLUMNS = (
    *("id", "record_id", "record__dwr_number", "record__date", "record__job_id", "record__job__job_number"),
    *("item_id", "item__code", "item__name", "employee", "hours", "quantity", "unit_price", "amount"),
    *("place", "invoice_pk", "invoice_number"),
)
INVOICE_COLUMNS = (
    *("id", "number", "kind", "invoice_date", "job_id", "job__job_number", "place", "subtotal"),
    *(column(part) for part in Part),
    "counted",
)


@dataclass(frozen=True)
class Rows:
    """rows: named tuples, in order, to be counted, sliced and paged. sum: of the column that makes the figure."""

    rows: QuerySet[Any, Any]
    sum: Decimal


def work_rows(
    scope: Scope,
    jobs: QuerySet[Job],
    places: Iterable[str] = tuple(Place),
    *,
    job: int | None = None,
    item: int | None = None,
    age: Age | None = None,
) -> Rows:
    """Lines of work with WORK_COLUMNS, by date, DWR and line; `amount` makes the figure.

    job, item: ids. age: one of AGES, days from the DWR's date. invoice_pk and invoice_number are None while the DWR is
    on no invoice as of the day.
    """
    rows = lines_of_work(scope, jobs).filter(place__in=list(places))
    if job:
        rows = rows.filter(record__job=job)
    if item:
        rows = rows.filter(item=item)
    if age:
        rows = rows.filter(**_dated(scope.as_of, *age))
    on_invoice = {"record__invoiced__invoice__invoice_date__lte": scope.as_of}
    shown = rows.annotate(
        invoice_pk=Case(When(**on_invoice, then=F("record__invoiced__invoice"))),
        invoice_number=Case(When(**on_invoice, then=F("record__invoiced__invoice__number"))),
    ).order_by("record__date", "record_id", "line_number")
    return Rows(shown.values_list(*WORK_COLUMNS, named=True), _sum(rows, "amount"))


def invoice_rows(
    scope: Scope,
    jobs: QuerySet[Job],
    *,
    part: str | None = None,
    queue: str | None = None,
    job: int | None = None,
) -> Rows:
    """Invoices with INVOICE_COLUMNS, by date and number; `counted` makes the figure.

    part: a Part, of invoices that have any; then that part is counted, else the subtotal. queue: as of the day.
    job: an id.
    """
    rows = with_parts(invoices_of(scope, jobs))
    if job:
        rows = rows.filter(job=job)
    rows = rows.annotate(counted=F(column(part) if part else "subtotal"))
    if part:
        rows = rows.exclude(counted=0)
    if queue:
        rows = rows.filter(place=queue)
    shown = rows.order_by("invoice_date", "number", "pk").values_list(*INVOICE_COLUMNS, named=True)
    return Rows(shown, _sum(rows, "counted"))


def _dated(day: date, least: int, most: int | None) -> dict[str, date]:
    """DWRs that are least..most days old on `day`."""
    until = {"record__date__lte": day - timedelta(days=least)}
    return until if most is None else {**until, "record__date__gte": day - timedelta(days=most)}


def _sum(rows: QuerySet[Any], name: str) -> Decimal:
    found: Decimal = rows.aggregate(sum=money_sum(name))["sum"]
    return found
