"""Steps shared by every command that changes rows: lock in primary-key order, audit items in one statement."""

import uuid
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from jobbook.common.audit import Operation
from jobbook.common.models import AuditItem, IntentItem


def lock_rows(rows: "QuerySet[Any]") -> None:
    """Lock the rows until the transaction ends, in primary-key order so that two commands cannot deadlock.

    On SQLite BEGIN IMMEDIATE already holds the only write lock there is.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Rows are locked inside a transaction only.")
    if connection.vendor == "postgresql":
        locked = rows.order_by("pk").select_for_update(of=("self",), no_key=True).values("pk")
        sql, params = locked.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS locked", params)  # noqa: S608 - the ORM's own SQL


def audit_versions(operation: Operation, object_type: str, rows: "QuerySet[Any]") -> None:
    """An audit item per row, its version growing by one. Call it before the rows are written."""
    sql, params = rows.order_by().values_list("pk", "version").query.sql_with_params()
    columns = "entry_id, object_type, object_id, version_before, version_after, before, after"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(AuditItem)} ({columns})"  # noqa: S608 - our own names, the ORM's own SQL
            f" WITH r (id, version) AS ({sql}) SELECT %s, %s, id, version, version + 1, '', '' FROM r",
            [*params, operation.number, object_type],
        )


def snapshot_items(intent_id: uuid.UUID, rows: "QuerySet[Any]") -> None:
    """The rows and their versions as items of an intent, in one statement; none for an empty selection."""
    try:
        sql, params = rows.order_by().values_list("pk", "version").query.sql_with_params()
    except EmptyResultSet:
        return
    key = IntentItem._meta.get_field("intent").target_field.get_db_prep_value(intent_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(IntentItem)} (intent_id, object_id, version)"  # noqa: S608 - as above
            f" SELECT %s, picked.* FROM ({sql}) AS picked",
            [key, *params],
        )


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
