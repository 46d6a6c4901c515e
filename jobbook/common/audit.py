"""The audit chain: one entry per command, one item per object, each entry's hash covering the one before.

Order within a command's transaction: lock the head, write the items with the number head + 1 (by INSERT .. SELECT
where there are many), then call `Operation.close`, which reads the items back for their digest and writes the entry.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from django.db import connection
from django.db.models import DateTimeField, Func, Max

from jobbook.common.models import AuditEntry, AuditItem, Counter, LedgerHead

FORMAT = 1


class Actor(Protocol):
    """Whoever acts: a user, or the command line."""

    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> str: ...

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class CommandLine:
    """The actor of a command run without --by, and of imports."""

    pk: int | None = None
    name: str = "command line"
    role: str = ""


@dataclass(frozen=True)
class Origin:
    """The request a command came with."""

    request_id: str = ""
    client_address: str = ""


NOWHERE = Origin()  # of commands that came with no request


@dataclass
class Operation:
    """One user action. Open it after `atomic` begins: it locks the ledger head, so commands are in one order."""

    by: Actor
    action: str
    reason: str = ""
    origin: Origin = NOWHERE
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    head: LedgerHead = field(init=False)  # with .clock
    at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.head = lock_head()
        self.at = self.head.clock

    @property
    def number(self) -> int:
        """The number of the entry this operation will write."""
        return self.head.number + 1

    def item(
        self,
        object_type: str,
        object_id: int,
        *,
        versions: tuple[int | None, int | None] = (None, None),
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> AuditItem:
        """An unsaved item of this operation; save many with `bulk_create`."""
        return AuditItem(
            entry_id=self.number,
            object_type=object_type,
            object_id=object_id,
            version_before=versions[0],
            version_after=versions[1],
            before=canonical(before) if before else "",
            after=canonical(after) if after else "",
        )

    def close(self, **values: Any) -> AuditEntry:
        """Write the entry over the items written so far. `values` hold for all of them."""
        count, digest = items_digest(self.number)
        entry = AuditEntry(
            number=self.number,
            at=self.at,
            operation=self.id,
            actor_id=self.by.pk,
            actor_name=self.by.name,
            actor_role=self.by.role,
            action=self.action,
            reason=self.reason,
            request_id=self.origin.request_id,
            client_address=self.origin.client_address,
            values=canonical(values),
            item_count=count,
            items_digest=digest,
            format=FORMAT,
            previous_hash=self.head.hash,
        )
        entry.hash = entry_hash(entry)
        entry.save(force_insert=True)
        LedgerHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
        self.head = LedgerHead(number=entry.number, hash=entry.hash)
        return entry


class _Clock(Func):
    """The database's clock, read when the row is: on PostgreSQL after a lock was waited for."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')", []


def lock_head() -> LedgerHead:
    """Lock the ledger head until the transaction ends; its `clock` is the database's time. Only inside `atomic`."""
    if not connection.in_atomic_block:
        raise RuntimeError("The ledger head is locked inside a transaction only.")
    heads = LedgerHead.objects.select_for_update().annotate(clock=_Clock())  # type: ignore[no-redef]
    head = heads.filter(pk=1).first()
    if head is None:
        LedgerHead.objects.bulk_create([LedgerHead(pk=1)], ignore_conflicts=True)
        head = heads.get(pk=1)
    return head


def next_number(series: str) -> int:
    """The next number of a counter, from 1. Under the head lock, so numbers are in order of commit, without gaps."""
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (series, last) VALUES (%s, 1)"  # noqa: S608 - our own table's name
            f" ON CONFLICT (series) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no blanks, dates and Decimals as text."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def items_digest(number: int) -> tuple[int, str]:
    """How many items entry `number` has, and the SHA-256 over all their columns in order of object."""
    digest = hashlib.sha256()
    count = 0
    rows = AuditItem.objects.filter(entry_id=number).order_by("object_type", "object_id", "id")
    columns = ("object_type", "object_id", "version_before", "version_after", "before", "after")
    for row in rows.values_list(*columns).iterator(chunk_size=5000):
        digest.update(_item_line(row).encode())
        count += 1
    return count, digest.hexdigest()


def _item_line(row: tuple[Any, ...]) -> str:
    """The canonical text of an item's columns. Bulk items hold nothing but a type and three numbers: these need no
    encoder, which matters for ten thousand of them.
    """
    object_type, object_id, version_before, version_after, before, after = row
    if before or after or version_before is None or version_after is None:
        return canonical(row) + "\n"
    return f'[{_quoted(object_type)},{object_id},{version_before},{version_after},"",""]\n'


@lru_cache(maxsize=64)
def _quoted(word: str) -> str:
    return canonical(word)


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over every column of the entry but the hash itself."""
    columns = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "operation": str(entry.operation),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "actor_role": entry.actor_role,
        "action": entry.action,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "client_address": entry.client_address,
        "values": entry.values,
        "item_count": entry.item_count,
        "items_digest": entry.items_digest,
        "format": entry.format,
        "previous_hash": entry.previous_hash,
    }
    return hashlib.sha256(canonical(columns).encode()).hexdigest()


def verify() -> list[str]:
    """Every break of the chain, in words: an empty list means it is whole from the first entry to the head."""
    broken: list[str] = []
    previous, expected = "", 1
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            broken.append(f"audit entry {expected} is missing")
        if entry.previous_hash != previous:
            broken.append(f"audit entry {entry.number} does not follow the one before")
        if entry.hash != entry_hash(entry):
            broken.append(f"audit entry {entry.number} was changed")
        if (entry.item_count, entry.items_digest) != items_digest(entry.number):
            broken.append(f"the items of audit entry {entry.number} were changed")
        previous, expected = entry.hash, entry.number + 1
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead(number=0, hash="")
    if (head.number, head.hash) != (expected - 1, previous):
        broken.append(f"the ledger head names entry {head.number}, the chain ends at {expected - 1}")
    newest = AuditItem.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    if newest > head.number:
        broken.append(f"there are audit items of entry {newest}, after the head {head.number}")
    return broken
