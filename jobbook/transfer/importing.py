"""The import: read all files, check everything, write it in one transaction or write nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from jobbook.accounts.models import User
from jobbook.common.audit import Actor, Operation, Origin
from jobbook.transfer import history
from jobbook.transfer.accounting import build_accounting
from jobbook.transfer.book import Book, Entry
from jobbook.transfer.credits import check_credits
from jobbook.transfer.document_checks import Document, check_documents
from jobbook.transfer.documents import build_documents
from jobbook.transfer.firm import build_firm
from jobbook.transfer.layout import BY_FILE, FILES, USERS
from jobbook.transfer.sheets import WHOLE_ROW, Problem, Problems, read_sheet
from jobbook.transfer.work import build_work
from jobbook.transfer.write import write


@dataclass
class Count:
    """Rows of one file."""

    made: int = 0
    updated: int = 0
    left: int = 0

    def __str__(self) -> str:
        return f"{self.made} made, {self.updated} updated, {self.left} left alone"


@dataclass
class ImportResult:
    """What an import did, or in a dry run would do. With problems nothing was written and `counts` is empty."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    new_users: list[User] = field(default_factory=list)  # they need an invitation; unsaved in a dry run
    batch_number: int | None = None  # of the documents that came in processed

    @property
    def summary(self) -> str:
        """One line: what was made, updated and left alone, per file."""
        return "; ".join(f"{name}: {count}" for name, count in self.counts.items())


def run_import(
    files: Mapping[str, bytes | Path], *, by: Actor, dry_run: bool = False, origin: Origin = Origin()
) -> ImportResult:
    """Import files of the folder, by name: their bytes or where they lie. All or nothing; nothing in a dry run."""
    problems = Problems()
    for name in sorted(set(files) - set(BY_FILE)):
        problems.at(name, 1, WHOLE_ROW, "is not a file of the import folder")
    names = [spec.name for spec in FILES if spec.name in files]
    sheets = {name: read_sheet(BY_FILE[name], files[name], problems) for name in names}
    with transaction.atomic(durable=True):
        operation = Operation(by, "data.import", origin=origin)
        book = Book(sheets, problems)
        documents = _plan(book)
        result = _result(book, names)
        if result.problems or dry_run:
            transaction.set_rollback(True)  # not even the ledger head's first row stays
        else:
            _commit(book, documents, operation, result)
    _refresh_statistics()
    return result


def _refresh_statistics() -> None:
    """PostgreSQL plans for the tables as they were until it looks again, a minute later: ten times as slow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _plan(book: Book) -> list[Document]:
    book.load()
    build_firm(book)
    build_accounting(book)
    build_work(book)
    build_documents(book)
    documents = check_documents(book)
    check_credits(book, documents)
    return documents


def _result(book: Book, names: list[str]) -> ImportResult:
    problems = book.problems.in_order([spec.name for spec in FILES])
    if problems:
        return ImportResult(problems)
    users = [entry.object for entry in book.entries[USERS.name] if entry.made]
    return ImportResult(counts={name: _count(book.entries[name]) for name in names}, new_users=users)


def _count(entries: list[Entry]) -> Count:
    made = sum(entry.made for entry in entries)
    updated = sum(not entry.made and bool(entry.after) for entry in entries)
    return Count(made, updated, len(entries) - made - updated)


def _commit(book: Book, documents: list[Document], operation: Operation, result: ImportResult) -> None:
    if not any(book.changes.values()):
        transaction.set_rollback(True)  # nothing new: no entry in the history either
        return
    batch = write(book, documents, operation)
    result.batch_number = batch.number if batch else None
    history.record(book, operation)
    counts = {name: [count.made, count.updated, count.left] for name, count in result.counts.items()}
    operation.close(files=counts, batch=result.batch_number)
