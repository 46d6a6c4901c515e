"""What waits for a user: to approve, to sign, sent back, failed or unconfirmed runs, an Admin Queue that grew old."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from exports.confirm import WAIT
from exports.models import ExportRun, RunState
from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.http import page_url
from jobbook.jobs.models import DailyWorkRecord, Expense

OLD = timedelta(days=7)  # an invoice that waits longer in the Admin Queue is a notice; a failed run stays one so long


@dataclass(frozen=True)
class Kind:
    """A declared notice for whoever may do what it asks for.

    one, many: what the count is of. rows: those that wait for a user; since: the field with the day each waits from.
    url_name, query: the page where they are dealt with.
    """

    slug: str
    permission: Permission
    one: str
    many: str
    rows: Callable[[User], QuerySet[Any]]
    since: str
    url_name: str
    query: str = ""


@dataclass(frozen=True)
class Notice:
    """Something that waits: how many, the oldest since how many days, and where."""

    slug: str
    words: str
    count: int
    days: int
    url: str


def notices(user: User) -> list[Notice]:
    """What waits for `user`, in a fixed order; kinds with nothing are left out. One query."""
    kinds = {kind.slug: kind for kind in KINDS if user.can(kind.permission)}
    counts = [_counted(kind, user) for kind in kinds.values()]
    if not counts:
        return []
    found = {row["notice"]: row for row in counts[0].union(*counts[1:], all=True) if row["n"]}
    today = timezone.localdate()
    return [
        _notice(kind, found[slug]["n"], found[slug]["oldest"], today) for slug, kind in kinds.items() if slug in found
    ]


def waiting(user: User) -> int:
    """How many things wait for `user` in all."""
    return sum(notice.count for notice in notices(user))


def _counted(kind: Kind, user: User) -> Any:
    rows = kind.rows(user).order_by().annotate(notice=Value(kind.slug, output_field=CharField()))
    return rows.values("notice").annotate(n=Count("pk"), oldest=Min(kind.since))


def _notice(kind: Kind, count: int, oldest: date, today: date) -> Notice:
    words = f"{count:,} {kind.one if count == 1 else kind.many}"
    return Notice(kind.slug, words, count, (today - oldest).days, f"{page_url(kind.url_name)}{kind.query}")


def _records_to_approve(user: User) -> QuerySet[Any]:
    return DailyWorkRecord.objects.to_approve().of_jobs_managed_by(user)


def _expenses_to_approve(user: User) -> QuerySet[Any]:
    return Expense.objects.to_approve().of_jobs_managed_by(user)


def _to_sign(user: User) -> QuerySet[Any]:
    """Of the jobs the user manages: an administrator may sign others too, but is not who they wait for."""
    return Invoice.objects.filter(queue=Queue.PM, job__project_manager=user)


def _records_sent_back(user: User) -> QuerySet[Any]:
    return DailyWorkRecord.objects.sent_back_to(user)


def _expenses_sent_back(user: User) -> QuerySet[Any]:
    return Expense.objects.sent_back_to(user)


def _failed_runs(user: User) -> QuerySet[Any]:
    """Of the last days, and not tried again."""
    failed = ExportRun.objects.visible_to(user).filter(state=RunState.FAILED, retries=None)
    return failed.filter(finished_at__gt=timezone.now() - OLD).annotate(since=TruncDate("finished_at"))


def _unconfirmed_runs(user: User) -> QuerySet[Any]:
    late = ExportRun.objects.visible_to(user).unconfirmed(before=timezone.now() - WAIT)
    return late.annotate(since=TruncDate("finished_at"))


def _old_in_the_admin_queue(user: User) -> QuerySet[Any]:
    """Since the day they came in."""
    came = Coalesce("released_on", "client_approved_on", "signed_on")
    rows = Invoice.objects.admin_queue().visible_to(user).annotate(since=came)
    return rows.filter(since__lt=timezone.localdate() - OLD)


KINDS = (
    Kind(
        "records",
        Permission.APPROVE,
        "DWR to approve",
        "DWRs to approve",
        _records_to_approve,
        "date",
        "dwr_approval_backlog",
    ),
    Kind(
        "expenses",
        Permission.APPROVE,
        "expense to approve",
        "expenses to approve",
        _expenses_to_approve,
        "date",
        "expense_approval_backlog",
    ),
    Kind(
        "sign",
        Permission.SIGN,
        "invoice to sign",
        "invoices to sign",
        _to_sign,
        "invoice_date",
        "invoice_list",
        "?tab=pm",
    ),
    Kind(
        "returned-records",
        Permission.WRITE_WORK,
        "DWR sent back to you",
        "DWRs sent back to you",
        _records_sent_back,
        "date",
        "record_list",
    ),
    Kind(
        "returned-expenses",
        Permission.WRITE_WORK,
        "expense sent back to you",
        "expenses sent back to you",
        _expenses_sent_back,
        "date",
        "expense_list",
    ),
    Kind("failed", Permission.EXPORT, "export run failed", "export runs failed", _failed_runs, "since", "run_list"),
    Kind(
        "unconfirmed",
        Permission.CONFIRM_RUNS,
        "export not confirmed by accounting",
        "exports not confirmed by accounting",
        _unconfirmed_runs,
        "since",
        "run_list",
    ),
    Kind(
        "admin",
        Permission.PROCESS,
        "invoice in the Admin Queue for over 7 days",
        "invoices in the Admin Queue for over 7 days",
        _old_in_the_admin_queue,
        "since",
        "invoice_process_backlog",
    ),
)
