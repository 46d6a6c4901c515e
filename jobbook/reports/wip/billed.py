"""What was billed: the invoices dated on the days of the report, by what they are made of and by their queue."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, Expression, F, OuterRef, Q, QuerySet, Value, When

from invoices.models import Invoice, InvoiceKind, InvoiceLine, LineSource
from jobbook.common.money import line_sum, money, money_sum
from jobbook.jobs.models import Job, Section, WorkLine
from jobbook.reports.wip.figures import ZERO, Billed, Part
from jobbook.reports.wip.places import queue_on
from jobbook.reports.wip.scope import Scope

_FROM_WORK = "from_work"  # lines billed for DWRs, at what was billed: work and what was changed of it
_TO_INVOICE = "record__invoiced__invoice"  # from a line of work


def invoices_of(scope: Scope, jobs: QuerySet[Job]) -> QuerySet[Any]:
    """The invoices of the report, each with `place`: its queue as of the day."""
    invoices = Invoice.objects.annotate(place=queue_on(scope.as_of))
    return scope.of(jobs, invoices, day="invoice_date", job="job")


def billed_by_job(scope: Scope, jobs: QuerySet[Job]) -> dict[int, Billed]:
    """By job id, of jobs with any invoice. Three queries."""
    found: dict[int, Billed] = {}
    sums = invoices_of(scope, jobs).values_list("job", "place", "kind").annotate(money_sum("subtotal"))
    for job, place, kind, amount in sums:
        billed = found.setdefault(job, Billed(dict.fromkeys(Part, ZERO)))
        billed.queues[place] = billed.queues.get(place, ZERO) + amount
        if kind == InvoiceKind.CREDIT_NOTE:
            billed.parts[Part.CREDITS] += amount
    for job, part, amount in _parts(scope, jobs):
        found[job].parts[part] += amount
    return found


def _parts(scope: Scope, jobs: QuerySet[Job]) -> Iterator[tuple[int, Part, Decimal]]:
    """Job, part and amount of invoices. What is from work, less the work itself, is what was changed.

    A DWR stands on an invoice of its own job. Grouped by the invoice's job SQLite would read all invoices in order.
    """
    lines = scope.lines_of(jobs, _lines(), of="invoice", day="invoice_date")
    for job, part, amount in lines.values_list("invoice__job", "part").annotate(money_sum("amount")):
        yield job, Part.CHANGED if part == _FROM_WORK else Part(part), amount
    invoices = scope.of(jobs, Invoice.objects.filter(kind=InvoiceKind.INVOICE), day="invoice_date", job="job")
    works = WorkLine.objects.filter(**{f"{_TO_INVOICE}__in": invoices.values("pk")}).order_by()
    for job, amount in works.values_list("record__job").annotate(money_sum("amount")):
        yield job, Part.WORK, amount
        yield job, Part.CHANGED, -amount


def _lines() -> QuerySet[Any]:
    """The lines of invoices, each with the `part` it belongs to: fees, by hand or _FROM_WORK."""
    sources = Exists(LineSource.objects.filter(line=OuterRef("pk")))
    part = Case(
        When(section=Section.FEE, then=Value(Part.FEES.value)),
        When(Q(record__isnull=False) | sources, then=Value(_FROM_WORK)),
        default=Value(Part.BY_HAND.value),
    )
    return InvoiceLine.objects.filter(invoice__kind=InvoiceKind.INVOICE).annotate(part=part)


def column(part: str) -> str:
    """The name of the column of a Part."""
    return f"part_{part}"


def with_parts(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Invoices with a column for each Part. Worked out for each row: for the rows of a page, and sums of one part."""
    on_it = {_TO_INVOICE: OuterRef("pk"), f"{_TO_INVOICE}__kind": InvoiceKind.INVOICE}
    work = line_sum(WorkLine.objects.filter(**on_it), "amount", by=_TO_INVOICE)
    parts: dict[Part, Expression] = {
        Part.WORK: work,
        Part.CHANGED: _sum_of(_FROM_WORK) - work,
        Part.BY_HAND: _sum_of(Part.BY_HAND),
        Part.FEES: _sum_of(Part.FEES),
        Part.CREDITS: Case(When(kind=InvoiceKind.CREDIT_NOTE, then=F("subtotal")), default=money("0.00")),
    }
    with_columns: QuerySet[Any] = rows.annotate(**{column(part): sql for part, sql in parts.items()})
    return with_columns


def _sum_of(part: str) -> Expression:
    """What the lines of one invoice come to in a part."""
    return line_sum(_lines().filter(invoice=OuterRef("pk"), part=part), "amount", by="invoice")
