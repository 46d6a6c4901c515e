"""Approving the DWRs or expenses of a window as one batch.

One durable transaction: lock the ledger head, lock the rows, re-check each, write those that still are what the
window showed, audit. The others are left as they are and reported with what happened to them.
"""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin, next_number
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.ids import IdSet
from jobbook.common.intents import open_intent
from jobbook.common.models import AuditEntry, Intent
from jobbook.common.money import money_sum
from jobbook.common.transitions import audit_versions, lock_rows
from jobbook.jobs.models import ApprovalBatch, Company
from jobbook.jobs.models.work import SUBMITTED
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS, USED_BY, Approvable

_NAMED = 200  # rows that were left out, named one by one


@dataclass(frozen=True)
class Approved:
    """A batch, the rows of the window it left out, and whether an earlier submit of the same window made it."""

    batch: ApprovalBatch
    skipped: list[Refusal] = field(default_factory=list)
    repeated: bool = False


def approve_records(intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> Approved:
    """Approve the DWRs of an intent that are unchanged. Refused when not one of them is."""
    return approve(RECORDS, intent_id, by=by, origin=origin)


def approve_expenses(intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> Approved:
    """Approve the expenses of an intent that are unchanged. Refused when not one of them is."""
    return approve(EXPENSES, intent_id, by=by, origin=origin)


def approve(what: Approvable, intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> Approved:
    """Approve what an intent froze, as far as it is still so."""
    with transaction.atomic(durable=True):
        operation = Operation(by, what.approve, origin=origin)
        intent = open_intent(intent_id, user=by, action=what.approve, used_by=USED_BY)
        if hasattr(intent, "approval_batch"):
            return Approved(intent.approval_batch, _skipped_then(intent.approval_batch), repeated=True)
        lock_rows(what.model.objects.filter(pk__in=what.of_intent(intent).values("pk")))
        failpoint("approve.after_lock")
        rows = may_be_approved(what, what.of_intent(intent).filter(state=SUBMITTED, version=F("seen")), by)
        ids = list(rows.values_list("pk", flat=True))
        skipped = _skipped(what, intent, ids, by)
        if not ids:
            raise Refused("Nothing was approved.", skipped or [Refusal("none", f"No {what.noun} is selected.")])
        batch = _approve(operation, what, what.model.objects.filter(pk__in=IdSet(ids)), intent, skipped)
        failpoint("approve.after_items")
    failpoint("approve.after_commit")
    return Approved(batch, skipped)


def may_be_approved(what: Approvable, rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Those of `rows` that `user` may approve: of own jobs, and by the company's rule not written by the user."""
    mine = rows.filter(pk__in=what.managed_by(user).values("pk"))
    return mine if Company.current().author_may_approve else mine.exclude(created_by=user)


def _approve(
    operation: Operation, what: Approvable, rows: QuerySet[Any], intent: Intent, skipped: list[Refusal]
) -> ApprovalBatch:
    """The inner step: `rows` are locked and checked."""
    today = timezone.localdate(operation.at)
    number = next_number("approval_batch")
    sums = rows.aggregate(count=Count("pk", distinct=True), total=money_sum(what.amount))
    batch = ApprovalBatch.objects.create(
        number=number,
        kind=what.kind,
        created_at=operation.at,
        created_by_id=operation.by.pk,
        created_by_name=operation.by.name,
        entry_number=operation.number,
        intent=intent,
        **sums,
    )
    own = list(rows.filter(created_by=operation.by.pk).order_by("pk").values_list(what.number, flat=True))
    audit_versions(operation, what.object_type, rows)
    rows.update(batch=batch, approved_on=today, approved_by=operation.by.pk, version=F("version") + 1)
    operation.close(
        before={"batch": None, "approved_on": None, "approved_by": None},
        after={"batch": number, "approved_on": today, "approved_by": operation.by.name},
        **sums,
        **({"approved_by_their_author": own} if own else {}),
        **({"skipped": [vars(refusal) for refusal in skipped]} if skipped else {}),
    )
    return batch


def _skipped(what: Approvable, intent: Intent, chosen: list[int], by: User) -> list[Refusal]:
    """Why each other row of the window is left out: what happened to it since, or why the user may not."""
    left = what.of_intent(intent).exclude(pk__in=IdSet(chosen))
    managed = Q(pk__in=what.managed_by(by).values("pk"))
    columns = ("pk", what.number, "state", "version", "seen")
    rows = list(left.annotate(is_mine=managed).order_by("date", "pk").values_list(*columns, "is_mine")[:_NAMED])
    changes = what.last_changes([row[0] for row in rows])
    refusals = []
    for pk, number, state, version, seen, is_mine in rows:
        if not is_mine:
            code, reason = "manager", "its job is not yours any more"
        elif state != SUBMITTED or version != seen:
            code, reason = "moved", changes.get(pk, "it was changed")
        else:
            code, reason = "author", "you wrote it, and who wrote it may not approve it"
        refusals.append(Refusal(code, reason, pk, what.label(number)))
    gone = intent.count - what.of_intent(intent).count()
    return [*refusals, *([Refusal("deleted", f"{gone} of the {what.plural} were deleted")] if gone else [])]


def _skipped_then(batch: ApprovalBatch) -> list[Refusal]:
    """What the command that made the batch left out: a repeated submit gives the same answer."""
    entry = AuditEntry.objects.get(number=batch.entry_number)
    return [Refusal(**values) for values in json.loads(entry.values).get("skipped", [])]
