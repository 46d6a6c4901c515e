"""What must hold for every document that an import makes or changes, checked before the database would refuse it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceTax
from jobbook.common.money import LIMIT, tax_amount, total_of
from jobbook.jobs.models import Tax
from jobbook.transfer.book import Book, Entry, in_chunks
from jobbook.transfer.documents import is_content
from jobbook.transfer.layout import INVOICE_LINES, INVOICES, TAXES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


@dataclass(eq=False)
class Document:
    """An invoice that the import makes or changes: its own row if it has one, its lines as they would be."""

    invoice: Invoice
    row: Row | None = None
    entry: Entry | None = None
    line_rows: list[Row] = field(default_factory=list)
    lines: list[InvoiceLine] = field(default_factory=list)
    old_taxes: dict[str, InvoiceTax] = field(default_factory=dict)
    taxes: list[InvoiceTax] = field(default_factory=list)

    @property
    def anchor(self) -> Row:
        """The row that problems of the whole document are reported at."""
        return self.row or self.line_rows[0]

    def at(self, column: str) -> str:
        """The column to name: the invoice's own, or where only a line was given, the line's amount."""
        return column if self.row else "amount"


def check_documents(book: Book) -> list[Document]:
    """All documents that change, checked, their taxes worked out."""
    documents = _documents(book)
    for document in documents:
        document.taxes = _taxes(book, document)
        _check_closed(book, document)
        _check_totals(book, document)
        if document.row:
            _check_row(book, document, document.row)
            _check_facts(book, document.invoice, document.row)
    return documents


def _documents(book: Book) -> list[Document]:
    documents = {key: Document(change.object) for key, change in book.changes[INVOICES.name].items()}
    for entry in book.entries[INVOICES.name]:
        if document := documents.get(id(entry.object)):
            document.row, document.entry = entry.row, entry
    for entry in book.entries[INVOICE_LINES.name]:
        if entry.row.ok("invoice_number") and (document := documents.get(id(entry.object.invoice))):
            document.line_rows.append(entry.row)
    for line in book.objects[INVOICE_LINES.name].values():
        parent = line._state.fields_cache.get("invoice")
        if document := documents.get(id(parent)):
            document.lines.append(line)
    by_pk = {document.invoice.pk: document for document in documents.values() if document.invoice.pk}
    for tax in in_chunks(InvoiceTax, "invoice_id", by_pk, "tax"):
        by_pk[tax.invoice_id].old_taxes[tax.code] = tax
    for document in documents.values():
        document.lines.sort(key=lambda line: line.line_number)
    return list(documents.values())


def _taxes(book: Book, document: Document) -> list[InvoiceTax]:
    """Each tax once, on the sum of the lines that carry it, in the order in which the lines name them."""
    bases: dict[str, Decimal] = {}
    for line in document.lines:
        for code in line.tax_codes:
            bases[code] = bases.get(code, Decimal("0.00")) + (line.amount or 0)
    old = document.old_taxes
    order = sorted(bases, key=lambda code: old[code].position if code in old else len(bases) + len(old))
    made = (_tax(book, document, code, bases[code]) for code in order)
    taxes = [tax for tax in made if tax]
    for position, tax in enumerate(taxes, start=1):
        tax.position = position
    return taxes


def _tax(book: Book, document: Document, code: str, base: Decimal) -> InvoiceTax | None:
    """Name and rate are the copies that the document has, else the tax's. None for a code that is not known."""
    old = document.old_taxes.get(code)
    tax: Tax | None = old.tax if old else book.objects[TAXES.name].get(code)
    if tax is None:
        return None
    source = old or tax
    return InvoiceTax(
        invoice=document.invoice,
        tax=tax,
        code=code,
        name=source.name,
        rate=source.rate or Decimal(0),  # a rate that cannot be read is a problem of its own
        recoverable=source.recoverable,
        base=base,
        amount=tax_amount(base, source.rate or Decimal(0)),
    )


def _check_closed(book: Book, document: Document) -> None:
    """Nothing dated in a closed period is made or changed; the period is the one closed before this import."""
    closed, invoice = book.closed_through, document.invoice
    change = book.changes[INVOICES.name][id(invoice)]
    if not change.made and not any(is_content(name) for name in change.after):
        return  # processing and payment are no edits
    before = document.entry.before.get("invoice_date") if document.entry else None
    for day in (before, invoice.invoice_date):
        if closed and day and day <= closed and (document.row is None or document.row.ok("invoice_date")):
            column = "invoice_date" if document.row else "invoice_number"
            reason = f"{day} is in a closed period (books are closed through {closed})"
            book.problems.add(document.anchor, column, reason)
            return


def _check_totals(book: Book, document: Document) -> None:
    invoice, row = document.invoice, document.anchor
    if document.row and row.ok("subtotal", "tax", "total") and invoice.subtotal + invoice.tax != invoice.total:
        added = invoice.subtotal + invoice.tax
        book.problems.add(row, "total", f"{invoice.total:.2f} is not subtotal + tax, {added:.2f}")
    if not all(each.ok("amount", "taxes", "line_number") for each in document.line_rows):
        return
    lines = total_of(line.amount for line in document.lines)
    if row.ok("subtotal") and lines != invoice.subtotal:
        reason = f"{invoice.subtotal:.2f} is not the sum of the lines, {lines:.2f}"
        book.problems.add(row, document.at("subtotal"), reason)
    taxes = total_of(tax.amount for tax in document.taxes)
    if row.ok("tax") and book.sound(TAXES.name, "rate") and taxes != invoice.tax:
        book.problems.add(row, document.at("tax"), f"{invoice.tax:.2f} is not the tax of the lines, {taxes:.2f}")
    if any(abs(tax.base) > LIMIT or abs(tax.amount) > LIMIT for tax in document.taxes):
        book.problems.add(row, document.at("tax"), f"a tax or its base is beyond {LIMIT:,}")


def _check_row(book: Book, document: Document, row: Row) -> None:
    invoice = document.invoice
    add = book.problems.add
    if row.ok("currency") and book.sound("company.csv", "currency") and invoice.currency != book.company.currency:
        add(row, "currency", f"{invoice.currency} is not the company's currency, {book.company.currency}")
    if row.ok("invoice_date", "due_date") and invoice.due_date and invoice.due_date < invoice.invoice_date:
        add(row, "due_date", f"{invoice.due_date} is before the invoice date, {invoice.invoice_date}")
    if row.ok("kind", "total"):
        if invoice.kind == InvoiceKind.INVOICE and invoice.total < 0:
            add(row, "total", f"{invoice.total:.2f} is negative; that is a credit note")
        if invoice.kind == InvoiceKind.CREDIT_NOTE and invoice.total > 0:
            add(row, "total", f"{invoice.total:.2f} is positive; a credit note has a negative total")
    if row.ok("kind", "credits") and invoice.credits:
        _check_credits(book, row, invoice, invoice.credits)


def _check_credits(book: Book, row: Row, note: Invoice, target: Invoice) -> None:
    number = shown(target.number)
    if note.kind != InvoiceKind.CREDIT_NOTE:
        book.problems.add(row, "credits", "only a credit note credits an invoice")
    elif target.kind != InvoiceKind.INVOICE:
        book.problems.add(row, "credits", f"{number} is a credit note, not an invoice")
    else:
        theirs, ours = (each._state.fields_cache.get("client") for each in (target, note))
        if theirs and ours and theirs != ours:
            reason = f"{number} is of client {shown(theirs.client_number)}, this is of {shown(ours.client_number)}"
            book.problems.add(row, "credits", reason)


def _check_facts(book: Book, invoice: Invoice, row: Row) -> None:
    """Signature, release, client's approval, processing and payment are whole and in this order."""
    add = book.problems.add
    for names in (("signed_by", "signed_on"), ("released_by", "released_on", "release_reason")):
        if row.ok(*names):
            for name in _absent(invoice, names):
                add(row, name, f"is empty; {', '.join(names[:-1])} and {names[-1]} stand together")
    ticket_open = invoice.is_ticket and not invoice.client_approved_on
    begun = invoice.signed_on or invoice.released_on
    if (
        row.ok("client_approved_on", "client_approved_by")
        and invoice.client_approved_by
        and not invoice.client_approved_on
    ):
        add(row, "client_approved_on", "is empty, but somebody approved it")
    if row.ok("client_approved_on", "signed_on", "released_on") and invoice.client_approved_on and not begun:
        add(row, "client_approved_on", "neither signed nor released before")
    if row.ok("processed_on", "client_approved_on", "signed_on", "released_on", "job_number") and invoice.processed_on:
        if not begun:
            add(row, "processed_on", "neither signed nor released before")
        elif not invoice.released_on and ticket_open:
            add(row, "processed_on", "the client did not approve the ticket before")
    if row.ok("paid_on", "processed_on") and invoice.paid_on and not invoice.processed_on:
        add(row, "paid_on", "it was never processed: processed_on is empty")


def _absent(invoice: Invoice, names: Iterable[str]) -> list[str]:
    """Those of the names that are empty while another is not."""
    empty = [name for name in names if not getattr(invoice, name)]
    return empty if len(empty) < len(list(names)) else []
