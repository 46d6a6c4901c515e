"""Django's flush for the suite: it empties the append-only audit too, and costs milliseconds on PostgreSQL.

Django truncates every table, which gives each a new file on disk, and then plays the end of a migration again. Here
rows are deleted, and what a migration leaves behind (content types, permissions) stays.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connection, transaction

from jobbook.common import triggers

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


class Command(flush.Command):
    help = "Empty the database of the test suite, the audit too."

    def handle(self, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when it ends
            tables = set(connection.introspection.table_names(cursor)) - KEPT
            filled = {table for table in tables if _has_rows(cursor, table)}
            locked = filled & set(triggers.TABLES)
            if locked:
                triggers.remove()
            for table in filled:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            if locked:
                triggers.install()


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
    return cursor.fetchone() is not None
