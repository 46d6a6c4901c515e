"""What happened last to objects, in words: who did it and when. For refusals and for rows that left a list."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from jobbook.common.ids import IdSet
from jobbook.common.models import AuditEntry, AuditItem


def last_entries(object_type: str, ids: Iterable[int]) -> dict[int, AuditEntry]:
    """The newest audit entry of each object that has one. Two queries, whatever the number."""
    items = AuditItem.objects.filter(object_type=object_type, object_id__in=IdSet(ids))
    newest = dict(items.order_by().values_list("object_id").annotate(entry=Max("entry_id")))
    entries = AuditEntry.objects.in_bulk(set(newest.values()))
    return {pk: entries[number] for pk, number in newest.items() if number in entries}


def last_changes(object_type: str, ids: Iterable[int], done: Mapping[str, str]) -> dict[int, str]:
    """'approved by K. Osei at 10:41 on 20 Nov 2026' for each object; `done` are the words of actions."""
    return {
        pk: f"{done.get(entry.action, 'changed')} by {entry.actor_name} {at(entry.at)}"
        for pk, entry in last_entries(object_type, ids).items()
    }


def at(moment: datetime) -> str:
    """'at 10:41 on 20 Nov 2026', in the company's zone."""
    local = timezone.localtime(moment)
    return f"at {local:%H:%M} on {local.day} {local:%b %Y}"
