"""Changing how a format's files are written: settings and mappings, audited line by line."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from exports.formats import get_format
from exports.formats.profile import Kind, Mapped
from exports.models import ProfileEntry
from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refusal, Refused

ENTRY = "profile_entry"  # object_type of audit items


def change_settings(slug: str, values: Mapping[str, str], *, by: Actor, origin: Origin = NOWHERE) -> int:
    """Give settings of a format these values; how many changed. Refused for what a setting cannot be, each named.

    Runs asked for before keep the values they were asked with.
    """
    settings = {each.name: each for each in get_format(slug).settings}
    refusals = [
        Refusal("setting", reason, label=settings[name].label if name in settings else name)
        for name, value in values.items()
        if (reason := settings[name].refusal(value) if name in settings else "there is no such setting")
    ]
    if refusals:
        raise Refused("Nothing was changed.", refusals)
    entries = {name: Mapped(value) for name, value in values.items()}
    defaults = {name: each.default for name, each in settings.items()}
    return _change(slug, Kind.SETTING, entries, defaults, by=by, origin=origin)


def change_mapping(slug: str, kind: Kind, entries: Mapping[str, Mapped], *, by: Actor, origin: Origin = NOWHERE) -> int:
    """Map clients, items, taxes or terms of ours; an empty entry goes by our own name again. How many changed."""
    if kind not in get_format(slug).maps:
        raise Refused(f"{get_format(slug).label} takes our own names of this kind.")
    return _change(slug, kind, entries, {}, by=by, origin=origin)


def _change(
    slug: str,
    kind: Kind,
    entries: Mapping[str, Mapped],
    defaults: Mapping[str, str],
    *,
    by: Actor,
    origin: Origin,
) -> int:
    """Only what differs is written and audited. What is as by default needs no row."""
    changed = 0
    with transaction.atomic(durable=True):
        operation = Operation(by, "profile.change", origin=origin)
        rows = ProfileEntry.objects.filter(format=slug, kind=kind, ours__in=entries)
        present = {row.ours: row for row in rows.select_for_update()}
        for ours, wanted in sorted(entries.items()):
            row = present.get(ours)
            before = Mapped(row.theirs, row.account, row.extra) if row else Mapped(defaults.get(ours, ""))
            if before != wanted:
                pk = _write(slug, kind, ours, row, wanted)
                operation.item(ENTRY, pk, before=_plain(before), after={"ours": ours, **_plain(wanted)}).save()
                changed += 1
        if changed:
            operation.close(format=slug, kind=str(kind))
    return changed


def _write(slug: str, kind: Kind, ours: str, row: ProfileEntry | None, wanted: Mapped) -> int:
    row = row or ProfileEntry(format=slug, kind=kind, ours=ours)
    row.theirs, row.account, row.extra = wanted.theirs, wanted.account, wanted.extra
    if row.pk and wanted == Mapped() and kind != Kind.SETTING:
        pk = row.pk
        row.delete()
        return pk
    row.save()
    return row.pk


def _plain(mapped: Mapped) -> dict[str, Any]:
    return {name: value for name in ("theirs", "account", "extra") if (value := getattr(mapped, name))}
