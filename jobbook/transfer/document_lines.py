"""The lines of the invoices of an import, and the DWRs they bill."""

from typing import Any

from invoices.models import Invoice, InvoicedRecord, InvoiceLine, LineSource, Queue
from invoices.transitions import INVOICE
from jobbook.common.models import AuditItem
from jobbook.common.money import line_amount
from jobbook.jobs.models import DailyWorkRecord, Section
from jobbook.transfer.book import Book, Entry, chunks, in_chunks
from jobbook.transfer.columns import fold
from jobbook.transfer.layout import INVOICE_LINES, INVOICES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


def build_lines(book: Book) -> None:
    """Every row of invoice_lines.csv onto its line."""
    parents = {each.pk: each for each in book.objects[INVOICES.name].values() if each.pk}
    for line in in_chunks(InvoiceLine, "invoice_id", parents, "item", "record"):
        line.invoice = parents[line.invoice_id]
        book.objects[INVOICE_LINES.name][fold(line.invoice.number), line.line_number] = line
    entries = book.build(INVOICE_LINES, _adjust)
    for entry in entries:
        _check_line(book, entry)
        if entry.moved and entry.row.ok("invoice_number"):
            _check_locked(book, entry)
            book.note_line(INVOICES.name, entry.object.invoice, entry)
    _check_drafted(book, entries)
    _check_records(book, entries)


def _adjust(row: Row, existing: InvoiceLine | None, values: dict[str, Any]) -> None:
    if "item_code" in row.values and row.ok("item_code"):
        values["item_code"] = row.values["item_code"] or ""
    if existing is not None:
        values.pop("invoice", None)


def _check_line(book: Book, entry: Entry) -> None:
    row, line = entry.row, entry.object
    if not row.ok("quantity", "unit_price"):
        return
    if (line.quantity is None) != (line.unit_price is None):
        column = "quantity" if line.quantity is None else "unit_price"
        book.problems.add(row, column, "is empty; quantity and unit price stand together or not at all")
    elif line.quantity is not None and row.ok("amount"):
        amount = line_amount(line.quantity, line.unit_price)
        if amount != line.amount:
            book.problems.add(row, "amount", f"{line.amount:.2f} is not quantity x unit price, {amount:.2f}")
    if row.ok("section", "amount") and line.section == Section.UNPRICED and line.amount:
        book.problems.add(row, "amount", f"{line.amount:.2f} on an unpriced line; it must be 0.00")


def _check_locked(book: Book, entry: Entry) -> None:
    invoice = entry.object.invoice
    if invoice._state.adding or invoice.queue not in (Queue.PROCESSED, Queue.PAID):
        return
    columns = [c.name for c in INVOICE_LINES.columns if c.field in entry.after] or ["line_number"]
    for column in columns:
        book.problems.add(entry.row, column, f"{shown(invoice.number)} is {invoice.queue}; its lines cannot change")


def _check_records(book: Book, entries: list[Entry]) -> None:
    """A DWR that is billed is approved, of the invoice's job, and on one invoice."""
    billing = [entry for entry in entries if _bills(entry)]
    known = {entry.object.record.pk for entry in billing if entry.object.record.pk}
    on: dict[str, Invoice] = {
        each.record.dwr_number: each.invoice
        for each in in_chunks(InvoicedRecord, "record_id", known, "record", "invoice")
    }
    _check_made_here(book, [entry for entry in billing if entry.object.record.dwr_number not in on])
    for entry in billing:
        record, invoice = entry.object.record, entry.object.invoice
        other = on.setdefault(record.dwr_number, invoice)
        reason = _why_not(record, invoice)
        if other is not invoice and other != invoice:
            reason = f"is on {shown(other.number)} already"
        if reason:
            book.problems.add(entry.row, "dwr_number", f"DWR {shown(record.dwr_number)} {reason}")


def _check_drafted(book: Book, entries: list[Entry]) -> None:
    """A DWR that was invoiced in Job Book stays: each line of it is behind a line of its invoice, or was left out."""
    leaving = [entry for entry in entries if entry.before.get("record")]
    records = {entry.before["record"].pk for entry in leaving}
    sources = in_chunks(LineSource, "work_line__record_id", records, "work_line")
    drafted = {source.work_line.record_id for source in sources}
    for entry in leaving:
        record, invoice = entry.before["record"], entry.object.invoice
        if record.pk in drafted:
            reason = f"DWR {shown(record.dwr_number)} was invoiced here; it stays on {shown(invoice.number)}"
            book.problems.add(entry.row, "dwr_number", reason)


def _check_made_here(book: Book, joining: list[Entry]) -> None:
    """An invoice made in Job Book has the lines of its DWRs behind its own: a file names a DWR without them."""
    made = _made_here({entry.object.invoice.pk for entry in joining if entry.object.invoice.pk})
    for entry in joining:
        invoice, record = entry.object.invoice, entry.object.record
        if invoice.pk in made:
            reason = f"{shown(invoice.number)} was made here; it takes DWR {shown(record.dwr_number)} on its page only"
            book.problems.add(entry.row, "dwr_number", reason)


def _made_here(invoice_ids: set[int]) -> set[int]:
    """Those of these invoices that no import brought in."""
    made = AuditItem.objects.filter(object_type=INVOICE, entry__action="invoice.create")
    return {
        pk
        for chunk in chunks(sorted(invoice_ids))
        for pk in made.filter(object_id__in=chunk).values_list("object_id", flat=True)
    }


def _bills(entry: Entry) -> bool:
    says = entry.made or "record" in entry.after
    return says and bool(entry.row.values.get("dwr_number")) and entry.row.ok("dwr_number", "invoice_number")


def _why_not(record: DailyWorkRecord, invoice: Invoice) -> str:
    if not record.approved_on:
        return "is not approved"
    record_job, invoice_job = (each._state.fields_cache.get("job") for each in (record, invoice))
    if record_job and invoice_job and record_job != invoice_job:
        return f"is of job {shown(record_job.job_number)}, the invoice of {shown(invoice_job.job_number)}"
    return ""
