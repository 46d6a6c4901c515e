"""Invoices and credit notes of an import: copies, defaults, facts, and what may not change any more."""

from datetime import date, timedelta
from typing import Any

from invoices.copies import BILL_TO, party_of, seller_of
from invoices.models import Invoice, InvoiceKind, Queue
from invoices.numbering import retired_among
from jobbook.jobs.models import Client, Job
from jobbook.transfer.book import Book, Entry, chunks
from jobbook.transfer.document_lines import build_lines
from jobbook.transfer.layout import CLIENTS, INVOICES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown

_PLAIN_FACTS = {"processed_on", "paid_on", "accounting_reference", "batch"}  # on no paper, in no file


def build_documents(book: Book) -> None:
    """Every row of invoices.csv and invoice_lines.csv onto its document."""
    for row in book.rows(INVOICES.name):
        existing = book.objects[INVOICES.name].get(row.key)
        values = book.resolve(INVOICES, row, leave="credits")
        if existing:
            _correct(book, row, existing, values)
        else:
            _new(book, row, values)
        book.entries[INVOICES.name].append(book.enter(INVOICES, row, existing, values))
    _check_numbers(book)
    for entry in book.entries[INVOICES.name]:
        _credit(book, entry)
        _check_locked(book, entry)
        if entry.moved:
            book.note(INVOICES.name, entry)
    build_lines(book)


def is_content(name: str) -> bool:
    """Whether a change of this field is a change of what is printed or exported."""
    return name not in _PLAIN_FACTS


def _check_numbers(book: Book) -> None:
    """The number of a deleted invoice is not given again, as on the pages."""
    made = {entry.object.number: entry for entry in book.entries[INVOICES.name] if entry.made}
    for chunk in chunks(sorted(made)):
        for number in sorted(retired_among(chunk)):
            reason = f"{shown(number)} was the number of an invoice that was deleted; it is not given again"
            book.problems.add(made[number].row, "invoice_number", reason)


def _new(book: Book, row: Row, values: dict[str, Any]) -> None:
    """The copies that a new document takes, and what its empty cells mean."""
    values.update(seller_of(book.company), printed_terms=book.company.printed_terms)
    values.setdefault("currency", book.company.currency)
    job: Job | None = values.get("job")
    client = _client_of(book, job) if job else None
    if job is None or client is None:
        return
    values["client"] = client
    values.update(party_of(job, client))
    _bill_to(row, values, client)
    if "invoice_date" in values and "due_date" not in values and row.ok("due_date"):
        values["due_date"] = _due(book, row, values, client)
    if values.get("signed_on") and row.ok("total"):
        values["signed_total"] = values.get("total")


def _client_of(book: Book, job: Job) -> Client | None:
    """The client of a job, as this import leaves it. None if the job's row names none."""
    client = job.client if "client" in job._state.fields_cache else None
    return book.objects[CLIENTS.name].get(client.client_number, client) if client else None


def _bill_to(row: Row, values: dict[str, Any], client: Client) -> None:
    """The client's name and address where the row is silent; a row that names somebody stands as it is."""
    stated = any(values.get(name) for name in BILL_TO)
    columns = any(name in row.values for name in BILL_TO)
    if not stated and (not values.get("bill_to_name") or not columns):
        values.update(zip(BILL_TO, client.address_lines, strict=True))
    values["bill_to_name"] = values.get("bill_to_name") or client.name


def _due(book: Book, row: Row, values: dict[str, Any], client: Client) -> date:
    start: date = values["invoice_date"]
    if values.get("kind") == InvoiceKind.CREDIT_NOTE:
        return start
    try:
        return start + timedelta(days=client.terms_days)
    except OverflowError:
        book.problems.add(row, "due_date", "is empty, and the client's terms lead beyond the year 9999")
        return start


def _correct(book: Book, row: Row, existing: Invoice, values: dict[str, Any]) -> None:
    """A document keeps its number, kind, job and copies; empty defaults leave what is there."""
    values.pop("number", None)
    if values.pop("kind", existing.kind) != existing.kind:
        reason = f"{shown(existing.number)} is of kind {existing.kind}; it cannot change"
        book.problems.add(row, "kind", reason)
    job = values.pop("job", None)
    if job is not None and job.pk != existing.job_id:
        reason = f"{shown(existing.number)} is on job {shown(existing.job.job_number)}; it cannot change"
        book.problems.add(row, "job_number", reason)
    if not any(values.get(name) for name in ("bill_to_name", *BILL_TO)):
        for name in ("bill_to_name", *BILL_TO):
            values.pop(name, None)
    elif not values.get("bill_to_name"):
        values.pop("bill_to_name", None)
    redated = values.get("invoice_date", existing.invoice_date) != existing.invoice_date
    if redated and "due_date" not in values and row.ok("due_date"):
        values["due_date"] = _due(book, row, {**values, "kind": existing.kind}, existing.client)
    if row.ok("signed_on", "signed_by", "total"):
        _sign(existing, values)


def _sign(existing: Invoice, values: dict[str, Any]) -> None:
    """A new signature is for the new total; an old one in the Admin Queue keeps the total that was signed."""
    signed_on = values.get("signed_on", existing.signed_on)
    same = (signed_on, values.get("signed_by", existing.signed_by)) == (existing.signed_on, existing.signed_by)
    if signed_on and not (same and existing.queue in (Queue.ADMIN, Queue.PROCESSED, Queue.PAID)):
        values["signed_total"] = values.get("total", existing.total)


def _credit(book: Book, entry: Entry) -> None:
    """Resolve the invoice that a credit note names, once all are known."""
    named = entry.row.values.get("credits")
    if "credits" not in entry.row.values or not entry.row.ok("credits"):
        return
    column = INVOICES.by_name["credits"]
    target = book.referred(entry.row, column, named) if named else None
    if entry.row.ok("credits"):
        old, entry.object.credits = entry.object.credits, target
        if not entry.made and old != target:
            entry.before["credits"], entry.after["credits"] = old, target


def _check_locked(book: Book, entry: Entry) -> None:
    """A processed or paid document does not change."""
    invoice: Invoice = entry.object
    if entry.made or invoice.queue not in (Queue.PROCESSED, Queue.PAID):
        return
    for column in INVOICES.columns:
        if column.field in entry.after:
            reason = f"{shown(invoice.number)} is {invoice.queue}; it cannot change"
            book.problems.add(entry.row, column.name, reason)
