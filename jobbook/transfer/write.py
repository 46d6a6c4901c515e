"""Writing an import: everything made and changed in bulk, in the order in which it refers to itself."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from invoices.models import BatchKind, Invoice, InvoicedRecord, InvoiceTax, ProcessBatch
from jobbook.accounts.models import User
from jobbook.common.audit import Operation, next_number
from jobbook.common.models import Counter
from jobbook.common.money import total_of
from jobbook.jobs.company import SERIES
from jobbook.jobs.models import JobTax
from jobbook.transfer.book import Book, Change, chunks, in_chunks
from jobbook.transfer.columns import FileSpec
from jobbook.transfer.document_checks import Document
from jobbook.transfer.documents import is_content
from jobbook.transfer.layout import ACCOUNTING, COMPANY, FILES, INVOICE_LINES, INVOICES, JOBS, LINES, TAXES

BATCH = 2000  # rows of one statement; fewer where the database takes fewer
VERSIONED = tuple(spec for spec in FILES if spec not in (ACCOUNTING, *LINES))
_QUIET = {"accounting_reference"}  # a note: moves no version


def write(book: Book, documents: list[Document], operation: Operation) -> ProcessBatch | None:
    """All rows of all files, inside the caller's transaction, which holds the ledger head. Returns the batch made."""
    batch = None
    for spec in FILES:
        if spec == INVOICES:
            batch = _batch(book, operation)
        if spec in LINES:
            _write_lines(book, spec)
        else:
            _write_objects(book, spec)
        if spec == COMPANY:
            _set_counters(book)
        if spec == JOBS:
            _write_job_taxes(book)
    _write_document_taxes(documents)
    _write_invoiced_records(book, documents)
    return batch


def _write_objects(book: Book, spec: FileSpec) -> None:
    changes = list(book.changes[spec.name].values())
    if spec in VERSIONED:
        _raise_versions(changes)
    made = [change.object for change in changes if change.made]
    if spec == INVOICES:
        _create_invoices(made)
    else:
        spec.model._default_manager.bulk_create(made, batch_size=BATCH)
    changed = [change for change in changes if not change.made]
    _update(spec.model, [change.object for change in changed], {name for each in changed for name in each.fields})


def _raise_versions(changes: Iterable[Change]) -> None:
    for change in changes:
        if change.made or not set(change.after) - _QUIET:
            continue
        change.object.version += 1
        change.fields.add("version")
        if isinstance(change.object, Invoice) and any(is_content(name) for name in change.after):
            change.object.content_version += 1
            change.fields.add("content_version")


def _create_invoices(made: list[Invoice]) -> None:
    """In the order of the file. A credit note may stand before its invoice: the name is put on afterwards."""
    targets = [invoice.credits for invoice in made]
    for invoice in made:
        invoice.credits = None
    Invoice.objects.bulk_create(made, batch_size=BATCH)
    for invoice, target in zip(made, targets, strict=True):
        invoice.credits = target
    _update(Invoice, [invoice for invoice in made if invoice.credits], {"credits"})


def _write_lines(book: Book, spec: FileSpec) -> None:
    entries = book.entries[spec.name]
    spec.model._default_manager.bulk_create([entry.object for entry in entries if entry.made], batch_size=BATCH)
    changed = [entry for entry in entries if not entry.made and entry.after]
    _update(spec.model, [entry.object for entry in changed], {name for entry in changed for name in entry.after})


def _update(model: type[Model], objects: list[Any], names: set[str]) -> None:
    """Write those of the names that are columns."""
    columns = sorted(names & {field.name for field in model._meta.concrete_fields})
    if objects and columns:
        model._default_manager.bulk_update(objects, columns, batch_size=BATCH)


def _set_counters(book: Book) -> None:
    for entry in book.entries[COMPANY.name]:
        for column, series in SERIES.items():
            if column in entry.after:
                Counter.objects.update_or_create(series=series, defaults={"last": entry.after[column] - 1})


def _write_job_taxes(book: Book) -> None:
    entries = [e for e in book.entries[JOBS.name] if e.row.values.get("taxes") if e.made] + [
        e for e in book.entries[JOBS.name] if "taxes" in e.after
    ]
    for chunk in chunks([entry.object.pk for entry in entries if not entry.made]):
        JobTax.objects.filter(job_id__in=chunk).delete()
    taxes = book.objects[TAXES.name]
    rows = [
        JobTax(job=entry.object, tax=taxes[code], position=position)
        for entry in entries
        for position, code in enumerate(filter(None, entry.row.values["taxes"].split(";")), start=1)
    ]
    JobTax.objects.bulk_create(rows, batch_size=BATCH)


def _batch(book: Book, operation: Operation) -> ProcessBatch | None:
    """The one batch of this import: the documents that come in processed, and those it finds processed."""
    changes = [c for c in book.changes[INVOICES.name].values() if c.object.processed_on and not c.object.batch_id]
    if not changes:
        return None
    batch = ProcessBatch.objects.create(
        number=next_number("process_batch"),
        kind=BatchKind.IMPORT,
        count=len(changes),
        total=total_of(change.object.total for change in changes),
        created_at=operation.at,
        created_by=operation.by if isinstance(operation.by, User) else None,
        created_by_name=operation.by.name,
        entry_number=operation.number,
    )
    for change in changes:
        change.object.batch = batch
        change.after["batch"] = batch.number
        if not change.made:
            change.before["batch"] = None
            change.fields.add("batch")
    return batch


def _write_document_taxes(documents: list[Document]) -> None:
    changed = [document for document in documents if not _same_taxes(document)]
    for chunk in chunks([tax.pk for document in changed for tax in document.old_taxes.values()]):
        InvoiceTax.objects.filter(pk__in=chunk).delete()
    InvoiceTax.objects.bulk_create((tax for document in changed for tax in document.taxes), batch_size=BATCH)


def _same_taxes(document: Document) -> bool:
    def facts(taxes: Iterable[InvoiceTax]) -> list[tuple[Any, ...]]:
        return sorted((tax.position, tax.code, tax.base, tax.amount) for tax in taxes)

    return facts(document.taxes) == facts(document.old_taxes.values())


def _write_invoiced_records(book: Book, documents: list[Document]) -> None:
    """What the lines bill stands on the invoice; a DWR that no line bills any more returns."""
    wanted = {line.record.pk: doc.invoice for doc in documents for line in doc.lines if line.record is not None}
    left = {entry.before["record"].pk for entry in book.entries[INVOICE_LINES.name] if entry.before.get("record")}
    for chunk in chunks(sorted(left - set(wanted))):
        InvoicedRecord.objects.filter(record_id__in=chunk).delete()
    there = {each.record_id for each in in_chunks(InvoicedRecord, "record_id", wanted)}
    rows = [InvoicedRecord(record_id=pk, invoice=invoice) for pk, invoice in wanted.items() if pk not in there]
    InvoicedRecord.objects.bulk_create(rows, batch_size=BATCH)
