"""Undo Last Process Batch: every invoice still in the batch returns to the Admin Queue, or none does."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from invoices.intents import UNDO, make_intent, open_intent
from invoices.models import BatchKind, Invoice, ProcessBatch, Queue
from invoices.refusals import last_change
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.models import AuditItem, Intent, IntentItem
from jobbook.common.money import money_sum
from jobbook.common.transitions import audit_versions, lock_rows

_SHOWN = 200  # refusals named one by one


@dataclass(frozen=True)
class UndoOffer:
    """What the undo button shows: the batch, what is still in it (count, sum), and how much of that hinders the undo.

    moved: invoices to which something happened since; paid: those of them that are paid. `hindrances` names them.
    """

    batch: ProcessBatch | None
    count: int = 0
    total: Decimal = Decimal("0.00")
    moved: int = 0
    paid: int = 0

    @property
    def reason(self) -> str:
        """Why the button is off, or ''."""
        if self.batch is None:
            return "No batch to undo"
        if not self.moved:
            return ""
        many = f"{self.paid:,} paid invoices" if self.paid else "an invoice changed since"
        what = "a paid invoice" if self.paid == 1 else many
        return f"Batch #{self.batch.number} has {what}"


@dataclass(frozen=True)
class Undone:
    batch: ProcessBatch
    count: int
    repeated: bool = False


def undo_offer() -> UndoOffer:
    """The newest live bulk batch, whoever made it. Three queries, whatever happened to it: every backlog shows it."""
    batch = ProcessBatch.objects.newest_undoable()
    if batch is None:
        return UndoOffer(None)
    paid = Count("pk", filter=Q(queue=Queue.PAID))
    sums = batch.invoices.aggregate(count=Count("pk"), total=money_sum("total"), paid=paid)
    return UndoOffer(batch, moved=sums["count"] - _untouched(batch), **sums)


def _untouched(batch: ProcessBatch) -> int:
    """How many invoices are as the batch left them.

    Asked from the batch's audit items, which lie together: from each invoice it would be a search for its item.
    """
    left = Invoice.objects.filter(
        pk=OuterRef("object_id"), batch=batch, queue=Queue.PROCESSED, version=OuterRef("version_after")
    )
    items = AuditItem.objects.filter(entry_id=batch.entry_number, object_type="invoice")
    return items.filter(Exists(left)).count()


def hindrances(batch: ProcessBatch) -> list[Refusal]:
    """The invoices still in the batch to which something happened since, each with its reason and the way out."""
    moved = (
        _with_after(batch).exclude(queue=Queue.PROCESSED, version=F("after")).order_by("invoice_date", "number", "pk")
    )
    refusals = []
    for row in moved[:_SHOWN]:
        if row.paid_on:
            reason = f"{last_change(row)}; clear Paid on its page, then untick Processed there"
            refusals.append(Refusal("paid", reason, row.pk, row.number))
        else:
            reason = f"{last_change(row)}; untick Processed on its page to take it out of the batch"
            refusals.append(Refusal("changed", reason, row.pk, row.number))
    return refusals


def undo_intent(*, user: User, batch: ProcessBatch) -> Intent:
    """What an undo window shows: the batch it names, and the invoices still in it."""
    return make_intent(user=user, action=UNDO, invoices=batch.invoices.all(), target_id=batch.pk)


def undo_batch(intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> Undone:
    """Return the invoices of the window's batch to the Admin Queue. Refused, changing nothing, if any cannot."""
    with transaction.atomic(durable=True):
        operation = Operation(by, UNDO, origin=origin)
        intent = open_intent(intent_id, user=by, action=UNDO)
        if hasattr(intent, "undone_batch"):
            return Undone(intent.undone_batch, intent.count, repeated=True)
        newest = ProcessBatch.objects.newest_undoable()
        is_newest = newest is not None and newest.pk == intent.target_id
        batch = newest if newest and is_newest else ProcessBatch.objects.get(pk=intent.target_id or 0)
        rows = Invoice.objects.filter(batch=batch)
        lock_rows(rows)
        failpoint("undo.after_lock")
        processed_on = _check(batch, intent, is_newest=is_newest)
        audit_versions(operation, "invoice", rows)
        rows.update(batch=None, processed_on=None, version=F("version") + 1)
        failpoint("undo.after_items")
        entry = operation.close(
            before={"batch": batch.number, "processed_on": processed_on},
            after={"batch": None, "processed_on": None},
            count=intent.count,
            total=intent.total,
        )
        ProcessBatch.objects.filter(pk=batch.pk).update(
            undone_at=operation.at, undone_by_name=by.name, undo_entry_number=entry.number, undo_intent=intent
        )
    failpoint("undo.after_commit")
    return Undone(batch, intent.count)


def _check(batch: ProcessBatch, intent: Intent, *, is_newest: bool) -> date:
    """Refused unless the whole batch can go back as the window showed it; the day it was processed on."""
    if batch.undone_at:
        raise Refused(f"Batch #{batch.number} was already undone by {batch.undone_by_name}.")
    if batch.kind != BatchKind.BULK:
        raise Refused(f"Batch #{batch.number} is not a bulk batch; untick its invoices on their own pages.")
    if not is_newest:
        raise Refused(f"Batch #{batch.number} is not the last batch any more.")
    seen = IntentItem.objects.filter(intent=intent, object_id=OuterRef("pk")).values("version")[:1]
    now = (
        _with_after(batch)
        .annotate(seen=Subquery(seen))
        .aggregate(
            count=Count("pk"),
            untouched=Count("pk", filter=Q(queue=Queue.PROCESSED, version=F("after"))),
            as_seen=Count("pk", filter=Q(version=F("seen"))),
            day=Min("processed_on"),
        )
    )
    if now["untouched"] != now["count"]:
        raise Refused(f"Batch #{batch.number} was not undone.", hindrances(batch))
    if now["count"] != intent.count or now["as_seen"] != intent.count:
        raise Refused(
            f"Batch #{batch.number} changed since the window opened. Open it again to see the present numbers."
        )
    day: date = now["day"]
    return day


def _with_after(batch: ProcessBatch) -> "QuerySet[Invoice]":
    """The invoices still in the batch, each with the version the batch left it at and its newest audit entry."""
    items = AuditItem.objects.filter(object_type="invoice", object_id=OuterRef("pk"))
    after = items.filter(entry_id=batch.entry_number).values("version_after")[:1]
    newest = items.order_by("-entry_id").values("entry_id")[:1]
    return Invoice.objects.filter(batch=batch).annotate(after=Subquery(after), last_entry=Subquery(newest))
