"""Below a row of the Active Job Dashboard: the job's invoices by queue, as far as the user may see them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from invoices.models import Invoice, InvoiceKind, Queue
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.money import money_sum, total_of
from jobbook.jobs.models import Job
from jobbook.reports.active_jobs.links import invoice_address, invoices_address, trail_address, wip_address

NEWEST = 20  # invoices named


@dataclass(frozen=True)
class QueueLine:
    """The job's invoices in a queue, credit notes included; amount is before tax."""

    label: str
    count: int
    amount: Decimal


@require_safe
@requires(Permission.SEE_WIP)
def job_invoices(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment of one row, or a page with it for a browser without scripts. 404 for another manager's job."""
    user = user_of(request)
    job = get_object_or_404(Job.objects.visible_to(user), pk=pk)
    part = bool(getattr(request, "htmx", False))
    return render(request, f"reports/active_jobs/{'_detail' if part else 'detail'}.html", context(job, user))


def context(job: Job, user: User) -> dict[str, Any]:
    """What of the job's invoices `user` sees, and where they are made and listed."""
    invoices = Invoice.objects.visible_to(user).filter(job=job)
    queues = by_queue(invoices)
    count = sum(line.count for line in queues)
    rows = invoices.order_by("-invoice_date", "-pk").only(
        "number", "kind", "invoice_date", "subtotal", "total", "queue"
    )
    billing = job.billing_type
    return {
        "job": job,
        "queues": queues,
        "count": count,
        "amount": total_of(line.amount for line in queues),
        "hidden": job.invoices.count() - count,
        "invoices": [(row, row.kind == InvoiceKind.CREDIT_NOTE, Queue(row.queue).label) for row in rows[:NEWEST]],
        "list_url": invoices_address(job.pk),
        "invoice_url": invoice_address(job.pk, billing) if user.can(Permission.INVOICE) else "",
        "trail_url": trail_address(job.pk),
        "wip_url": wip_address(job.job_number, billing),
    }


def by_queue(invoices: QuerySet[Invoice]) -> list[QueueLine]:
    """A line for each queue that has any, in the order of the queues."""
    found = {
        row["queue"]: row
        for row in invoices.order_by().values("queue").annotate(count=Count("pk"), amount=money_sum("subtotal"))
    }
    return [
        QueueLine(str(queue.label), found[queue]["count"], found[queue]["amount"]) for queue in Queue if queue in found
    ]
