"""Short names for approving and its undo, of DWRs and expenses."""

from collections.abc import Iterable
from typing import Any

from jobbook.accounts.models import User
from jobbook.common.models import Intent
from jobbook.common.records import change_record
from jobbook.jobs.models import ApprovalBatch, DailyWorkRecord, Expense
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS, Approvable
from jobbook.jobs.transitions.approval import Approved, approve
from jobbook.jobs.transitions.approval_undo import ApprovalUndone, undo_approval, undo_intent
from tests.factories import TODAY, make_expense, make_record

BOTH = (RECORDS, EXPENSES)
Work = DailyWorkRecord | Expense


def make_work(what: Approvable, **fields: Any) -> Any:
    """A submitted DWR or expense."""
    fields.setdefault("submitted_on", TODAY)
    return (make_record if what is RECORDS else make_expense)(**fields)


def intent_for(what: Approvable, user: User, rows: Iterable[Any]) -> Intent:
    """What the window of these rows freezes."""
    return what.window(what.approve, user=user, rows=what.model.objects.filter(pk__in=[row.pk for row in rows]))


def approve_all(what: Approvable, user: User, rows: Iterable[Any]) -> Approved:
    return approve(what, intent_for(what, user, rows).pk, by=user)


def undo_all(what: Approvable, user: User, batch: ApprovalBatch) -> ApprovalUndone:
    return undo_approval(what, undo_intent(what, user=user, batch=batch).pk, by=user)


def edit(what: Approvable, row: Any, by: User) -> None:
    """Somebody changes the description: the row has another version."""
    version = what.model.objects.get(pk=row.pk).version
    change_record(what.model, row.pk, {"description": "Changed"}, noun=what.object_type, version=version, by=by)


def states(what: Approvable, rows: Iterable[Any]) -> list[str]:
    ids = [row.pk for row in rows]
    found = dict(what.model.objects.filter(pk__in=ids).values_list("pk", "state"))
    return [found.get(pk, "deleted") for pk in ids]
