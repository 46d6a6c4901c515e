"""Plain factories: each makes one row with believable defaults; keyword arguments set any field."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoices.models import BatchKind, Invoice, InvoiceKind, InvoiceLine, InvoiceTax, ProcessBatch
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.audit import next_number
from jobbook.common.money import line_amount, tax_amount, total_of
from jobbook.jobs.models import (
    BillingType,
    Client,
    Company,
    DailyWorkRecord,
    Employee,
    Expense,
    Item,
    Job,
    JobTax,
    Office,
    RateLine,
    RateSheet,
    Section,
    Tax,
    WorkLine,
)

PASSWORD = "correct horse battery"
TODAY = date(2026, 11, 20)
_count = itertools.count(1)


def make_user(role: str = Role.ADMINISTRATOR, **fields: Any) -> User:
    n = next(_count)
    fields.setdefault("email", f"{role}{n}@example.com")
    fields.setdefault("name", f"{Role(role).label} {n}")
    fields.setdefault("password", PASSWORD)
    return User.objects.create_user(role=role, **fields)


def make_company(**fields: Any) -> Company:
    fields.setdefault("name", "Northfork Field Services Ltd.")
    fields.setdefault("address_1", "2210 Industrial Road")
    return Company.objects.create(**fields)


def make_tax(code: str = "GST", rate: str = "5", **fields: Any) -> Tax:
    tax, _ = Tax.objects.get_or_create(code=code, defaults={"name": code, "rate": Decimal(rate), **fields})
    return tax


def make_item(code: str = "LAB", **fields: Any) -> Item:
    defaults = {"name": code.title(), "section": Section.LABOUR, "unit": "h", "account_code": "4010"}
    item, _ = Item.objects.get_or_create(code=code, defaults={**defaults, **fields})
    return item


def make_client(**fields: Any) -> Client:
    n = next(_count)
    fields.setdefault("client_number", f"C-{n:04}")
    fields.setdefault("name", f"Client {n} Ltd.")
    fields.setdefault("address_1", f"{n} Main Street")
    fields.setdefault("city", "Edson")
    fields.setdefault("terms", "Net 30")
    fields.setdefault("terms_days", 30)
    return Client.objects.create(**fields)


def make_employee(name: str = "J. Lavoie", **fields: Any) -> Employee:
    employee, _ = Employee.objects.get_or_create(name=name, defaults=fields)
    return employee


def make_rate_sheet(prices: dict[Item, tuple[str, str | None]] | None = None, **fields: Any) -> RateSheet:
    """A rate sheet with a unit and an hourly price for each item."""
    fields.setdefault("name", f"Rates {next(_count)}")
    sheet = RateSheet.objects.create(**fields)
    for item, (unit, hourly) in (prices or {}).items():
        hourly_price = Decimal(hourly) if hourly else None
        RateLine.objects.create(sheet=sheet, item=item, unit_price=Decimal(unit), hourly_price=hourly_price)
    return sheet


def make_job(*, taxes: list[Tax] | None = None, **fields: Any) -> Job:
    n = next(_count)
    fields.setdefault("job_number", f"26-{n:04}")
    fields.setdefault("project_name", f"Project {n}")
    fields.setdefault("billing_type", BillingType.TIME_AND_MATERIAL)
    if "client" not in fields:
        fields["client"] = make_client()
    if "project_manager" not in fields:
        fields["project_manager"] = make_user(Role.PROJECT_MANAGER)
    if "office" not in fields:
        fields["office"] = Office.objects.get_or_create(name="Edson")[0]
    job = Job.objects.create(**fields)
    for position, tax in enumerate(taxes or [make_tax()], start=1):
        JobTax.objects.create(job=job, tax=tax, position=position)
    return job


def make_record(*, hours: str = "8", price: str = "96", **fields: Any) -> DailyWorkRecord:
    """A DWR with one labour line; pass submitted_on, approved_on, approved_by as needed."""
    n = next(_count)
    fields.setdefault("dwr_number", str(8000 + n))
    fields.setdefault("date", TODAY)
    if "job" not in fields:
        fields["job"] = make_job()
    if "created_by" not in fields:
        fields["created_by"] = make_user(Role.TECHNICIAN)
    record = DailyWorkRecord.objects.create(**fields)
    WorkLine.objects.create(
        record=record,
        line_number=1,
        section=Section.LABOUR,
        item=make_item(),
        employee="J. Lavoie",
        hours=Decimal(hours),
        quantity=Decimal(hours),
        unit_price=Decimal(price),
        amount=line_amount(Decimal(hours), Decimal(price)),
    )
    return record


def make_expense(**fields: Any) -> Expense:
    n = next(_count)
    fields.setdefault("expense_number", str(n))
    fields.setdefault("date", TODAY)
    fields.setdefault("employee", "J. Lavoie")
    fields.setdefault("amount", Decimal("42.50"))
    if "job" not in fields:
        fields["job"] = make_job()
    return Expense.objects.create(**fields)


def make_invoice(*, amounts: list[str] | None = None, signed: bool = True, **fields: Any) -> Invoice:
    """An invoice with a line per amount (default one of 100.00) and its job's taxes; in the Admin Queue if signed."""
    n = next(_count)
    job: Job = fields.pop("job", None) or make_job()
    taxes = [job_tax.tax for job_tax in job.job_taxes.select_related("tax")]
    lines = [Decimal(amount) for amount in amounts or ["100.00"]]
    subtotal = total_of(lines)
    tax = total_of(tax_amount(subtotal, each.rate) for each in taxes)
    values: dict[str, Any] = {
        "number": f"INV-{10000 + n}",
        "kind": InvoiceKind.CREDIT_NOTE if subtotal < 0 else InvoiceKind.INVOICE,
        "client": job.client,
        "client_name": job.client.name,
        "client_email": job.client.email,
        "job_number": job.job_number,
        "project_name": job.project_name,
        "billing_type": job.billing_type,
        "line_item_type": job.line_item_type,
        "bill_to_name": job.client.name,
        **{f"bill_to_{i}": line for i, line in enumerate(job.client.address_lines, start=1)},
        "seller_name": "Northfork Field Services Ltd.",
        "office_name": job.office.name if job.office else "",
        "invoice_date": TODAY,
        "terms": job.client.terms,
        "po_number": job.po_number,
        "currency": "CAD",
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
    }
    values.update(fields)
    values.setdefault("due_date", values["invoice_date"] + timedelta(days=job.client.terms_days))
    if signed:
        values.setdefault("signed_by", "A. Beaulieu")
        values.setdefault("signed_on", values["invoice_date"])
        values.setdefault("signed_total", values["total"])
    invoice = Invoice.objects.create(job=job, **values)
    _add_lines(invoice, lines, taxes)
    return invoice


def _add_lines(invoice: Invoice, amounts: list[Decimal], taxes: list[Tax]) -> None:
    item = make_item()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            line_number=number,
            section=Section.LABOUR,
            item=item,
            item_code=item.code,
            description=f"Work {number}",
            quantity=Decimal(1),
            unit="h",
            unit_price=amount,
            amount=amount,
            taxes=";".join(tax.code for tax in taxes),
            account_code=item.account_code,
        )
        for number, amount in enumerate(amounts, start=1)
    )
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            invoice=invoice,
            position=position,
            tax=tax,
            code=tax.code,
            name=tax.name,
            rate=tax.rate,
            base=invoice.subtotal,
            amount=tax_amount(invoice.subtotal, tax.rate),
        )
        for position, tax in enumerate(taxes, start=1)
    )


def make_batch(invoices: list[Invoice], *, kind: str = BatchKind.BULK, by: User | None = None) -> ProcessBatch:
    """A batch put in place without the command and its audit: for reading tests. Prefer process_invoices elsewhere."""
    batch = ProcessBatch.objects.create(
        number=next_number("process_batch"),
        kind=kind,
        count=len(invoices),
        total=total_of(invoice.total for invoice in invoices),
        created_at=timezone.now(),
        created_by=by,
        created_by_name=by.name if by else "command line",
        entry_number=0,
    )
    Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]).update(batch=batch, processed_on=TODAY)
    return batch
