"""The databases that the benchmarks read: one firm with few or many invoices, all in this process.

Every book is a copy of one migrated database, filled by `seed_demo`. `use` makes it the default connection, which
costs nothing worth measuring, so two books can be read in turn.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role


@dataclass
class Book:
    """A database of `invoices` documents, `queue` of them in the Admin Queue."""

    name: str
    invoices: int
    queue: int
    folder: Path
    connection: Any = None
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1"))


class Books:
    """few and many differ in what was processed before, few and deep in the Admin Queue."""

    def __init__(self, folder: Path, *, small: bool) -> None:
        self.folder = folder
        self.server: dict[str, Any] = {**connections.settings["default"]}
        self.is_postgres = self.server["ENGINE"].endswith("postgresql")
        sizes = ((60, 50), (240, 50), (160, 150)) if small else ((1_100, 1_000), (100_000, 1_000), (11_000, 10_000))
        self._books = {
            name: Book(name, *size, folder / name) for name, size in zip(("few", "many", "deep"), sizes, strict=True)
        }

    def __getitem__(self, name: str) -> Book:
        return self._books[name]

    def open(self) -> None:
        """Migrate once, copy, and fill."""
        self._connect(Book("empty", 0, 0, self.folder / "empty"))
        call_command("migrate", verbosity=0)
        connection.close()
        for book in self._books.values():
            self._fill(book, "empty", partial(seed, book))

    def add(self, name: str, invoices: int, fill: Callable[[], None], *, base: str = "empty") -> Book:
        """One more book of `invoices` documents, if it is not there: a copy of `base`, filled by `fill`."""
        if name not in self._books:
            if base in self._books:
                self._books[base].connection.close()  # PostgreSQL copies a database that nobody reads
            self._books[name] = Book(name, invoices, 0, self.folder / name)
            self._fill(self._books[name], base, fill)
        return self._books[name]

    def _fill(self, book: Book, base: str, fill: Callable[[], None]) -> None:
        self._copy(book.name, base)
        self._connect(book)
        self.use(book.name)
        fill()
        self._tidy()
        administrator = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")[0]
        book.client.force_login(administrator)

    def use(self, name: str) -> Book:
        """Make it the default database of everything."""
        book = self._books[name]
        connections["default"] = book.connection
        settings.DATA_DIR = book.folder
        settings.FILES_DIR = book.folder / "files"
        return book

    def close(self) -> None:
        for book in self._books.values():
            if book.connection:
                book.connection.close()
        if self.is_postgres:
            for name in ("empty", *self._books):
                self._on_server(f'DROP DATABASE IF EXISTS "{self._database(name)}"')

    def _database(self, name: str) -> str:
        return f"{self.server['NAME']}_{name}" if self.is_postgres else str(self.folder / f"{name}.sqlite3")

    def _connect(self, book: Book) -> None:
        if book.name == "empty" and self.is_postgres:
            self._on_server(f'DROP DATABASE IF EXISTS "{self._database("empty")}"')
            self._on_server(f'CREATE DATABASE "{self._database("empty")}"')
        book.connection = connections.create_connection("default")
        book.connection.settings_dict = {**self.server, "NAME": self._database(book.name), "CONN_MAX_AGE": None}
        book.folder.mkdir(parents=True, exist_ok=True)
        connections["default"] = book.connection

    def _copy(self, name: str, base: str) -> None:
        if self.is_postgres:
            self._on_server(f'DROP DATABASE IF EXISTS "{self._database(name)}"')
            self._on_server(f'CREATE DATABASE "{self._database(name)}" TEMPLATE "{self._database(base)}"')
        else:
            shutil.copyfile(self._database(base), self._database(name))

    def _on_server(self, statement: str) -> None:
        server = self.server
        address = f"host={server['HOST']} port={server['PORT'] or 5432} user={server['USER']} dbname=postgres"
        with psycopg.connect(address, password=server["PASSWORD"] or None, autocommit=True) as maintenance:
            maintenance.execute(statement)

    def _tidy(self) -> None:
        """What autovacuum would have done by now; Job Book asks SQLite for nothing of the kind."""
        if self.is_postgres:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("VACUUM ANALYZE")
                cursor.execute("RESET statement_timeout")


def seed(book: Book) -> None:
    """The demo firm. A book without history keeps PM and Ticket Queue empty."""
    said = io.StringIO()
    call_command("seed_demo", invoices=book.invoices, admin_queue=book.queue, stdout=said, stderr=said)


@contextmanager
def opened(folder: Path, *, small: bool) -> Iterator[Books]:
    books = Books(folder, small=small)
    try:
        books.open()
        yield books
    finally:
        books.close()
