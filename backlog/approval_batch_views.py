"""Approval batches: the list, and the page of each with its rows. An administrator's: all; a manager's: own."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backlog.expense_approval import EXPENSE_APPROVAL
from backlog.record_approval import RECORD_APPROVAL
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import ApprovalBatch, ApprovalKind
from jobbook.jobs.models.work import WorkQuerySet
from jobbook.jobs.transitions.approvable import APPROVABLES, EXPENSES, RECORDS, Approvable, batches_of
from jobbook.jobs.transitions.approval_undo import undo_offer

PAGE = 50
GRIDS = {RECORDS.kind: RECORD_APPROVAL, EXPENSES.kind: EXPENSE_APPROVAL}


@require_safe
@requires(Permission.APPROVE)
def approval_batches(request: HttpRequest) -> HttpResponse:
    """Every batch the user may see, the newest first, with how many of its rows are still in it."""
    batches = batches_of(user_of(request)).order_by("-number")
    counted = batches.annotate(still_in=Count("records", distinct=True) + Count("expenses", distinct=True))
    page = Paginator(counted, PAGE).get_page(request.GET.get("page"))
    return render(request, "backlog/approval_batches.html", {"page": page})


@require_safe
@requires(Permission.APPROVE)
def approval_batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: what it approved, what of it is still in it, what it left out, what hinders its undo."""
    user = user_of(request)
    batch = get_object_or_404(batches_of(user), number=number)
    what = APPROVABLES[ApprovalKind(batch.kind)]
    offer = undo_offer(what, user)
    entry = AuditEntry.objects.get(number=batch.entry_number)
    is_offered = offer.batch == batch
    page = Paginator(rows_of(what, batch).visible_to(user), PAGE * 2).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "batch": batch,
        "what": what,
        "page": page,
        "hidden": rows_of(what, batch).count() - page.paginator.count,
        "still_in": what.model.objects.filter(batch=batch).count(),
        "skipped": json.loads(entry.values).get("skipped", []),
        "is_offered": is_offered,
        "refusals": offer.refusals if is_offered else [],
        "grid": GRIDS[what.kind],
    }
    return render(request, "backlog/approval_batch.html", context)


def rows_of(what: Approvable, batch: ApprovalBatch) -> WorkQuerySet[Any]:
    """What the batch approved, whether it is still in it or not."""
    items = AuditItem.objects.filter(entry_id=batch.entry_number, object_type=what.object_type)
    rows: WorkQuerySet[Any] = what.model.objects.filter(pk__in=items.values("object_id")).annotate(label=F(what.number))
    return rows.select_related("job__client").order_by("date", "pk")
