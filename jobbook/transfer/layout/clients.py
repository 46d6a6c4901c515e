"""The files of clients and jobs, with what belongs to them."""

from jobbook.jobs.models import (
    BillingType,
    Client,
    ClientAddress,
    ClientContact,
    InvoiceType,
    Job,
    JobFee,
    JobItem,
    LineItemType,
    Office,
)
from jobbook.transfer import values
from jobbook.transfer.columns import Column, FileSpec, column, days, needed, ref, texts, tick
from jobbook.transfer.layout.refs import ADDRESS, item_ref, job_ref, rate_sheet_ref, user_ref
from jobbook.transfer.values import CODES, NUMBER, choice, text, whole


def _client_ref() -> Column:
    number = text(Client, "client_number")
    return ref("client_number", "clients.csv", number, "client", "client__client_number", required=True)


CLIENTS = FileSpec(
    "clients.csv",
    Client,
    "client",
    ("client_number",),
    (
        *needed(Client, "client_number name"),
        *texts(Client, "email phone contact terms"),
        column("terms_days", whole(0, 32767), empty=0),
        *texts(Client, f"accounting_id {ADDRESS}"),
        tick("active", True),
        rate_sheet_ref("rate_sheet"),
    ),
)
CLIENT_CONTACTS = FileSpec(
    "client_contacts.csv",
    ClientContact,
    "client contact",
    ("client_number", "name"),
    (_client_ref(), *needed(ClientContact, "name"), *texts(ClientContact, "duty email phone")),
)
CLIENT_ADDRESSES = FileSpec(
    "client_addresses.csv",
    ClientAddress,
    "client address",
    ("client_number", "label"),
    (_client_ref(), *needed(ClientAddress, "label"), *texts(ClientAddress, ADDRESS)),
)
JOBS = FileSpec(
    "jobs.csv",
    Job,
    "job",
    ("job_number",),
    (
        *needed(Job, "job_number"),
        _client_ref(),
        *needed(Job, "project_name"),
        column("billing_type", choice(BillingType.values), required=True),
        user_ref("project_manager", required=True),
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
        *texts(Job, "location"),
        Column("billing_address", text(ClientAddress, "label"), "", "billing_address__label"),
        rate_sheet_ref("rate_sheet"),
    ),
)
JOB_ITEMS = FileSpec(
    "job_items.csv",
    JobItem,
    "job item",
    ("job_number", "item_code"),
    (
        job_ref(),
        item_ref(required=True),
        column("unit_price", NUMBER, empty=None),
        column("hourly_price", NUMBER, empty=None),
        column("budget_quantity", values.NUMBER_NOT_NEGATIVE, empty=None),
    ),
)
JOB_FEES = FileSpec(
    "job_fees.csv",
    JobFee,
    "job fee",
    ("job_number", "position"),
    (
        job_ref(),
        column("position", whole(1, 1000), required=True),
        item_ref(required=True),
        *needed(JobFee, "description"),
        column("percent", NUMBER, required=True),
    ),
)
