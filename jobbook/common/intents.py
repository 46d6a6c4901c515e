"""Snapshots of selected rows: what a confirmation window shows is exactly what its button acts on."""

import uuid
from datetime import timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from jobbook.common.errors import Refused
from jobbook.common.models import Intent, IntentItem
from jobbook.common.money import money_sum
from jobbook.common.transitions import snapshot_items

KEEP = timedelta(days=2)  # long enough that a replayed form still finds its result


class Owner(Protocol):
    """Whose window it is."""

    @property
    def pk(self) -> Any: ...


def freeze(
    *,
    user: Owner,
    action: str,
    rows: "QuerySet[Any]",
    amount: str,
    target_id: int | None = None,
    intent_id: uuid.UUID | None = None,
) -> Intent:
    """Freeze ids, versions, count and the sum of `amount` of `rows`, for 15 minutes and one use by `user`.

    A form that is confirmed by no window names its intent itself (`intent_id`).
    """
    with transaction.atomic():
        Intent.objects.filter(created_at__lt=timezone.now() - KEEP).delete()
        key = intent_id or uuid.uuid4()
        intent = Intent(id=key, user_id=user.pk, action=action, target_id=target_id, count=0, total=0)
        intent.save(force_insert=True)
        snapshot_items(intent.pk, rows)
        items = IntentItem.objects.filter(intent=intent)
        chosen = rows.model._default_manager.filter(pk__in=items.values("object_id"))
        sums = chosen.aggregate(count=Count("pk", distinct=True), total=money_sum(amount))
        Intent.objects.filter(pk=intent.pk).update(**sums)
    intent.count, intent.total = sums["count"], sums["total"]
    return intent


def frozen_rows(intent: Intent, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those of `rows` that the intent froze, as they are now."""
    return rows.filter(pk__in=IntentItem.objects.filter(intent=intent).values("object_id"))


def open_intent(intent_id: uuid.UUID | str, *, user: Owner, action: str, used_by: tuple[str, ...] = ()) -> Intent:
    """The user's own intent for this action. Refused when unknown, another's, or expired and not yet used.

    Called under the head lock. An intent that was used has an `entry_number`, or one of the relations `used_by`
    ("batch", "undone_batch"), which come along: the caller then answers with what was made the first time.
    """
    try:
        intent = Intent.objects.select_related(*used_by).get(pk=uuid.UUID(str(intent_id)))
    except (ValueError, Intent.DoesNotExist):
        raise Refused("This window is no longer known. Open it again.") from None
    if intent.user_id != user.pk or intent.action != action:
        raise Refused("This window belongs to another user or another action. Open it again.")
    used = intent.entry_number is not None or any(hasattr(intent, name) for name in used_by)
    if intent.is_expired and not used:
        raise Refused("This window was open for more than 15 minutes. Open it again to see the present numbers.")
    return intent


def mark_used(intent: Intent, entry_number: int) -> None:
    """The command with this audit entry was given with the intent: a repeated submit finds what it made."""
    Intent.objects.filter(pk=intent.pk).update(entry_number=entry_number)
