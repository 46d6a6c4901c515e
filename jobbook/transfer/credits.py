"""The credit notes of an invoice never come to more than the invoice."""

from decimal import Decimal
from typing import Any

from invoices.models import Invoice
from jobbook.transfer.book import Book, in_chunks
from jobbook.transfer.document_checks import Document
from jobbook.transfer.layout import INVOICES
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


def check_credits(book: Book, documents: list[Document]) -> None:
    """For every invoice that the import changes or credits: all its credit notes, of the files and the database."""
    named = _named(book, documents)
    credited = dict.fromkeys(named, Decimal(0))
    known = {invoice.pk for invoice, _, _ in named.values() if invoice.pk}
    touched = {document.invoice.pk for document in documents if document.invoice.pk}
    for note in in_chunks(Invoice, "credits_id", known):
        if note.pk not in touched:
            credited[note.credits_id] -= note.total
    for document in documents:
        note = document.invoice
        if note.credits is not None and (document.row is None or document.row.ok("total", "credits")):
            key = _key(note.credits)
            credited[key] = credited.get(key, Decimal(0)) - note.total
    for key, (invoice, row, column) in named.items():
        if row.ok("total") and invoice.total != "" and credited[key] > max(invoice.total, Decimal(0)):
            reason = f"the credit notes of {shown(invoice.number)} come to {credited[key]:.2f}"
            book.problems.add(row, column, f"{reason}, more than its {invoice.total:.2f}")


def _named(book: Book, documents: list[Document]) -> dict[Any, tuple[Invoice, Row, str]]:
    """Each invoice that may be credited too much; where to say so: the last credit note's row, else its own."""
    named: dict[Any, tuple[Invoice, Row, str]] = {}
    for document in documents:
        if document.row and document.invoice.credits is None:
            named[_key(document.invoice)] = (document.invoice, document.row, "total")
    for document in documents:
        target = document.invoice.credits
        if target is not None and document.row and document.row.ok("credits"):
            newest = book.find(INVOICES.name, target.number) or target
            named[_key(target)] = (newest, document.row, "credits")
    return named


def _key(invoice: Invoice) -> Any:
    return invoice.pk or f"new {id(invoice)}"
