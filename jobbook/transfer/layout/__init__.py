"""The import folder: every file and every column of it, in the order in which they are written."""

from jobbook.transfer.layout.accounting import ACCOUNTING
from jobbook.transfer.layout.clients import CLIENT_ADDRESSES, CLIENT_CONTACTS, CLIENTS, JOB_FEES, JOB_ITEMS, JOBS
from jobbook.transfer.layout.documents import INVOICE_LINES, INVOICES
from jobbook.transfer.layout.firm import (
    COMPANY,
    EMPLOYEES,
    ITEMS,
    OFFICES,
    RATE_LINES,
    RATE_SHEETS,
    TAXES,
    USERS,
)
from jobbook.transfer.layout.work import DWR_LINES, DWRS, EXPENSES

FILES = (
    COMPANY,
    OFFICES,
    USERS,
    TAXES,
    ITEMS,
    EMPLOYEES,
    RATE_SHEETS,
    RATE_LINES,
    CLIENTS,
    CLIENT_CONTACTS,
    CLIENT_ADDRESSES,
    JOBS,
    JOB_ITEMS,
    JOB_FEES,
    ACCOUNTING,
    DWRS,
    DWR_LINES,
    EXPENSES,
    INVOICES,
    INVOICE_LINES,
)
BY_FILE = {spec.name: spec for spec in FILES}
LINES = {  # rows that belong to a row of another file: that file
    RATE_LINES: RATE_SHEETS,
    CLIENT_CONTACTS: CLIENTS,
    CLIENT_ADDRESSES: CLIENTS,
    JOB_ITEMS: JOBS,
    JOB_FEES: JOBS,
    DWR_LINES: DWRS,
    INVOICE_LINES: INVOICES,
}

__all__ = [
    "ACCOUNTING",
    "BY_FILE",
    "CLIENTS",
    "CLIENT_ADDRESSES",
    "CLIENT_CONTACTS",
    "COMPANY",
    "DWRS",
    "DWR_LINES",
    "EMPLOYEES",
    "EXPENSES",
    "FILES",
    "INVOICES",
    "INVOICE_LINES",
    "ITEMS",
    "JOBS",
    "JOB_FEES",
    "JOB_ITEMS",
    "LINES",
    "OFFICES",
    "RATE_LINES",
    "RATE_SHEETS",
    "TAXES",
    "USERS",
]
