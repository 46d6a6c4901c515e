"""The audit log is append-only on both databases, and its triggers are guarded at start."""

import json
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from jobbook.common import audit, triggers
from jobbook.common.models import AuditEntry, AuditItem
from tests.commands import process
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "row",
    [
        ("invoice", 7, 1, 2, "", ""),
        ("invoice", 7, 1, 2, '{"batch":null}', '{"batch":3}'),
        ("company", 1, None, None, "", ""),
        ('odd "wörd"', 10**15, 0, 1, "", ""),
    ],
)
def test_the_digest_is_over_canonical_json(row: tuple[Any, ...]) -> None:
    """The short way for bulk items gives the same text: the chain of older databases stays whole."""
    whole = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    assert audit._item_line(row) == whole + "\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_auditentry SET actor_name = 'x'",
        "DELETE FROM common_auditentry",
        "UPDATE common_audititem SET after = 'x'",
        "DELETE FROM common_audititem",
    ],
)
def test_change_and_deletion_are_refused(statement: str) -> None:
    process(make_user(), [make_invoice()])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (AuditEntry.objects.count(), AuditItem.objects.count()) == (1, 1)


@pytest.mark.sqlite
def test_insert_or_replace_is_refused() -> None:
    process(make_user(), [make_invoice()])
    columns = "entry_id, object_type, object_id, before, after"
    statement = f"INSERT OR REPLACE INTO common_audititem (id, {columns}) SELECT id, {columns} FROM common_audititem"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.postgres
def test_truncate_is_refused() -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE common_audititem")


def test_missing_triggers_stop_the_start() -> None:
    assert "jobbook.E012" not in [message.id for message in run_checks(databases=["default"])]
    triggers.remove()
    try:
        assert "jobbook.E012" in [message.id for message in run_checks(databases=["default"])]
    finally:
        triggers.install()
