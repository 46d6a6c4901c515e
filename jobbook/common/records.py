"""Making and changing the records that forms keep (clients, jobs, items ..): one command for all of them.

Lock, compare the version the user saw, write only what differs, audit the difference. Rows that belong to a record
(taxes of a job, lines of a rate sheet) are given whole, and compared by their key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditItem
from jobbook.common.transitions import lock_rows
from jobbook.common.versioned import Versioned

Record = TypeVar("Record", bound=Versioned)


@dataclass(frozen=True)
class Part:
    """The rows of `model` that belong to a record by their field `parent`. key: the field that names a row in it.

    rows: the field values of every row, in order; what is there and not among them goes.
    """

    name: str
    model: type[models.Model]
    parent: str
    key: str
    rows: Sequence[Mapping[str, Any]]


@dataclass
class Difference:
    """Changed fields as the audit keeps them."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def note(self, name: str, old: Any, new: Any) -> None:
        if old != new:
            self.before[name], self.after[name] = _plain(old), _plain(new)


def make_record(
    record: Record, *, noun: str, parts: Sequence[Part] = (), by: Actor, origin: Origin = NOWHERE
) -> Record:
    """Save a new record with its parts. noun: the object type in the audit; the action is "<noun>.create"."""
    with transaction.atomic(durable=True):
        operation = Operation(by, f"{noun}.create", origin=origin)
        record.save(force_insert=True)
        difference = Difference()
        for each in record._meta.concrete_fields:
            value = getattr(record, each.name)
            if not each.primary_key and each.name != "version" and value not in (None, "", each.get_default()):
                difference.note(each.name, None, value)
        for part in parts:
            _write_part(record, part, difference)
        operation.item(noun, record.pk, versions=(None, record.version), after=difference.after).save(force_insert=True)
        operation.close()
    return record


def change_record(
    model: type[Record],
    pk: int,
    values: Mapping[str, Any],
    *,
    noun: str,
    version: int,
    parts: Sequence[Part] = (),
    by: Actor,
    origin: Origin = NOWHERE,
) -> Record:
    """Put `values` (fields by name) and parts onto a record. Nothing is written, and no version raised, if all are
    as they were. Refused when the record is no longer at `version`, naming who changed it; the action is
    "<noun>.change".
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, f"{noun}.change", origin=origin)
        rows = model._default_manager.filter(pk=pk)
        lock_rows(rows)
        record = rows.get()
        if record.version != version:
            raise Refused(f"{record} was not changed.", [changed_since(noun, pk, str(record), version)])
        difference = Difference()
        for name, value in values.items():
            difference.note(name, getattr(record, name), value)
            setattr(record, name, value)
        changed = list(difference.after)
        for part in parts:
            _write_part(record, part, difference)
        if difference.after or difference.before:
            record.version += 1
            record.save(update_fields=[*changed, "version"])
            versions = (version, record.version)
            item = operation.item(noun, pk, versions=versions, before=difference.before, after=difference.after)
            item.save(force_insert=True)
            operation.close()
    return record


def changed_since(noun: str, pk: int, label: str, version: int) -> Refusal:
    """Who changed a record after the version the user saw."""
    items = AuditItem.objects.filter(object_type=noun, object_id=pk, version_after__gt=version)
    newest = items.select_related("entry").order_by("-entry_id").first()
    if newest is None:
        return Refusal("moved", "it was changed since the page was opened", pk, label)
    moment = timezone.localtime(newest.entry.at)
    who = f"{newest.entry.actor_name} at {moment:%H:%M} on {moment.day} {moment:%b %Y}"
    return Refusal("moved", f"it was changed by {who} since the page was opened", pk, label)


def _write_part(record: Versioned, part: Part, difference: Difference) -> None:
    """Rows of equal key are changed in place, since others may refer to them; new ones are made, missing ones go."""
    manager = part.model._default_manager
    present = {getattr(row, part.key): row for row in manager.filter(**{part.parent: record})}
    before = [_words(part, row) for row in present.values()]
    wanted = {row[part.key]: row for row in part.rows}
    for key in present.keys() - wanted.keys():
        try:
            present[key].delete()
        except ProtectedError as error:
            raise Refused(f"{record} was not changed.", [Refusal("used", f"{key} is in use and stays")]) from error
    kept = []
    for key, values in wanted.items():
        row = present.get(key) or part.model(**{part.parent: record})
        moved = row._state.adding or any(getattr(row, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(row, name, value)
        if moved:
            row.save()
        kept.append(row)
    difference.note(part.name, sorted(before), sorted(_words(part, row) for row in kept))


def _words(part: Part, row: models.Model) -> str:
    """A row as the audit keeps it: its values but for its key to the record."""
    names = [each.name for each in row._meta.concrete_fields if not each.primary_key and each.name != part.parent]
    values = [_plain(getattr(row, name)) for name in names]
    return ", ".join(str(value) for value in values if value not in (None, ""))


def _plain(value: Any) -> Any:
    """What JSON and a reader can take: related rows by their name."""
    return str(value) if isinstance(value, models.Model) else value
