"""The four lines of the Workflow card: what waits, for how much money, since when. One query a line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.common.http import page_url
from jobbook.common.money import money_sum
from jobbook.jobs.models import BillingType, DailyWorkRecord, Expense, Job, RecordState

Figures = dict[str, Any]


@dataclass(frozen=True)
class WorkflowLine:
    """A backlog as the dashboard shows it. `url` is None while its page does not exist; `oldest` is in days."""

    label: str
    count: int
    amount: Decimal | None
    oldest: int | None
    url: str | None


@dataclass(frozen=True)
class Backlog:
    """A declared line: `figures` answers count, amount and oldest (a date) of what `user` may see."""

    label: str
    url_name: str
    figures: Callable[[User], Figures]
    roles: frozenset[str]


def lines(user: User, today: date) -> list[WorkflowLine]:
    """The lines of the user's role, in the fixed order."""
    return [_line(backlog, user, today) for backlog in BACKLOGS if user.role in backlog.roles]


def _line(backlog: Backlog, user: User, today: date) -> WorkflowLine:
    figures = backlog.figures(user)
    oldest = figures["oldest"]
    return WorkflowLine(
        label=backlog.label,
        count=figures["count"],
        amount=figures["amount"] if user.can(Permission.SEE_MONEY) else None,
        oldest=(today - oldest).days if oldest else None,
        url=page_url(backlog.url_name),
    )


def records_to_approve(user: User) -> Figures:
    submitted = DailyWorkRecord.objects.filter(state=RecordState.SUBMITTED, job__in=Job.objects.visible_to(user))
    return submitted.aggregate(count=Count("pk", distinct=True), amount=money_sum("lines__amount"), oldest=Min("date"))


def records_to_invoice(user: User) -> Figures:
    approved = DailyWorkRecord.objects.filter(
        state=RecordState.APPROVED,
        job__billing_type=BillingType.TIME_AND_MATERIAL,
        job__in=Job.objects.visible_to(user),
        invoiced__isnull=True,
    )
    return approved.aggregate(count=Count("pk", distinct=True), amount=money_sum("lines__amount"), oldest=Min("date"))


def expenses_to_approve(user: User) -> Figures:
    submitted = Expense.objects.filter(state="submitted", job__in=Job.objects.visible_to(user))
    return submitted.aggregate(count=Count("pk"), amount=money_sum("amount"), oldest=Min("date"))


def invoices_to_process(user: User) -> Figures:
    waiting = Invoice.objects.visible_to(user).admin_queue()
    return waiting.aggregate(count=Count("pk"), amount=money_sum("total"), oldest=Min("invoice_date"))


_APPROVERS = frozenset({Role.ADMINISTRATOR, Role.PROJECT_MANAGER})
BACKLOGS = (
    Backlog("DWR Approval Backlog", "dwr_approval_backlog", records_to_approve, _APPROVERS),
    Backlog("DWR Invoice Backlog", "dwr_invoice_backlog", records_to_invoice, frozenset({Role.ADMINISTRATOR})),
    Backlog("Expense Approval Backlog", "expense_approval_backlog", expenses_to_approve, _APPROVERS),
    Backlog(
        "Invoice Process Backlog",
        "invoice_process_backlog",
        invoices_to_process,
        frozenset({Role.ADMINISTRATOR, Role.PROJECT_MANAGER, Role.ACCOUNTING}),
    ),
)
