"""Jobs of every kind with work, expenses and invoices in every queue, and their figures again in plain Python."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.jobs.models import BillingType, Job
from tests.backlog.grids import text
from tests.factories import (
    TODAY,
    make_batch,
    make_company,
    make_expense,
    make_invoice,
    make_item,
    make_job,
    make_record,
    make_user,
)
from tests.invoicing import PLACES, add_work, approved, in_queue

FIGURES = ("dwr_amount", "expense_amount", "invoiced", "processed", "paid", "unbilled")
POS = (Decimal("1000.00"), None, Decimal("0.00"), Decimal("5000.00"), Decimal("700.35"))


def make_firm(managers: list[User]) -> list[Job]:
    """A job of each billing type for each manager, the last of them closed."""
    make_company()
    by = make_user()
    jobs = []
    for number, (manager, billing) in enumerate([(m, b) for m in managers for b in BillingType], start=1):
        fields: dict[str, Any] = {"status": ("Open", "On hold", "")[number % 3], "po_amount": POS[number % len(POS)]}
        due = TODAY + timedelta(days=number * 10 - 40)
        jobs.append(make_job(project_manager=manager, billing_type=billing, due_date=due, **fields))
        fill(jobs[-1], by, number)
    Job.objects.filter(pk=jobs[-1].pk).update(active=False)
    return jobs


def fill(job: Job, by: User, number: int) -> None:
    """DWRs in every state, one on an invoice; expenses in every state; an invoice in each queue and a credit note."""
    make_record(job=job, hours="1", price=f"1{number}.01")
    make_record(job=job, hours="2", price=f"2{number}.02", submitted_on=TODAY)
    for hours in ("3", "4.5"):
        add_work(
            approved(job, by, hours=hours, price=f"3{number}.33"), make_item("TRUCK", section="equipment"), "1", "7.77"
        )
    billed = approved(job, by, hours="5", price=f"4{number}.05")
    make_expense(job=job, amount=Decimal("1.11"))
    make_expense(job=job, amount=Decimal("2.22"), submitted_on=TODAY)
    make_expense(
        job=job, amount=Decimal("4.44"), submitted_on=TODAY, approved_on=TODAY, approved_by=by, processed_on=TODAY
    )
    if job.billing_type not in (BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE):
        return
    for place in PLACES:
        in_queue(place, job)
    InvoicedRecord.objects.create(record=billed, invoice=job.invoices.order_by("pk")[number % len(PLACES)])
    last = make_invoice(
        job=job, amounts=["17.05", f"{number}.03"], invoice_date=date(2026, 12, 1) - timedelta(days=number)
    )
    credit = make_invoice(job=job, amounts=["-33.33"], invoice_date=date(2026, 12, 5))
    make_batch([last, credit] if number % 2 else [credit])


def numbers(response: Any) -> list[str]:
    """The job numbers of the rows of the dashboard, in order."""
    return re.findall(r'class="inv job trunc" role="rowheader"><a href="[^"]+">([^<]+)</a>', text(response))


def spaced(response: Any) -> str:
    """The text of a page, a blank for each tag."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


def figures_of(job: Job) -> dict[str, Any]:
    """The row of a job, added up in Python."""
    records = list(job.records.prefetch_related("lines"))
    done = [record for record in records if record.approved_on]
    waiting = [record for record in done if not hasattr(record, "invoiced")]
    invoices = list(job.invoices.all())
    dates = [invoice.invoice_date for invoice in invoices if invoice.kind == "invoice"]
    return {
        "dwr_amount": total(line.amount for record in done for line in record.lines.all()),
        "expense_amount": total(each.amount for each in job.expenses.all() if each.submitted_on),
        "invoiced": total(each.subtotal for each in invoices),
        "processed": total(each.subtotal for each in invoices if each.processed_on),
        "paid": total(each.subtotal for each in invoices if each.paid_on),
        "unbilled": total(line.amount for record in waiting for line in record.lines.all())
        if job.billing_type == BillingType.TIME_AND_MATERIAL
        else None,
        "last_invoice": max(dates, default=None),
    }


def total(amounts: Any) -> Decimal:
    return sum(amounts, Decimal("0.00"))
