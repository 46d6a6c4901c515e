"""What was billed: the invoices dated on the days of the report, by what they are made of and by their queue."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, Expression, F, OuterRef, Q, QuerySet, When

from invoices.models import Invoice, InvoiceKind, InvoiceLine, LineSource
from jobbook.common.money import line_sum, money, money_sum
from jobbook.jobs.models import Job, Section, WorkLine
from jobbook.reports.wip.figures import Billed, Part
from jobbook.reports.wip.places import queue_on
from jobbook.reports.wip.scope import Scope


def invoices_of(scope: Scope, jobs: QuerySet[Job]) -> QuerySet[Any]:
    """The invoices of the report, each with `place`, its queue as of the day, and a column for each Part."""
    days: dict[str, Any] = {"invoice_date__lte": scope.last}
    if scope.start:
        days["invoice_date__gte"] = scope.start
    rows = Invoice.objects.filter(job__in=jobs.order_by().values("pk"), **days).order_by()
    return rows.annotate(place=queue_on(scope.as_of), **_of_an_invoice()).annotate(
        **{column(Part.CHANGED): F("from_work") - F(column(Part.WORK))}
    )


def column(part: str) -> str:
    """The name of the column of a Part."""
    return f"part_{part}"


def billed_by_job(scope: Scope, jobs: QuerySet[Job]) -> dict[int, Billed]:
    """By job id, of jobs with any invoice. One query."""
    sums = {part: money_sum(column(part)) for part in Part}
    rows = invoices_of(scope, jobs).values("job", "place").annotate(subtotals=money_sum("subtotal"), **sums)
    found: dict[int, Billed] = {}
    for row in rows:
        billed = found.setdefault(row["job"], Billed())
        billed.queues[row["place"]] = row["subtotals"]
        for part in Part:
            billed.parts[part] = billed.parts.get(part, Decimal("0.00")) + row[part]
    return found


def _of_an_invoice() -> dict[str, Expression]:
    """The parts that are columns, and `from_work`: the lines billed for DWRs, at what was billed."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"))
    sources = Exists(LineSource.objects.filter(line=OuterRef("pk")))
    named = Q(record__isnull=False)
    body = lines.exclude(section=Section.FEE)
    work = WorkLine.objects.filter(record__invoiced__invoice=OuterRef("pk"))
    of_invoices = {
        column(Part.WORK): line_sum(work, "amount", by="record__invoiced__invoice"),
        column(Part.FEES): line_sum(lines.filter(section=Section.FEE), "amount", by="invoice"),
        column(Part.BY_HAND): line_sum(body.exclude(named | Q(sources)), "amount", by="invoice"),
        "from_work": line_sum(body.filter(named | Q(sources)), "amount", by="invoice"),
    }
    credit = Q(kind=InvoiceKind.CREDIT_NOTE)
    nothing = money("0.00")
    return {
        **{name: Case(When(credit, then=nothing), default=amount) for name, amount in of_invoices.items()},
        column(Part.CREDITS): Case(When(credit, then=F("subtotal")), default=nothing),
    }
