"""The files of invoices and credit notes."""

from invoices.models import Invoice, InvoiceKind, InvoiceLine
from jobbook.jobs.models import DailyWorkRecord, Item, Section
from jobbook.transfer import values
from jobbook.transfer.columns import Column, FileSpec, column, days, ref, texts
from jobbook.transfer.layout.refs import job_ref
from jobbook.transfer.layout.work import LINE_NUMBER
from jobbook.transfer.values import CODES, DAY, LINES, MONEY, NUMBER, choice, text

_number = text(Invoice, "number")
INVOICES = FileSpec(
    "invoices.csv",
    Invoice,
    "invoice",
    ("invoice_number",),
    (
        column("invoice_number", values.required_text(Invoice, "number"), field="number", required=True),
        job_ref(),
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
        *texts(Invoice, "client_approved_by", keeps=True),
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
        LINE_NUMBER,
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
