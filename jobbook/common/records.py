"""Making and changing the records that forms keep (clients, jobs, items ..): one command for all of them.

Lock, compare the version the user saw, write only what differs, audit the difference. Rows that belong to a record
(taxes of a job, lines of a rate sheet) are given whole, and compared by their key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.last_change import at
from jobbook.common.models import AuditItem
from jobbook.common.transitions import lock_rows
from jobbook.common.versioned import Versioned

Record = TypeVar("Record", bound=Versioned)

_NOT_AUDITED = {"version", "password"}


@dataclass(frozen=True)
class Part:
    """The rows of `model` that belong to a record by their field `parent`. key: the field that names a row in it.

    rows: the field values of every row, in order; what is there and not among them goes. A row whose key is None is
    a new one, for keys that the database gives ("id"). No key may stand twice.
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

    def note_rows(self, name: str, old: list[str], new: list[str]) -> None:
        """The rows that went and those that came; all of them where only their order changed."""
        gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
        if gone or come:
            self.note(name, gone, come)
        else:
            self.note(name, old, new)


Check = Callable[[Any, Difference], Iterable[Refusal]]


def nothing_against(record: Any, difference: Difference) -> Iterable[Refusal]:
    """The check of records that no rule locks."""
    return ()


def make_record(
    record: Record, *, noun: str, parts: Sequence[Part] = (), by: Actor, origin: Origin = NOWHERE
) -> Record:
    """Save a new record with its parts. noun: the object type in the audit; the action is "<noun>.create".

    Refused when something that may stand once (a number, a name) was taken meanwhile.
    """
    label = str(record)
    try:
        with transaction.atomic(durable=True):
            operation = Operation(by, f"{noun}.create", origin=origin)
            record.save(force_insert=True)
            difference = Difference()
            for each in record._meta.concrete_fields:
                value = getattr(record, each.name)
                if not _is_default(each, value):
                    difference.note(each.name, None, value)
            for part in parts:
                _write_part(record, part, difference)
            item = operation.item(noun, record.pk, versions=(None, record.version), after=difference.after)
            item.save(force_insert=True)
            operation.close()
    except IntegrityError as error:
        raise _taken(error, label, "made") from error
    return record


def change_record(
    model: type[Record],
    pk: int,
    values: Mapping[str, Any],
    *,
    noun: str,
    version: int,
    parts: Sequence[Part] = (),
    check: Check = nothing_against,
    by: Actor,
    origin: Origin = NOWHERE,
) -> Record:
    """Put `values` (fields by name) and parts onto a record. Nothing is written, and no version raised, if all are
    as they were. Refused when the record is no longer at `version`, naming who changed it, and for what `check` names
    when it is given the locked record with its new values and their difference. The action is "<noun>.change".
    """
    label = str(model._default_manager.get(pk=pk))
    try:
        with transaction.atomic(durable=True):
            operation = Operation(by, f"{noun}.change", origin=origin)
            record, difference = _locked(model, pk, noun, version), Difference()
            for name, value in values.items():
                difference.note(name, getattr(record, name), value)
                setattr(record, name, value)
            if refusals := list(check(record, difference)):
                raise Refused(f"{label} was not changed.", refusals)
            changed = list(difference.after)
            for part in parts:
                _write_part(record, part, difference)
            if difference.after:
                _write(record, changed, difference, operation, noun)
    except IntegrityError as error:
        raise _taken(error, label, "changed") from error
    return record


def _locked(model: type[Record], pk: int, noun: str, version: int) -> Record:
    rows = model._default_manager.filter(pk=pk)
    lock_rows(rows)
    record = rows.get()
    if record.version != version:
        raise Refused(f"{record} was not changed.", [changed_since(noun, pk, str(record), version)])
    return record


def _write(record: Versioned, changed: list[str], difference: Difference, operation: Operation, noun: str) -> None:
    record.version += 1
    record.save(update_fields=[*changed, "version"])
    versions = (record.version - 1, record.version)
    item = operation.item(noun, record.pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
    operation.close()


def _taken(error: IntegrityError, label: str, done: str) -> Exception:
    """Forms look for what is taken; this is for two people at the same moment, and rows that swap their names."""
    if "unique" not in str(error).lower():
        return error
    reason = "a number or name that may stand once was taken meanwhile, or stands in two rows of it"
    return Refused(f"{label} was not {done}.", [Refusal("taken", reason)])


def changed_since(noun: str, pk: int, label: str, version: int) -> Refusal:
    """Who changed a record after the version the user saw."""
    items = AuditItem.objects.filter(object_type=noun, object_id=pk, version_after__gt=version)
    newest = items.select_related("entry").order_by("-entry_id").first()
    if newest is None:
        return Refusal("moved", "it was changed since the page was opened", pk, label)
    who = f"{newest.entry.actor_name} {at(newest.entry.at)}"
    return Refusal("moved", f"it was changed by {who} since the page was opened", pk, label)


def _write_part(record: Versioned, part: Part, difference: Difference) -> None:
    """Rows of equal key are changed in place, since others may refer to them; new ones are made, missing ones go."""
    related = [each.name for each in part.model._meta.fields if each.is_relation and each.name != part.parent]
    rows = part.model._default_manager.filter(**{part.parent: record}).select_related(*related)
    present = {getattr(row, part.key): row for row in rows}
    before = _words(part, present.values())
    wanted = {values[part.key] for values in part.rows}
    for key, row in present.items():
        if key not in wanted:
            _delete(record, row)
    kept = [_put(record, part, present.get(values[part.key]), values) for values in part.rows]
    difference.note_rows(part.name, before, _words(part, kept))


def _delete(record: Versioned, row: models.Model) -> None:
    try:
        row.delete()
    except ProtectedError as error:
        users = sorted(map(str, error.protected_objects))
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        reason = f"it stays, because it is used by {', '.join(users[:3])}{more}"
        raise Refused(f"{record} was not changed.", [Refusal("used", reason, row.pk, str(row))]) from error


def _put(record: Versioned, part: Part, row: models.Model | None, values: Mapping[str, Any]) -> models.Model:
    """The row with these values, saved if it is new or differs."""
    kept = row or part.model(**{part.parent: record})
    if row is None or any(getattr(kept, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save(force_insert=row is None)  # a given id may be that of a row elsewhere
    return kept


def _words(part: Part, rows: Iterable[models.Model]) -> list[str]:
    """Rows as the audit keeps them, in order where they have one: their values but for key and place in the record."""
    skipped = {part.parent, "position"}
    fields = [each for each in part.model._meta.concrete_fields if not each.primary_key and each.name not in skipped]
    found = []
    for row in rows:
        texts = [_word(each, getattr(row, each.name)) for each in fields]
        found.append((getattr(row, "position", 0), ", ".join(filter(None, texts))))
    return [words for _, words in sorted(found)]


def _word(field: Any, value: Any) -> str:
    """A value of a row; numbers with their field's name, or nobody knows which is which."""
    if value in (None, ""):
        return ""
    return f"{field.verbose_name} {_plain(value)}" if isinstance(value, Decimal) else str(_plain(value))


def _is_default(field: Any, value: Any) -> bool:
    return field.primary_key or field.name in _NOT_AUDITED or value in (None, "", field.get_default())


def _plain(value: Any) -> Any:
    """What JSON and a reader can take: related rows by their name, numbers with two decimals or four."""
    if isinstance(value, Decimal):
        return f"{value:.4f}".removesuffix("00")
    return str(value) if isinstance(value, models.Model) else value
