"""Clients, their jobs, what is billed, and the work recorded on them."""

from jobbook.jobs.models.batch import ApprovalBatch, ApprovalKind
from jobbook.jobs.models.company import Company, Item, Office, Section, Tax
from jobbook.jobs.models.expense import Expense, ExpenseState
from jobbook.jobs.models.files import FileType, StoredFile
from jobbook.jobs.models.job import (
    BillingType,
    Client,
    ClientAddress,
    ClientContact,
    InvoiceType,
    Job,
    JobFee,
    JobItem,
    JobTax,
    LineItemType,
)
from jobbook.jobs.models.progress import (
    PROGRESS,
    ContractEntry,
    PercentEntry,
    ProgressEntry,
    contract_on,
    earned,
    percent_entered_on,
    percent_on,
)
from jobbook.jobs.models.rates import Employee, RateLine, RateSheet
from jobbook.jobs.models.record import DailyWorkRecord, RecordState, WorkLine

__all__ = [
    "PROGRESS",
    "ApprovalBatch",
    "ApprovalKind",
    "BillingType",
    "Client",
    "ClientAddress",
    "ClientContact",
    "Company",
    "ContractEntry",
    "DailyWorkRecord",
    "Employee",
    "Expense",
    "ExpenseState",
    "FileType",
    "InvoiceType",
    "Item",
    "Job",
    "JobFee",
    "JobItem",
    "JobTax",
    "LineItemType",
    "Office",
    "PercentEntry",
    "ProgressEntry",
    "RateLine",
    "RateSheet",
    "RecordState",
    "Section",
    "StoredFile",
    "Tax",
    "WorkLine",
    "contract_on",
    "earned",
    "percent_entered_on",
    "percent_on",
]
