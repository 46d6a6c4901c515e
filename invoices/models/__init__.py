"""Invoices and credit notes, their lines and taxes, and the batches that process them."""

from invoices.models.batch import BatchKind, ProcessBatch
from invoices.models.invoice import Invoice, InvoicedRecord, InvoiceKind, InvoiceQuerySet, Queue
from invoices.models.line import InvoiceLine, InvoiceTax

__all__ = [
    "BatchKind",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceQuerySet",
    "InvoiceTax",
    "InvoicedRecord",
    "ProcessBatch",
    "Queue",
]
