"""The import folder: every file and every column of it, in the order in which they are written."""

from typing import Any

from exports.formats import accounting_formats
from invoices.models import Invoice, InvoiceKind, InvoiceLine
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import (
    BillingType,
    Client,
    Company,
    DailyWorkRecord,
    Expense,
    InvoiceType,
    Item,
    Job,
    LineItemType,
    Office,
    Section,
    Tax,
    WorkLine,
)
from jobbook.transfer import values
from jobbook.transfer.columns import Column, FileSpec, column, days, needed, ref, texts, tick
from jobbook.transfer.values import CODES, DAY, EMAIL, LINES, MONEY, NUMBER, choice, text, whole

_PAPERS = ("letter", "a4")
_POSITIVE = 2_147_483_647


def _job_ref() -> Column:
    return ref("job_number", "jobs.csv", text(Job, "job_number"), "job", "job__job_number", required=True)


def _user_ref(name: str, **more: Any) -> Column:
    return ref(name, "users.csv", EMAIL, name, f"{name}__email", **more)


_ADDRESS = "address_1 address_2 city region postal_code country"
_counter = whole(1, 10**15)
_line_number = column("line_number", whole(1, _POSITIVE), required=True)

COMPANY = FileSpec(
    "company.csv",
    Company,
    "company",
    (),
    (
        *needed(Company, "name"),
        column("currency", values.CURRENCY, required=True),
        column("time_zone", values.TIME_ZONE, required=True),
        *texts(Company, f"{_ADDRESS} phone email tax_number"),
        column("paper", choice(_PAPERS), empty="letter"),
        *texts(Company, "invoice_prefix"),
        column("next_invoice_number", _counter, field="", keeps=True),
        *texts(Company, "credit_prefix"),
        column("next_credit_number", _counter, field="", keeps=True),
        column("default_format", choice([each.slug for each in accounting_formats()]), empty="csv"),
        *days("books_closed_through"),
    ),
)
OFFICES = FileSpec("offices.csv", Office, "office", ("name",), (*needed(Office, "name"), *texts(Office, _ADDRESS)))
USERS = FileSpec(
    "users.csv",
    User,
    "user",
    ("email",),
    (
        column("email", EMAIL, required=True),
        *needed(User, "name"),
        column("role", choice(Role.values), required=True),
        tick("active", True, field="is_active"),
    ),
    fold=True,
)
TAXES = FileSpec(
    "taxes.csv",
    Tax,
    "tax",
    ("code",),
    (
        column("code", values.TAX_CODE, required=True),
        *needed(Tax, "name"),
        column("rate", values.NUMBER_NOT_NEGATIVE, required=True),
        tick("recoverable", True),
    ),
)
ITEMS = FileSpec(
    "items.csv",
    Item,
    "item",
    ("code",),
    (
        *needed(Item, "code name"),
        column("section", choice(Section.values[:3]), required=True),
        *texts(Item, "unit"),
        column("unit_price", NUMBER, empty=None),
        column("hourly_price", NUMBER, empty=None),
        tick("tax_exempt", False),
        *texts(Item, "account_code"),
        tick("active", True),
    ),
)
CLIENTS = FileSpec(
    "clients.csv",
    Client,
    "client",
    ("client_number",),
    (
        *needed(Client, "client_number name"),
        *texts(Client, "email phone contact terms"),
        column("terms_days", whole(0, 32767), empty=0),
        *texts(Client, f"accounting_id {_ADDRESS}"),
        tick("active", True),
    ),
)
JOBS = FileSpec(
    "jobs.csv",
    Job,
    "job",
    ("job_number",),
    (
        *needed(Job, "job_number"),
        ref(
            "client_number",
            "clients.csv",
            text(Client, "client_number"),
            "client",
            "client__client_number",
            required=True,
        ),
        *needed(Job, "project_name"),
        column("billing_type", choice(BillingType.values), required=True),
        _user_ref("project_manager", required=True),
        ref("office", "offices.csv", text(Office, "name"), "office", "office__name"),
        *texts(Job, "status"),
        column("invoice_type", choice(InvoiceType.values), empty="invoice"),
        column("line_item_type", choice(LineItemType.values), empty="detailed"),
        *texts(Job, "po_number"),
        column("po_amount", values.MONEY_NOT_NEGATIVE, empty=None),
        tick("po_required", False),
        column("contract_amount", values.MONEY_NOT_NEGATIVE, empty=None),
        *texts(Job, "client_project_number"),
        Column("taxes", CODES, "", "", refers="taxes.csv"),
        *days("order_date due_date"),
        tick("active", True),
    ),
)
DWRS = FileSpec(
    "dwrs.csv",
    DailyWorkRecord,
    "dwr",
    ("dwr_number",),
    (
        *needed(DailyWorkRecord, "dwr_number"),
        _job_ref(),
        column("date", DAY, required=True),
        _user_ref("created_by", required=True),
        *days("submitted_on approved_on", keeps=True),
        _user_ref("approved_by", keeps=True),
        column("description", LINES),
        *texts(DailyWorkRecord, "signed_by"),
    ),
)
DWR_LINES = FileSpec(
    "dwr_lines.csv",
    WorkLine,
    "dwr line",
    ("dwr_number", "line_number"),
    (
        ref(
            "dwr_number",
            "dwrs.csv",
            text(DailyWorkRecord, "dwr_number"),
            "record",
            "record__dwr_number",
            required=True,
        ),
        _line_number,
        column("section", choice(Section.values[:2]), required=True),
        ref("item_code", "items.csv", text(Item, "code"), "item", "item__code", required=True),
        *texts(WorkLine, "employee"),
        column("hours", NUMBER, empty=None),
        column("quantity", NUMBER, keeps=True),
        column("unit_price", NUMBER, keeps=True),
        column("description", LINES),
    ),
)
EXPENSES = FileSpec(
    "expenses.csv",
    Expense,
    "expense",
    ("expense_number",),
    (
        *needed(Expense, "expense_number"),
        _job_ref(),
        column("date", DAY, required=True),
        *needed(Expense, "employee"),
        column("amount", MONEY, required=True),
        *texts(Expense, "item"),
        column("description", LINES),
        *days("submitted_on approved_on processed_on", keeps=True),
    ),
)
_number = text(Invoice, "number")
INVOICES = FileSpec(
    "invoices.csv",
    Invoice,
    "invoice",
    ("invoice_number",),
    (
        column("invoice_number", values.required_text(Invoice, "number"), field="number", required=True),
        _job_ref(),
        column("invoice_date", DAY, required=True),
        column("kind", choice(InvoiceKind.values), empty="invoice"),
        ref("credits", "invoices.csv", _number, "credits", "credits__number"),
        column("due_date", DAY, keeps=True),
        *texts(Invoice, "po_number terms"),
        column("memo", LINES),
        column("currency", values.CURRENCY, keeps=True),
        *texts(Invoice, "bill_to_name bill_to_1 bill_to_2 bill_to_3 bill_to_4 bill_to_5 bill_to_6"),
        *texts(Invoice, "signed_by", keeps=True),
        *days("signed_on client_approved_on", keeps=True),
        *texts(Invoice, "released_by", keeps=True),
        *days("released_on", keeps=True),
        *texts(Invoice, "release_reason", keeps=True),
        *days("processed_on paid_on", keeps=True),
        *texts(Invoice, "accounting_reference", keeps=True),
        *(column(name, MONEY, required=True) for name in ("subtotal", "tax", "total")),
    ),
    fold=True,
)
INVOICE_LINES = FileSpec(
    "invoice_lines.csv",
    InvoiceLine,
    "invoice line",
    ("invoice_number", "line_number"),
    (
        ref("invoice_number", "invoices.csv", _number, "invoice", "invoice__number", required=True),
        _line_number,
        column("section", choice(Section.values), required=True),
        ref("item_code", "items.csv", text(Item, "code"), "item", "item_code"),
        column("description", LINES, required=True),
        column("quantity", NUMBER, empty=None),
        *texts(InvoiceLine, "unit"),
        column("unit_price", NUMBER, empty=None),
        column("amount", MONEY, required=True),
        Column("taxes", CODES, "taxes", "taxes", refers="taxes.csv"),
        *texts(InvoiceLine, "account_code"),
        column("service_date", DAY, empty=None),
        ref("dwr_number", "dwrs.csv", text(DailyWorkRecord, "dwr_number"), "record", "record__dwr_number"),
    ),
    fold=True,
)

FILES = (
    COMPANY,
    OFFICES,
    USERS,
    TAXES,
    ITEMS,
    CLIENTS,
    JOBS,
    DWRS,
    DWR_LINES,
    EXPENSES,
    INVOICES,
    INVOICE_LINES,
)
BY_FILE = {spec.name: spec for spec in FILES}
