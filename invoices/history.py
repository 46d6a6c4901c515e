"""The history of an invoice, newest first, and the words for what is done to invoices."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobbook.common.models import AuditItem


@dataclass(frozen=True)
class Words:
    """An action in words. done: "it was processed by K. Osei"; heading: of its step in the history."""

    done: str
    heading: str


WORDS = {
    "invoice.process": Words("processed", "Processed"),
    "invoice.undo": Words("returned by an undo", "Returned to the Admin Queue: batch undone"),
    "invoice.untick": Words("unticked", "Processed unticked"),
    "invoice.paid": Words("marked paid", "Marked paid"),
    "invoice.unpaid": Words("marked not paid", "Paid cleared"),
    "invoice.edit": Words("changed", "Changed"),
    "invoice.reference": Words("given an accounting reference", "Accounting reference entered"),
    "invoice.delete": Words("deleted", "Deleted"),
    "data.import": Words("changed by an import", "Imported"),
}
_FIELDS = {
    "batch": "Batch",
    "processed_on": "Processed on",
    "paid_on": "Paid on",
    "accounting_reference": "Accounting reference",
}


def done_words(action: str) -> str:
    """'processed': an audit action as the past participle of a sentence."""
    return WORDS[action].done if action in WORDS else "changed"


@dataclass(frozen=True)
class Change:
    """A field before and after, as text; '' for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One command on the invoice."""

    number: int
    at: datetime
    by: str
    what: str
    reason: str
    version: int | None
    changes: list[Change]


def history(invoice_id: int, *, limit: int = 200) -> Iterator[Step]:
    """What was done to an invoice: one query, the newest step first."""
    items = AuditItem.objects.filter(object_type="invoice", object_id=invoice_id).select_related("entry")
    for item in items.order_by("-entry_id", "-id")[:limit]:
        entry = item.entry
        common = json.loads(entry.values or "{}")
        before = {**(common.get("before") or {}), **_loaded(item.before)}
        after = {**(common.get("after") or {}), **_loaded(item.after)}
        what = WORDS[entry.action].heading if entry.action in WORDS else entry.action
        yield Step(
            entry.number, entry.at, entry.actor_name, what, entry.reason, item.version_after, _changes(before, after)
        )


def _loaded(text: str) -> dict[str, Any]:
    loaded = json.loads(text) if text else {}
    return loaded if isinstance(loaded, dict) else {}


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        Change(_FIELDS.get(name, name.replace("_", " ").capitalize()), _text(before.get(name)), _text(after.get(name)))
        for name in names
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
