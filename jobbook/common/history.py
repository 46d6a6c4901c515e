"""The history of any object, newest first, in words: what the audit log says about it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobbook.common.ids import IdSet
from jobbook.common.models import AuditItem


@dataclass(frozen=True)
class Change:
    """A field before and after, as text; '' for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One command on the object."""

    number: int
    at: datetime
    by: str
    what: str
    reason: str
    version: int | None
    changes: list[Change]


def history(
    object_type: str, object_id: int, *, words: Mapping[str, str], labels: Mapping[str, str], limit: int = 200
) -> Iterator[Step]:
    """What was done to an object: one query, the newest step first. words: of actions; labels: of fields."""
    items = AuditItem.objects.filter(object_type=object_type, object_id=object_id).select_related("entry")
    for item in items.order_by("-entry_id", "-id")[:limit]:
        yield _step(item, words, labels)


def histories(
    object_type: str, object_ids: Iterable[int], *, words: Mapping[str, str], labels: Mapping[str, str]
) -> dict[int, list[Step]]:
    """What was done to each of many objects: one query, the newest step first."""
    items = AuditItem.objects.filter(object_type=object_type, object_id__in=IdSet(object_ids)).select_related("entry")
    found: dict[int, list[Step]] = defaultdict(list)
    for item in items.order_by("-entry_id", "-id"):
        found[item.object_id].append(_step(item, words, labels))
    return found


def _step(item: AuditItem, words: Mapping[str, str], labels: Mapping[str, str]) -> Step:
    entry = item.entry
    common = json.loads(entry.values or "{}")
    before = {**(common.get("before") or {}), **_loaded(item.before)}
    after = {**(common.get("after") or {}), **_loaded(item.after)}
    what = words.get(entry.action, entry.action)
    changes = _changes(before, after, labels)
    return Step(entry.number, entry.at, entry.actor_name, what, entry.reason, item.version_after, changes)


def _loaded(text: str) -> dict[str, Any]:
    loaded = json.loads(text) if text else {}
    return loaded if isinstance(loaded, dict) else {}


def _changes(before: dict[str, Any], after: dict[str, Any], labels: Mapping[str, str]) -> list[Change]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        Change(labels.get(name, name.replace("_", " ").capitalize()), _text(before.get(name)), _text(after.get(name)))
        for name in names
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items())
    return "" if value is None else str(value)
