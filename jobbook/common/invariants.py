"""What must always hold, as checks that name each violation: `manage.py check_invariants` runs them all.

Each app lists its own in `invariants.py`. A check reads only, in a few set-based statements, and yields one
sentence per violated row; tests/test_invariants.py plants each fault and sees it found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jobbook.common import audit, triggers
from jobbook.common.models import Counter


@dataclass(frozen=True)
class Invariant:
    """`promise` is what holds; `violations` yields a sentence for each row where it does not."""

    code: str
    promise: str
    violations: Callable[[], Iterable[str]]


def query(sql: str, params: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a read-only statement, streamed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        while rows := cursor.fetchmany(5000):
            yield from rows


def gapless(series: str, table: str) -> Iterator[str]:
    """The numbers of `table` are 1, 2, 3 ... and its counter stands at the last."""
    count, last = next(query(f"SELECT count(*), coalesce(max(number), 0) FROM {table}"))  # noqa: S608 - constants
    counter = Counter.objects.filter(series=series).first()
    given = counter.last if counter else 0
    if count != last:
        yield f"{table}: {count} rows, but the last number is {last}"
    if given != last:
        yield f"{table}: the counter {series} stands at {given}, the last number is {last}"


def _triggers() -> Iterator[str]:
    for name in sorted(triggers.expected() - triggers.present()):
        yield f"the trigger {name} is missing"


def _steps() -> Iterator[str]:
    """Versions of an object go up one by one, each step by one command."""
    rows = query(
        "SELECT object_type, object_id, entry_id, version_before, before_this FROM ("
        " SELECT object_type, object_id, entry_id, version_before,"
        " lag(version_after) OVER (PARTITION BY object_type, object_id ORDER BY entry_id, id) AS before_this"
        " FROM common_audititem WHERE version_after IS NOT NULL) AS steps"
        " WHERE before_this IS NOT NULL AND (version_before IS NULL OR version_before <> before_this)"
    )
    for object_type, object_id, entry, version, expected in rows:
        yield f"{object_type} {object_id}: entry {entry} starts at version {version}, not at {expected}"


INVARIANTS = (
    Invariant("I-53", "the audit chain is whole from the first entry to the head", audit.verify),
    Invariant("I-52", "the audit tables refuse change and deletion", _triggers),
    Invariant("I-50", "each version step of an object has one audit item", _steps),
)
