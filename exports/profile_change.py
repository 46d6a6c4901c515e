"""Changing how a format's files are written: settings and mappings, compared and audited line by line."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from exports.formats import get_format
from exports.formats.base import Format
from exports.formats.profile import Kind, Mapped
from exports.models import ProfileEntry
from exports.profile_rules import refusals_of
from jobbook.common.audit import NOWHERE, Actor, Operation, Origin, canonical
from jobbook.common.errors import Refusal, Refused
from jobbook.common.last_change import last_changes
from jobbook.common.models import AuditItem

ENTRY = "profile_entry"  # object_type of audit items
_MOVED = "moved"
_COLUMNS = ("theirs", "account", "extra")
_BATCH = 500  # rows of one statement


@dataclass(frozen=True, slots=True)
class Wish:
    """What an entry shall be. seen: the fingerprint of what the user saw there; "" compares nothing."""

    wanted: Mapped
    seen: str = ""


def fingerprint(mapped: Mapped) -> str:
    """Stands in a form for what it was filled with: equal only for equal entries."""
    return hashlib.sha256(canonical([mapped.theirs, mapped.account, mapped.extra]).encode()).hexdigest()[:16]


def change_entries(slug: str, kind: Kind, wishes: Mapping[str, Wish], *, by: Actor, origin: Origin = NOWHERE) -> int:
    """Give settings or names of a format other values, by the name of ours; how many changed.

    An empty mapping goes by our own name again. What the user left as it was seen stays as it is now. Refused, with
    every reason, for what cannot stand, and where another changed meanwhile what this user changed too (code "moved").
    Runs asked for before keep the values they were asked with.
    """
    format_ = get_format(slug)
    refusals = [
        Refusal(column, reason, label=ours)
        for ours, wish in wishes.items()
        for column, reason in refusals_of(format_, kind, ours, wish.wanted)
    ]
    if refusals:
        raise Refused("Nothing was changed.", refusals)
    with transaction.atomic(durable=True):
        operation = Operation(by, "profile.change", origin=origin)
        rows = ProfileEntry.objects.filter(format=slug, kind=kind).order_by("pk").select_for_update()
        changes = list(_changes(format_, kind, wishes, {row.ours: row for row in rows}))
        if moved := [change for change in changes if change.is_moved]:
            raise Refused("Nothing was changed.", _moved(moved))
        if changes:
            _write(changes, operation)
            operation.close(format=slug, kind=str(kind))
    return len(changes)


@dataclass(frozen=True)
class _Change:
    row: ProfileEntry  # unsaved when there was none
    before: Mapped
    wish: Wish

    @property
    def is_moved(self) -> bool:
        return self.wish.seen not in ("", fingerprint(self.before))


def _changes(
    format_: Format, kind: Kind, wishes: Mapping[str, Wish], present: Mapping[str, ProfileEntry]
) -> Iterator[_Change]:
    """What differs from what is there and was touched by the user, in one order for all."""
    defaults = {each.name: each.default for each in format_.settings} if kind == Kind.SETTING else {}
    for ours, wish in sorted(wishes.items()):
        row = present.get(ours) or ProfileEntry(format=format_.slug, kind=kind, ours=ours)
        before = Mapped(row.theirs, row.account, row.extra) if row.pk else Mapped(defaults.get(ours, ""))
        if wish.wanted != before and fingerprint(wish.wanted) != wish.seen:
            yield _Change(row, before, wish)


def _write(changes: list[_Change], operation: Operation) -> None:
    """A row that says nothing any more stays: its history hangs on it."""
    for change in changes:
        wanted = change.wish.wanted
        change.row.theirs, change.row.account, change.row.extra = wanted.theirs, wanted.account, wanted.extra
    there = [change.row for change in changes if change.row.pk]
    ProfileEntry.objects.bulk_update(there, _COLUMNS, batch_size=_BATCH)
    ProfileEntry.objects.bulk_create([change.row for change in changes if not change.row.pk], batch_size=_BATCH)
    items = [
        operation.item(
            ENTRY,
            change.row.pk,
            before=_plain(change.before),
            after={"ours": change.row.ours, **_plain(change.wish.wanted)},
        )
        for change in changes
    ]
    AuditItem.objects.bulk_create(items, batch_size=_BATCH)


def _moved(changes: list[_Change]) -> list[Refusal]:
    who = last_changes(ENTRY, [change.row.pk for change in changes if change.row.pk], {})
    return [
        Refusal(
            _MOVED,
            f"it was {who.get(change.row.pk, 'changed')} since the page was opened",
            change.row.pk,
            change.row.ours,
        )
        for change in changes
    ]


def _plain(mapped: Mapped) -> dict[str, str]:
    return {name: value for name in _COLUMNS if (value := getattr(mapped, name))}
