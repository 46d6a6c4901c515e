"""The triggers that make the audit tables append-only, on both databases.

One idempotent list, put back after every `migrate` (SQLite drops a table's triggers silently when Django rebuilds
it) and checked at start. The bodies name no other table.
"""

from django.db import connection

TABLES = ("common_auditentry", "common_audititem")
MESSAGE = "The audit log is append-only."

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION common_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$
"""


def _names(table: str) -> list[str]:
    events = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])
    return [f"{table}_no_{event}" for event in events]


def expected() -> set[str]:
    """The names of the triggers that must be there."""
    return {name for table in TABLES for name in _names(table)}


def present() -> set[str]:
    """The names of the triggers that are there (and enabled)."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()} & expected()


def remove() -> None:
    """Take the triggers off. Only the test suite's flush does this."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in _names(table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install() -> None:
    """Put the triggers back, whatever was there."""
    remove()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in TABLES:
            for name in _names(table):
                cursor.execute(_create(table, name))


def _create(table: str, name: str) -> str:
    event = name.rsplit("_", 1)[1].upper()
    if connection.vendor == "postgresql":
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION common_append_only()"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
