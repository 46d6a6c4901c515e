"""Rows that belong to a rate sheet, a client or a job: lines, contacts, addresses, billable items, fees."""

from collections import Counter
from typing import Any

from jobbook.jobs.models import Job
from jobbook.transfer.book import Adjust, Book, in_chunks
from jobbook.transfer.columns import FileSpec
from jobbook.transfer.layout import CLIENT_ADDRESSES, JOB_ITEMS, JOBS, LINES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


def build_belongings(book: Book, spec: FileSpec) -> None:
    """Every row of the file onto its object; what it changes is noted on the row it belongs to."""
    _load(book, spec)
    owner = spec.columns[0].field
    for entry in book.build(spec, _positions(book) if spec == JOB_ITEMS else None):
        if entry.moved and entry.row.ok(spec.columns[0].name):
            book.note_line(LINES[spec].name, getattr(entry.object, owner), entry)


def _load(book: Book, spec: FileSpec) -> None:
    """The rows that owners of this import have already."""
    column = spec.columns[0]
    owners = {each.pk: each for each in book.objects[LINES[spec].name].values() if each.pk}
    sources = [spec.by_name[name].source for name in spec.key[1:]]
    related = [source.split("__")[0] for source in sources if "__" in source]
    for row in in_chunks(spec.model, f"{column.field}_id", owners, *related):
        owner = owners[getattr(row, f"{column.field}_id")]
        setattr(row, column.field, owner)
        keys = tuple(_follow(row, source) for source in sources)
        book.objects[spec.name][_follow(row, column.source), *keys] = row


def _follow(row: Any, source: str) -> Any:
    """'item__code' of a row."""
    for name in source.split("__"):
        row = getattr(row, name)
    return row


def _positions(book: Book) -> Adjust:
    """New billable items stand behind those that the job has."""
    taken = Counter(key[0] for key in book.objects[JOB_ITEMS.name])

    def adjust(row: Row, existing: Any, values: dict[str, Any]) -> None:
        if existing is None:
            taken[row.key[0]] += 1
            values["position"] = taken[row.key[0]]

    return adjust


def place_billing_addresses(book: Book) -> None:
    """The address a job names is one of its client's."""
    for entry in book.entries[JOBS.name]:
        label = entry.row.values.get("billing_address")
        job: Job = entry.object
        if label is None or not entry.row.ok("billing_address", "client_number"):
            continue
        address = book.objects[CLIENT_ADDRESSES.name].get((job.client.client_number, label)) if label else None
        if label and address is None:
            reason = f"client {shown(job.client.client_number)} has no address {shown(label)}"
            book.problems.add(entry.row, "billing_address", reason)
        elif entry.made or job.billing_address != address:
            if not entry.made:
                entry.before["billing_address"], entry.after["billing_address"] = job.billing_address, address
            job.billing_address = address
