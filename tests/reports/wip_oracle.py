"""The figures of a WIP Report again in plain Python: every row is read, and nothing is added up in SQL."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.models import Invoice, InvoiceKind, LineSource
from jobbook.jobs.models import ContractEntry, DailyWorkRecord, Job, PercentEntry, Section
from jobbook.reports.wip.scope import Scope

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class WorkRow:
    """A line of work of the report."""

    line: int
    job: int
    item: int
    age: int
    place: str
    amount: Decimal
    invoice: str | None


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice of the report; parts without those that are nothing."""

    id: int
    job: int
    queue: str
    subtotal: Decimal
    parts: dict[str, Decimal]


class Oracle:
    """All rows of the report's jobs. Reads the database when it is made."""

    def __init__(self, scope: Scope, jobs: Iterable[Job]) -> None:
        self.scope = scope
        self.jobs = {job.pk: job for job in jobs}
        self.sourced = set(LineSource.objects.exclude(line=None).values_list("line_id", flat=True))
        records = DailyWorkRecord.objects.select_related("invoiced__invoice").prefetch_related("lines")
        self.all_records = [record for record in records if record.job_id in self.jobs]
        invoices = Invoice.objects.prefetch_related("lines", "invoiced_records__record__lines")
        self.all_invoices = [invoice for invoice in invoices if invoice.job_id in self.jobs]
        self.work = list(self._work())
        self.invoices = [self._invoice(each) for each in self.all_invoices if self.within(each.invoice_date)]

    def within(self, day: date) -> bool:
        after = self.scope.start is None or day >= self.scope.start
        return after and day <= self.scope.end and day <= self.scope.as_of

    def happened(self, day: date | None) -> bool:
        return day is not None and day <= self.scope.as_of

    def _work(self) -> Iterator[WorkRow]:
        for record in self.all_records:
            if not self.within(record.date):
                continue
            invoice = record.invoiced.invoice if hasattr(record, "invoiced") else None
            if invoice and not self.happened(invoice.invoice_date):
                invoice = None
            place = self.queue(invoice) if invoice else self._state(record)
            age = (self.scope.as_of - record.date).days
            for line in record.lines.all():
                number = invoice.number if invoice else None
                yield WorkRow(line.pk, record.job_id, line.item_id, age, place, line.amount, number)

    def _state(self, record: DailyWorkRecord) -> str:
        if self.happened(record.approved_on):
            return "approved"
        return "submitted" if self.happened(record.submitted_on) else "draft"

    def queue(self, invoice: Invoice) -> str:
        """Where it stood at the end of the day."""
        if self.happened(invoice.paid_on):
            return "paid"
        if self.happened(invoice.processed_on):
            return "processed"
        if self.happened(invoice.released_on):
            return "admin"
        if not self.happened(invoice.signed_on):
            return "pm"
        waits_for_client = invoice.is_ticket and not self.happened(invoice.client_approved_on)
        return "ticket" if waits_for_client else "admin"

    def _invoice(self, invoice: Invoice) -> InvoiceRow:
        parts = self._credit(invoice) if invoice.kind == InvoiceKind.CREDIT_NOTE else self._parts(invoice)
        parts = {name: amount for name, amount in parts.items() if amount}
        return InvoiceRow(invoice.pk, invoice.job_id, self.queue(invoice), invoice.subtotal, parts)

    @staticmethod
    def _credit(invoice: Invoice) -> dict[str, Decimal]:
        return {"credits": invoice.subtotal}

    def _parts(self, invoice: Invoice) -> dict[str, Decimal]:
        parts: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in invoice.lines.all():
            if line.section == Section.FEE:
                parts["fees"] += line.amount
            elif line.record_id or line.pk in self.sourced:
                parts["changed"] += line.amount
            else:
                parts["by_hand"] += line.amount
        for each in invoice.invoiced_records.all():
            for work in each.record.lines.all():
                parts["work"] += work.amount
                parts["changed"] -= work.amount
        return parts

    def fixed_price(self) -> dict[int, tuple[Any, ...]]:
        """Contract, per cent, earned, billed of each fixed-price job."""
        fixed = {pk: job for pk, job in self.jobs.items() if job.billing_type == "fixed_price"}
        return {pk: self._progress(job) for pk, job in fixed.items()}

    def _progress(self, job: Job) -> tuple[Any, ...]:
        amounts = [(each.date, each.amount) for each in ContractEntry.objects.filter(job=job)]
        percents = [(each.date, each.percent) for each in PercentEntry.objects.filter(job=job)]
        contract = self._newest(amounts, job.contract_amount)
        percent = self._newest(percents, None)
        billed = [
            each.subtotal for each in self.all_invoices if each.job_id == job.pk and self.happened(each.invoice_date)
        ]
        return contract, percent, sum(billed, ZERO)

    def _newest(self, entries: list[tuple[date, Decimal]], begun: Decimal | None) -> Decimal | None:
        until = sorted(entry for entry in entries if self.happened(entry[0]))
        return until[-1][1] if until else begun


def added(pairs: Iterable[tuple[Any, Decimal]]) -> dict[Any, Decimal]:
    """The sums by key."""
    sums: dict[Any, Decimal] = {}
    for key, amount in pairs:
        sums[key] = sums.get(key, ZERO) + amount
    return sums
