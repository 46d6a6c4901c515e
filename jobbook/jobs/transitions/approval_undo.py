"""Undo Last Approval Batch: every row still in the batch is submitted again, or none is."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.intents import open_intent
from jobbook.common.models import Intent
from jobbook.common.money import money_sum
from jobbook.common.transitions import audit_versions, lock_rows
from jobbook.jobs.models import ApprovalBatch
from jobbook.jobs.models.work import APPROVED
from jobbook.jobs.transitions.approvable import RECORDS, USED_BY, Approvable

_SHOWN = 200  # refusals named one by one


@dataclass(frozen=True)
class ApprovalUndoOffer:
    """What the undo button shows: the batch, what of it would return (count, sum), and what stands in the way."""

    what: Approvable
    batch: ApprovalBatch | None
    count: int = 0
    total: Decimal = Decimal("0.00")
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def words(self) -> str:
        """'1 DWR', '12 expenses'."""
        return f"{self.count:,} {self.what.noun if self.count == 1 else self.what.plural}"

    @property
    def reason(self) -> str:
        """Why the button is off, or ''."""
        if self.batch is None:
            return "No batch to undo"
        if not self.refusals:
            return ""
        codes = {refusal.code for refusal in self.refusals}
        word = next((word for word in ("invoiced", "processed") if codes == {word}), "changed")
        n = len(self.refusals)
        what = f"{'an' if word == 'invoiced' else 'a'} {word} {self.what.noun}" if n == 1 else ""
        return f"Batch #{self.batch.number} has {what or f'{n} {word} {self.what.plural}'}"


@dataclass(frozen=True)
class ApprovalUndone:
    batch: ApprovalBatch
    count: int
    repeated: bool = False


def undo_offer(what: Approvable, user: User) -> ApprovalUndoOffer:
    """The newest live batch `user` may undo, and every row of it that hinders the undo."""
    batch = what.live_batches(user).first()
    if batch is None:
        return ApprovalUndoOffer(what, None)
    sums = what.in_batch(batch).aggregate(count=Count("pk", distinct=True), total=money_sum(what.amount))
    return ApprovalUndoOffer(what, batch, refusals=hindrances(what, batch, user), **sums)


def undo_intent(what: Approvable, *, user: User, batch: ApprovalBatch) -> Intent:
    """What an undo window shows: the batch it names, and the rows still in it."""
    rows = what.model.objects.filter(batch=batch)
    return what.window(what.undo, user=user, rows=rows, batch=batch)


def undo_approval(
    what: Approvable, intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE
) -> ApprovalUndone:
    """Return the rows of the window's batch to Submitted. Refused, changing nothing, if any cannot."""
    with transaction.atomic(durable=True):
        operation = Operation(by, what.undo, origin=origin)
        intent = open_intent(intent_id, user=by, action=what.undo, used_by=USED_BY)
        if hasattr(intent, "undone_approval_batch"):
            return ApprovalUndone(intent.undone_approval_batch, intent.count, repeated=True)
        batch = ApprovalBatch.objects.get(pk=intent.target_id or 0)
        rows = what.model.objects.filter(batch=batch)
        lock_rows(rows)
        failpoint("undo_approval.after_lock")
        _check(what, batch, intent, by)
        before = _return(operation, what, rows, batch)
        failpoint("undo_approval.after_items")
        after = dict.fromkeys(before)
        entry = operation.close(before=before, after=after, count=intent.count, total=intent.total)
        ApprovalBatch.objects.filter(pk=batch.pk).update(
            undone_at=operation.at, undone_by_name=by.name, undo_entry_number=entry.number, undo_intent=intent
        )
    failpoint("undo_approval.after_commit")
    return ApprovalUndone(batch, intent.count)


def _return(operation: Operation, what: Approvable, rows: QuerySet[Any], batch: ApprovalBatch) -> dict[str, Any]:
    """Take back every field that approving wrote; what they held."""
    approved_on, name = rows.values_list("approved_on", "approved_by__name")[:1][0]
    audit_versions(operation, what.object_type, rows)
    rows.update(batch=None, approved_on=None, approved_by=None, version=F("version") + 1)
    return {"batch": batch.number, "approved_on": approved_on, "approved_by": name}


def hindrances(what: Approvable, batch: ApprovalBatch, user: User) -> list[Refusal]:
    """The rows still in the batch that stand in the way of its undo, each with the reason and the way out."""
    mine = Q(pk__in=what.managed_by(user).values("pk"))
    moved = what.in_batch(batch).exclude(_untouched(what), pk__in=what.managed_by(user).values("pk"))
    columns = ("pk", what.number, what.settled, "is_mine", "job__project_manager__name")
    rows = list(moved.annotate(is_mine=mine).order_by("date", "pk").values_list(*columns)[:_SHOWN])
    changes = what.last_changes([row[0] for row in rows])
    refusals = []
    for pk, number, settled, is_mine, manager in rows:
        if settled and what is RECORDS:
            code, reason = "invoiced", f"it is on invoice {settled}; take it off or delete the invoice first"
        elif settled:
            code, reason = "processed", f"{changes.get(pk, 'processed')}; clear Processed on its page first"
        elif not is_mine:
            code, reason = "manager", f"its job is {manager}'s now, who reopens it or sends it back"
        else:
            code, reason = "changed", f"{changes.get(pk, 'it was changed')}; reopen it on its page to take it out"
        refusals.append(Refusal(code, reason, pk, what.label(number)))
    return refusals


def _untouched(what: Approvable) -> Q:
    """As the batch left it, and nothing hangs on it."""
    return Q(state=APPROVED, version=F("after"), **{f"{what.settled}__isnull": True})


def _check(what: Approvable, batch: ApprovalBatch, intent: Intent, by: User) -> None:
    """Refused unless the whole batch can go back as the window showed it."""
    if batch.undone_at:
        raise Refused(f"Batch #{batch.number} was already undone by {batch.undone_by_name}.")
    if what.live_batches(by).values_list("pk", flat=True).first() != batch.pk:
        raise Refused(f"Batch #{batch.number} is not the last batch any more.")
    refusals = hindrances(what, batch, by)
    if refusals:
        raise Refused(f"Batch #{batch.number} was not undone.", refusals)
    seen = what.of_intent(intent).filter(version=F("seen"), batch=batch).count()
    if seen != intent.count or what.model.objects.filter(batch=batch).count() != intent.count:
        raise Refused(
            f"Batch #{batch.number} changed since the window opened. Open it again to see the present numbers."
        )
