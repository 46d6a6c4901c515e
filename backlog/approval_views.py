"""The windows of the approval backlogs: Approve Selected, and Undo Last Approval Batch, for DWRs and expenses alike."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from backlog.expense_approval import EXPENSE_APPROVAL
from backlog.grid.grid import Grid
from backlog.grid.response import current_query, refused, results_response
from backlog.grid.selection import BadSelection, Selection, resolve
from backlog.record_approval import RECORD_APPROVAL
from backlog.work_window import batch_number, refused_window
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.money import money, money_sum
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS, Approvable, batches_of
from jobbook.jobs.transitions.approval import approve, may_be_approved
from jobbook.jobs.transitions.approval_undo import hindrances, undo_approval, undo_intent

SHOWN = 4  # warnings and left out rows named in a window or a line


@dataclass(frozen=True)
class ApprovalPages:
    """An approval backlog: what it approves, its grid, and what its window warns of, as (words, condition)."""

    what: Approvable
    grid: Grid
    warnings: tuple[tuple[str, Q], ...]
    confirm_url: str
    undo_confirm_url: str


RECORD_PAGES = ApprovalPages(
    RECORDS,
    RECORD_APPROVAL,
    (("no representative signature", Q(signed_by="")), ("amounts to nothing", Q(amount=money(0)))),
    "approve_records_confirm",
    "undo_record_approval_confirm",
)
EXPENSE_PAGES = ApprovalPages(
    EXPENSES,
    EXPENSE_APPROVAL,
    (("no receipt", Q(receipt__isnull=True)),),
    "approve_expenses_confirm",
    "undo_expense_approval_confirm",
)


@require_POST
@requires(Permission.APPROVE)
def approve_window(request: HttpRequest, pages: ApprovalPages) -> HttpResponse:
    """What would be approved, in numbers, with what to look at first."""
    user = user_of(request)
    try:
        selection = resolve(pages.grid, user, request.POST)
    except BadSelection as bad:
        return refused(bad)
    return render(request, "backlog/_approve_window.html", _context(pages, user, selection))


def _context(pages: ApprovalPages, user: User, selection: Selection) -> dict[str, Any]:
    rows = may_be_approved(pages.what, selection.queryset, user)
    plain = pages.what.model.objects.filter(pk__in=rows.values("pk"))
    intent = pages.what.window(pages.what.approve, user=user, rows=plain)
    return {
        "pages": pages,
        "words": pages.grid.count(intent.count),
        "intent": intent,
        "selection": selection,
        "by_author": selection.count - intent.count,
        "hours": rows.aggregate(sum=money_sum("hours"))["sum"] if "hours" in pages.grid.sums else None,
        "warnings": _warnings(pages, rows, user),
        "shown": SHOWN,
    }


def _warnings(pages: ApprovalPages, rows: QuerySet[Any], user: User) -> list[tuple[str, int, list[str]]]:
    """What to look at: the words, how many rows, and the numbers of the first few."""
    found = []
    for words, condition in (*pages.warnings, ("written by you", Q(created_by=user.pk))):
        numbers = list(rows.filter(condition).order_by("date", "pk").values_list(pages.what.number, flat=True))
        if numbers:
            found.append((words, len(numbers), numbers[:SHOWN]))
    return found


@require_POST
@requires(Permission.APPROVE)
def approve_confirm(request: HttpRequest, pages: ApprovalPages) -> HttpResponse:
    """Do what the window showed; the same window again answers with the batch it made."""
    try:
        done = approve(pages.what, request.POST.get("intent", ""), by=user_of(request), origin=origin_of(request))
    except Refused as error:
        return refused_window(request, "Nothing was approved", error)
    context = {"done": done, "words": pages.grid.count(done.batch.count), "shown": SHOWN}
    return _done(request, pages, "backlog/_approve_done.html", context)


@require_POST
@requires(Permission.APPROVE)
def undo_window(request: HttpRequest, pages: ApprovalPages) -> HttpResponse:
    """What the undo of one named batch would return, or what stands in its way."""
    user = user_of(request)
    batches = batches_of(user).filter(kind=pages.what.kind)
    batch = get_object_or_404(batches, number=batch_number(request))
    intent = undo_intent(pages.what, user=user, batch=batch)
    context = {
        "pages": pages,
        "batch": batch,
        "intent": intent,
        "left": batch.count - intent.count,
        "refusals": hindrances(pages.what, batch, user),
    }
    return render(request, "backlog/_approval_undo_window.html", context)


@require_POST
@requires(Permission.APPROVE)
def undo_confirm(request: HttpRequest, pages: ApprovalPages) -> HttpResponse:
    """Undo the batch the window named."""
    try:
        undone = undo_approval(
            pages.what, request.POST.get("intent", ""), by=user_of(request), origin=origin_of(request)
        )
    except Refused as error:
        return refused_window(request, "Nothing was undone", error)
    context = {"undone": undone, "words": pages.grid.count(undone.count)}
    return _done(request, pages, "backlog/_approval_undo_done.html", context)


def _done(request: HttpRequest, pages: ApprovalPages, line: str, context: dict[str, Any]) -> HttpResponse:
    """The grid and the result line; a form sent without htmx is led back to the whole page."""
    if not request.headers.get("HX-Request"):
        return redirect(pages.grid.url_name)
    query = current_query(pages.grid, request)
    return results_response(pages.grid, request, query=query, line_template=line, context={**context, "pages": pages})
