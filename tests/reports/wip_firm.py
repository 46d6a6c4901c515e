"""A small firm with work and invoices in every place the WIP Report tells apart, on days before today."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoices.models import Invoice, InvoicedRecord, InvoiceLine
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType, DailyWorkRecord, Job, PercentEntry, Section
from tests.factories import (
    make_batch,
    make_client,
    make_company,
    make_invoice,
    make_item,
    make_job,
    make_record,
    make_user,
)
from tests.invoicing import add_work


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@dataclass
class Firm:
    """Two managers with a job each, J-1 and J-2; all days lie within the last 90."""

    admin: User
    first: User
    second: User
    jobs: list[Job]
    fixed: Job

    @property
    def address(self) -> str:
        """The parameters of a report of everything but the fixed-price job."""
        return f"from={ago(90)}&to={ago(0)}&as_of={ago(0)}"


def make_firm() -> Firm:
    make_company()
    admin, first, second = make_user(), make_user(Role.PROJECT_MANAGER), make_user(Role.PROJECT_MANAGER)
    jobs = [
        make_job(project_manager=manager, job_number=f"J-{n}") for n, manager in enumerate((first, second), start=1)
    ]
    for number, job in enumerate(jobs, start=1):
        work(job, admin, hours=str(2 + number))
        billed(job, admin, number)
    make_record(job=make_job(billing_type=BillingType.OVERHEAD, project_manager=first), date=ago(1))
    fixed = make_job(
        project_manager=first,
        billing_type=BillingType.FIXED_PRICE,
        contract_amount=Decimal("10000.01"),
        job_number="F-1",
    )
    facts = {"date": ago(100), "entered_by": admin, "entered_at": timezone.now()}
    PercentEntry.objects.create(job=fixed, percent=Decimal("33.3333"), **facts)
    make_invoice(job=fixed, amounts=["4000.00"], invoice_date=ago(95))
    return Firm(admin, first, second, jobs, fixed)


def work(job: Job, by: User, *, hours: str = "3") -> None:
    """Work on no invoice: not submitted, submitted, approved, of several ages."""
    truck = make_item("TRK", section=Section.EQUIPMENT, unit="day")
    record(job, 2, by, hours=hours)
    record(job, 9, by, submitted=8, hours=hours)
    add_work(record(job, 20, by, submitted=19, approved=18, hours=hours), truck, "1.5", "333.33")
    record(job, 70, by, submitted=69, approved=68, hours=hours)


def billed(job: Job, by: User, number: int) -> None:
    """Work on an invoice in each queue; changed on it, with a fee and a line by hand; and a credit note."""
    for at, place in enumerate(("pm", "ticket", "admin", "processed", "paid")):
        facts: dict[str, Any] = {"signed": place != "pm", "is_ticket": place == "ticket"}
        amounts = ["300.00", "12.34", f"{50 + number}.00"]
        invoice = make_invoice(job=job, amounts=amounts, invoice_date=ago(30 - at), **facts)
        done = record(job, 40 + at, by, submitted=39, approved=38)
        InvoicedRecord.objects.create(record=done, invoice=invoice)
        InvoiceLine.objects.filter(invoice=invoice, line_number=1).update(record=done)
        InvoiceLine.objects.filter(invoice=invoice, line_number=2).update(section=Section.FEE)
        if place in ("processed", "paid"):
            make_batch([invoice])
            dates = {"processed_on": ago(10), "paid_on": ago(5) if place == "paid" else None}
            Invoice.objects.filter(pk=invoice.pk).update(**dates)
    make_invoice(job=job, amounts=["-20.05"], invoice_date=ago(3))


def record(
    job: Job, days: int, by: User, *, submitted: int | None = None, approved: int | None = None, hours: str = "3"
) -> DailyWorkRecord:
    """A DWR so many days old."""
    facts: dict[str, Any] = {"submitted_on": ago(submitted) if submitted is not None else None}
    if approved is not None:
        facts |= {"approved_on": ago(approved), "approved_by": by}
    return make_record(job=job, date=ago(days), hours=hours, price="96.55", created_by=by, **facts)


def many_jobs(count: int, by: User) -> None:
    """So many jobs more, each of a client, manager and office there is, with work and an invoice."""
    client = make_client()
    for number in range(count):
        job = make_job(client=client, project_manager=by, job_number=f"M-{number:04}")
        record(job, 3, by, submitted=2)
        make_invoice(job=job, invoice_date=ago(2))
