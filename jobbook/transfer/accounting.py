"""The accounting set-up of an import: settings of formats, what packages call our clients, items, taxes and terms."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from exports.formats import get_format
from exports.formats.profile import Kind, Mapped
from exports.models import ProfileEntry
from exports.profile_rules import refusals_of
from jobbook.jobs.models import Client, Item, Tax
from jobbook.transfer.book import Book, Entry, in_chunks
from jobbook.transfer.layout import ACCOUNTING, CLIENTS, ITEMS, TAXES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown

# Where the names of ours stand, by kind: the file, the model, its key. Terms are any text.
_OURS: dict[Kind, tuple[str, type[Model], str]] = {
    Kind.CLIENT: (CLIENTS.name, Client, "client_number"),
    Kind.ITEM: (ITEMS.name, Item, "code"),
    Kind.TAX: (TAXES.name, Tax, "code"),
}


def build_accounting(book: Book) -> None:
    """Every row onto its entry. A row that maps nothing makes none; what it says is checked as on the pages."""
    if not book.rows(ACCOUNTING.name):
        return
    rows = ProfileEntry.objects.order_by("pk").select_for_update()
    book.objects[ACCOUNTING.name] = {(row.format, row.kind, row.ours): row for row in rows}
    _check_names(book)
    for row in book.rows(ACCOUNTING.name):
        existing = book.objects[ACCOUNTING.name].get(row.key)
        entry = _entry(book, row, existing)
        book.entries[ACCOUNTING.name].append(entry)
        if not row.bad:
            _check(book, row, entry.object)
        if entry.moved:
            _note(book, entry)


def _entry(book: Book, row: Row, existing: Any) -> Entry:
    values = book.resolve(ACCOUNTING, row)
    blank = not any(values.get(name) for name in ("theirs", "account", "extra"))
    if existing is None and blank and values.get("kind") != Kind.SETTING:
        return Entry(row, ProfileEntry(**values), made=False)
    return book.enter(ACCOUNTING, row, existing, values)


def _note(book: Book, entry: Entry) -> None:
    change = book.note(ACCOUNTING.name, entry)
    if entry.made:
        change.after.update({name: getattr(entry.object, name) for name in ("theirs", "account", "extra")})


def _check(book: Book, row: Row, entry: ProfileEntry) -> None:
    if not entry.ours and entry.kind == Kind.TERMS:
        book.problems.add(row, "ours", "must not be empty")
    wanted = Mapped(entry.theirs, entry.account, entry.extra)
    for column, reason in refusals_of(get_format(entry.format), Kind(entry.kind), entry.ours, wanted):
        book.problems.add(row, column, reason)


def _check_names(book: Book) -> None:
    """What is mapped is there: in the files or in the database."""
    rows = [row for row in book.rows(ACCOUNTING.name) if row.ok(*ACCOUNTING.key) and row.values["kind"] in _OURS]
    names = {kind: {name for row in rows if row.values["kind"] == kind for name in _names(row)} for kind in _OURS}
    missing = {kind: wanted - _known(book, kind, wanted) for kind, wanted in names.items()}
    for row in rows:
        for name in sorted(missing[row.values["kind"]].intersection(_names(row))):
            noun = _OURS[row.values["kind"]][1]._meta.verbose_name
            book.problems.add(row, "ours", f"there is no {noun} {shown(name)}")


def _names(row: Row) -> Iterable[str]:
    """The keys of ours that a row names. An empty item stands for lines without one."""
    ours = str(row.values["ours"])
    if row.values["kind"] == Kind.TAX:
        return ours.split(";")
    return [ours] if ours or row.values["kind"] != Kind.ITEM else []


def _known(book: Book, kind: Kind, wanted: set[str]) -> set[str]:
    file, model, field = _OURS[kind]
    there = {getattr(each, field) for each in in_chunks(model, field, wanted)}
    return there | {row.key for row in book.rows(file)}
