"""What was done to the settings or one mapping of a format, newest first, as the history of a page."""

import json
from itertools import groupby

from exports.formats.profile import Kind
from exports.models import ProfileEntry
from exports.profile_change import ENTRY
from jobbook.common.history import Change, Step
from jobbook.common.ids import IdSet
from jobbook.common.models import AuditItem

_MOST = 200  # lines that the page shows
_OF_STEP = 20  # lines of one command
_WORDS = {"profile.change": "Changed", "data.import": "Imported"}


def profile_history(slug: str, kind: Kind, labels: dict[str, str]) -> list[Step]:
    """labels: what the page calls ours, by key. Two queries."""
    rows = dict(ProfileEntry.objects.filter(format=slug, kind=kind).values_list("pk", "ours"))
    names = {pk: labels.get(ours, ours) for pk, ours in rows.items()}
    items = AuditItem.objects.filter(object_type=ENTRY, object_id__in=IdSet(names)).select_related("entry")
    newest = items.order_by("-entry_id", "id")[:_MOST]
    return [_step(list(group), names) for _, group in groupby(newest, key=lambda item: item.entry_id)]


def _step(items: list[AuditItem], names: dict[int, str]) -> Step:
    entry = items[0].entry
    changes = [_change(item, names[item.object_id]) for item in items[:_OF_STEP]]
    if entry.item_count > len(changes) and entry.action == "profile.change":
        changes.append(Change(f"and {entry.item_count - len(changes)} more", "", "in the same save"))
    what = _WORDS.get(entry.action, entry.action)
    return Step(entry.number, entry.at, entry.actor_name, what, entry.reason, None, changes)


def _change(item: AuditItem, name: str) -> Change:
    before, after = (_text(json.loads(text)) if text else "" for text in (item.before, item.after))
    return Change(name, before, after)


def _text(values: dict[str, str]) -> str:
    """'Work in the field, account 4010': what an entry says."""
    account = f"account {values['account']}" if values.get("account") else ""
    return ", ".join(filter(None, [values.get("theirs"), account, values.get("extra")]))
