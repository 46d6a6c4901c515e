"""Clients, their jobs, what is billed, and the work recorded on them."""

from jobbook.jobs.models.company import Company, Item, Office, Section, Tax
from jobbook.jobs.models.expense import Expense
from jobbook.jobs.models.job import (
    BillingType,
    Client,
    InvoiceType,
    Job,
    JobTax,
    LineItemType,
)
from jobbook.jobs.models.record import DailyWorkRecord, RecordState, WorkLine

__all__ = [
    "BillingType",
    "Client",
    "Company",
    "DailyWorkRecord",
    "Expense",
    "InvoiceType",
    "Item",
    "Job",
    "JobTax",
    "LineItemType",
    "Office",
    "RecordState",
    "Section",
    "Tax",
    "WorkLine",
]
