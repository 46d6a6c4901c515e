"""Snapshots of a selection of invoices, for the windows that process, undo and export them."""

import uuid

from django.db.models import QuerySet

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common import intents
from jobbook.common.models import Intent

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
    return intents.freeze(
        user=user, action=action, rows=invoices, amount="total", target_id=target_id, intent_id=intent_id
    )


def open_intent(intent_id: uuid.UUID | str, *, user: User, action: str) -> Intent:
    """The user's own intent for this action, still valid, with its batch if it was used. Refused otherwise."""
    return intents.open_intent(intent_id, user=user, action=action, used_by=("batch", "undone_batch"))


def intent_rows(intent: Intent) -> "QuerySet[Invoice]":
    """The invoices of an intent, as they are now."""
    return intents.frozen_rows(intent, Invoice.objects.all())
