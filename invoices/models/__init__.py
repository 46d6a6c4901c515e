"""Invoices and credit notes, their lines and taxes, and the batches that process them."""

from invoices.models.batch import BatchKind, ProcessBatch
from invoices.models.invoice import (
    HANDED_OVER,
    Invoice,
    InvoicedExpense,
    InvoicedRecord,
    InvoiceKind,
    InvoiceQuerySet,
    Queue,
)
from invoices.models.line import Attachment, InvoiceLine, InvoiceTax, LineSource

__all__ = [
    "HANDED_OVER",
    "Attachment",
    "BatchKind",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceQuerySet",
    "InvoiceTax",
    "InvoicedExpense",
    "InvoicedRecord",
    "LineSource",
    "ProcessBatch",
    "Queue",
]
