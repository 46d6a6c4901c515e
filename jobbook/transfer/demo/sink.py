"""Rows of any model, written in bulk: COPY on PostgreSQL, INSERT of many on SQLite. Memory is bounded by `limit`."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

from invoices.models import Invoice, InvoicedRecord, InvoiceLine, InvoiceTax, LineSource
from jobbook.common.models import AuditItem
from jobbook.common.money import FixedField
from jobbook.jobs.models import DailyWorkRecord, Expense, WorkLine

Row = dict[str, Any]
NUMBERED: tuple[type[models.Model], ...] = (  # others refer to them, so their keys are given here; parents first
    DailyWorkRecord,
    Expense,
    WorkLine,
    Invoice,
    InvoiceLine,
)
ORDER: tuple[type[models.Model], ...] = (*NUMBERED, InvoiceTax, InvoicedRecord, LineSource, AuditItem)
LIMIT = 20_000  # rows kept before they are written


class Sink:
    """Collects rows and writes them, parents first. Only inside `atomic`; call `finish` at the end."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.waiting = 0
        self.tables = {model: _Table(model) for model in ORDER}
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Foreign keys are checked with each statement: deferred, a million of them would wait in memory.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET LOCAL statement_timeout = 0")

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Keep a row; columns left out have their default. The key of a numbered model, else 0."""
        self.waiting += 1
        return self.tables[model].add(values)

    def flush(self) -> None:
        """Write what is kept."""
        for table in self.tables.values():
            table.write()
        self.waiting = 0

    def flush_if_full(self) -> None:
        if self.waiting >= self.limit:
            self.flush()

    def finish(self) -> None:
        """Write the rest, and let the database count on from the keys given here."""
        self.flush()
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(NUMBERED)):
                cursor.execute(sql)


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.next_id = 0
        if model in NUMBERED:
            self.next_id = (model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0) + 1
        else:
            fields = [field for field in fields if not field.primary_key]
        self.table = model._meta.db_table
        self.columns = [str(field.column) for field in fields]
        self.defaults: Row = {field.attname: field.get_default() for field in fields}
        self.read = itemgetter(*self.defaults)
        self.converters = [
            (index, convert) for index, field in enumerate(fields) if (convert := _converter(field)) is not None
        ]
        self.rows: list[Row] = []

    def add(self, values: Row) -> int:
        row = {**self.defaults, **values}
        if len(row) != len(self.defaults):
            raise TypeError(f"{self.table} has no column {', '.join(sorted(set(row) - set(self.defaults)))}")
        self.rows.append(row)
        if not self.next_id:
            return 0
        row["id"] = self.next_id
        self.next_id += 1
        return self.next_id - 1

    def write(self) -> None:
        if not self.rows:
            return
        rows, self.rows = self.rows, []
        if connection.vendor == "postgresql":
            self._copy(rows)
        else:
            self._insert(rows)

    def _copy(self, rows: list[Row]) -> None:
        names = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor, cursor.copy(f'COPY "{self.table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(self._values(row))

    def _insert(self, rows: list[Row]) -> None:
        names = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{self.table}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our models
                [self._values(row) for row in rows],
            )

    def _values(self, row: Row) -> Sequence[Any]:
        values = list(self.read(row))
        for index, convert in self.converters:
            if values[index] is not None:
                values[index] = convert(values[index])
        return values


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """What turns a Python value into the database's, for the fields where they differ."""
    if isinstance(field, FixedField):
        return _scaled(field.places)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _moment
    return date.isoformat if isinstance(field, models.DateField) else None


def _scaled(places: int) -> Callable[[Decimal], int]:
    def scale(value: Decimal) -> int:
        number = value.scaleb(places)
        whole = int(number)
        if whole != number:
            raise ValueError(f"{value} has more than {places} decimals")
        return whole

    return scale


def _moment(value: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(value))
