"""Snapshots of a selection of invoices: what a confirmation window shows is what its button acts on."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.common.models import Intent, IntentItem
from jobbook.common.money import money_sum
from jobbook.common.transitions import snapshot_items

KEEP = timedelta(days=2)  # long enough that a replayed form still finds its result

PROCESS = "invoice.process"
UNDO = "invoice.undo"
EXPORT = "export.request"


def make_intent(
    *,
    user: User,
    action: str,
    invoices: "QuerySet[Invoice]",
    target_id: int | None = None,
    intent_id: uuid.UUID | None = None,
) -> Intent:
    """Freeze ids, versions, count and sum of `invoices` for `user` and `action`, for 15 minutes and one use.

    A form that is confirmed by no window names its intent itself (`intent_id`).
    """
    with transaction.atomic():
        Intent.objects.filter(created_at__lt=timezone.now() - KEEP).delete()
        key = intent_id or uuid.uuid4()
        intent = Intent(id=key, user_id=user.pk, action=action, target_id=target_id, count=0, total=0)
        intent.save(force_insert=True)
        snapshot_items(intent.pk, invoices)
        sums = intent_rows(intent).aggregate(count=Count("pk"), total=money_sum("total"))
        Intent.objects.filter(pk=intent.pk).update(**sums)
    intent.count, intent.total = sums["count"], sums["total"]
    return intent


def open_intent(intent_id: uuid.UUID | str, *, user: User, action: str) -> Intent:
    """The user's own intent for this action, still valid, with its batch if it was used. Refused otherwise."""
    try:
        intent = Intent.objects.select_related("batch", "undone_batch").get(pk=uuid.UUID(str(intent_id)))
    except (ValueError, Intent.DoesNotExist):
        raise Refused("This window is no longer known. Open it again.") from None
    if intent.user_id != user.pk or intent.action != action:
        raise Refused("This window belongs to another user or another action. Open it again.")
    if intent.is_expired and not (hasattr(intent, "batch") or hasattr(intent, "undone_batch")):
        raise Refused("This window was open for more than 15 minutes. Open it again to see the present numbers.")
    return intent


def intent_rows(intent: Intent) -> "QuerySet[Invoice]":
    """The invoices of an intent, as they are now."""
    return Invoice.objects.filter(pk__in=IntentItem.objects.filter(intent=intent).values("object_id"))
