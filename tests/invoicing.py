"""Short names for drafting, and invoices in every queue."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from invoices.drafting import DraftLine
from invoices.making import InvoicingResult, invoice_records, invoicing_intent
from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.common.models import Intent
from jobbook.common.money import line_amount
from jobbook.jobs.models import DailyWorkRecord, InvoiceType, Item, Job, JobFee, Section, WorkLine
from tests.commands import fresh
from tests.factories import TODAY, make_batch, make_expense, make_invoice, make_item, make_job, make_record


def approved(job: Job, by: User, **fields: Any) -> DailyWorkRecord:
    """An approved DWR of eight hours at 96."""
    return make_record(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=by, **fields)


def seen(*records: DailyWorkRecord) -> dict[int, int]:
    """DWRs for an invoice by hand, in the version they have here."""
    return {record.pk: record.version for record in records}


def approved_expense(job: Job, by: User, **fields: Any) -> Any:
    return make_expense(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=by, **fields)


def add_work(record: DailyWorkRecord, item: Item, quantity: str, price: str) -> WorkLine:
    """One more line on a DWR."""
    return WorkLine.objects.create(
        record=record,
        line_number=record.lines.count() + 1,
        section=item.section,
        item=item,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        amount=line_amount(Decimal(quantity), Decimal(price)),
    )


def add_fee(job: Job, percent: str, description: str = "Fuel") -> JobFee:
    item = make_item("FEE", section=Section.EQUIPMENT, account_code="4900")
    position = job.fees.count() + 1
    return JobFee.objects.create(
        job=job, item=item, description=description, percent=Decimal(percent), position=position
    )


def window(user: User, records: Iterable[DailyWorkRecord]) -> Intent:
    """What the window of Invoice Selected DWRs freezes."""
    rows = DailyWorkRecord.objects.filter(pk__in=[record.pk for record in records])
    return invoicing_intent(user=user, records=rows)


def invoice_all(user: User, records: Iterable[DailyWorkRecord]) -> InvoicingResult:
    return invoice_records(window(user, records).pk, by=user)


def lump(amount: str, **fields: Any) -> DraftLine:
    """A lump sum that carries GST."""
    values = {"section": Section.FIXED_PRICE, "description": "Lump sum", "taxes": ("GST",), **fields}
    return DraftLine(amount=Decimal(amount), **values)


def in_queue(place: str, job: Job | None = None) -> Invoice:
    """An invoice in a queue: pm, ticket, admin, client (approved by the client), released, processed, paid."""
    job = job or make_job()
    fields: dict[str, Any] = {"signed": place not in ("pm", "released")}
    if place in ("ticket", "client"):
        Job.objects.filter(pk=job.pk).update(invoice_type=InvoiceType.TICKET_INVOICE)
        fields["is_ticket"] = True
    if place == "client":
        fields |= {"client_approved_on": TODAY, "client_approved_by": "R. Client"}
    if place == "released":
        fields |= {"released_on": TODAY, "released_by": "M. Tran", "release_reason": "Manager is away"}
    invoice = make_invoice(job=job, **fields)
    if place in ("processed", "paid"):
        make_batch([invoice])
    if place == "paid":
        Invoice.objects.filter(pk=invoice.pk).update(paid_on=TODAY)
    return fresh(invoice)


PLACES = ("pm", "ticket", "admin", "client", "released", "processed", "paid")
IN_ADMIN_QUEUE = ("admin", "client", "released")
QUEUE = {place: Queue(place) if place in Queue.values else Queue.ADMIN for place in PLACES}
