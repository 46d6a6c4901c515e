"""The page of one job: its facts, taxes, fees and items, what waits on it, its invoices, its history."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import page_url
from jobbook.common.money import money_sum
from jobbook.jobs.models import ExpenseState, Job, JobItem, RecordState, WorkLine
from jobbook.jobs.pages.job_rules import BILLED
from jobbook.jobs.pages.progress import ProgressForm, progress_of
from jobbook.jobs.pages.steps import steps_of
from jobbook.jobs.prices import Price, prices_of

SHOWN_INVOICES = 10


@dataclass(frozen=True)
class Waiting:
    """What waits on a job in a backlog: its count, and the way there for whoever may open it."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Budget:
    """A billable item: the price that holds, the quantity budgeted and what is recorded of it."""

    row: JobItem
    price: Price | None
    is_own_price: bool
    used: Decimal

    @property
    def unit_price(self) -> Decimal | None:
        return self.price.unit if self.price else None

    @property
    def hourly_price(self) -> Decimal | None:
        return self.price.hourly if self.price else None

    @property
    def left(self) -> Decimal | None:
        return None if self.row.budget_quantity is None else self.row.budget_quantity - self.used


@require_safe
@requires(Permission.SEE_JOBS)
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for another manager's job."""
    return job_response(request, pk)


def job_response(
    request: HttpRequest,
    pk: int,
    *,
    form: ProgressForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. form, refused: a progress that was sent and not taken."""
    user = user_of(request)
    related = ("client", "client__rate_sheet", "project_manager", "office", "billing_address", "rate_sheet")
    job = get_object_or_404(Job.objects.visible_to(user).select_related(*related), pk=pk)
    invoices = job.invoices.visible_to(user)
    context = {
        "job": job,
        "taxes": [each.tax for each in job.job_taxes.select_related("tax")],
        "fees": job.fees.select_related("item"),
        "budgets": budgets(job),
        "waiting": waiting(job, user),
        "invoices": invoices.order_by("-invoice_date", "-pk")[:SHOWN_INVOICES],
        "invoice_sums": invoices.aggregate(count=Count("pk"), total=money_sum("total")),
        "invoice_list": _filtered("invoice_list", job, tab="all"),
        "invoice_new": new_invoice_url(job, user),
        "progress": progress_of(job, user, timezone.localdate(), form, refused),
        "history": steps_of("job", pk),
        "may_write": user.can(Permission.ADMINISTER),
    }
    return render(request, "jobs/job.html", context, status=status)


def budgets(job: Job) -> list[Budget]:
    """The billable items in order. Four queries."""
    rows = list(job.billable_items.select_related("item"))
    prices = prices_of(job, [row.item for row in rows])
    lines = WorkLine.objects.filter(record__job=job, item__in=[row.item_id for row in rows])
    used = dict(lines.order_by().values_list("item").annotate(Sum("quantity")))
    return [
        Budget(row, prices.get(row.item_id), row.unit_price is not None, used.get(row.item_id, Decimal(0)))
        for row in rows
    ]


def waiting(job: Job, user: User) -> list[Waiting]:
    """Each backlog of work with what of this job stands in it."""
    records = job.records.aggregate(
        submitted=Count("pk", filter=Q(state=RecordState.SUBMITTED)),
        draft=Count("pk", filter=Q(state=RecordState.DRAFT)),
    )
    expenses = job.expenses.filter(state=ExpenseState.SUBMITTED).count()
    lines = [
        ("DWR", "not submitted", records["draft"], "", Permission.APPROVE),
        ("DWR", "to approve", records["submitted"], "dwr_approval_backlog", Permission.APPROVE),
        ("DWR", "to invoice", job.records.to_invoice().count(), "dwr_invoice_backlog", Permission.INVOICE),
        ("expense", "to approve", expenses, "expense_approval_backlog", Permission.APPROVE),
    ]
    return [
        Waiting(
            f"{noun}{'' if count == 1 else 's'} {what}", count, _filtered(name, job) if user.can(permission) else ""
        )
        for noun, what, count, name, permission in lines
    ]


def new_invoice_url(job: Job, user: User) -> str:
    """Where an invoice of the job is made; '' for whoever may not, and for jobs that are never invoiced."""
    may = user.can(Permission.INVOICE) and job.billing_type in BILLED
    return _filtered("invoice_new", job) if may else ""


def _filtered(name: str, job: Job, **more: Any) -> str:
    """The address of a list with this job's rows; '' while the page does not exist."""
    url = page_url(name) if name else None
    pairs = [*(f"{key}={value}" for key, value in more.items()), f"job={job.pk}"]
    return f"{url}?{'&'.join(pairs)}" if url else ""
