from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "jobbook.common"
    label = "common"

    def ready(self) -> None:
        from jobbook.common import checks  # noqa: F401 - registers them

        post_migrate.connect(_prepare_database, sender=self, dispatch_uid="prepare_database")


def _prepare_database(**_: Any) -> None:
    """After every migrate: the audit triggers, and on SQLite the write-ahead log (set once, kept in the file)."""
    from jobbook.common import triggers

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    if set(triggers.TABLES) <= set(connection.introspection.table_names()):
        triggers.install()
