"""Any books of a small firm: jobs of every kind, work in every state, invoices by every way there is to make one.

Invoices come from the product's own commands, which bill DWRs, edit what was drafted, leave work out, take lines by
hand, fees, an adjusted subtotal and credit notes; and as an import leaves them, naming DWRs without LineSource. Then
every date is thrown anew, in any order that the database allows.
"""

import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoices.drafting import DraftLine, adjust, work_lines
from invoices.editing import edit_invoice
from invoices.making import make_credit_note, make_invoice
from invoices.models import Invoice, InvoicedRecord, InvoiceKind, InvoiceLine, ProcessBatch, Queue
from invoices.rows import fees_of, lines_of, taxes_of, works_of
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.jobs.models import (
    BillingType,
    ContractEntry,
    DailyWorkRecord,
    Item,
    Job,
    LineItemType,
    PercentEntry,
    Section,
)
from tests.factories import TODAY, make_batch, make_company, make_item, make_job, make_record, make_user
from tests.factories import make_invoice as imported_invoice
from tests.invoicing import add_fee, add_work, invoice_all, lump, seen

# Days before LAST on which anything is dated: few, so that facts meet on a day, and at the bounds of the ages.
DAYS = (0, 1, 8, 9, 16, 31, 62, 63)
LAST = TODAY + timedelta(days=1)
PRICES = ("96", "0.0333", "112.5", "0")
QUANTITIES = ("8", "8", "0.3333", "0.3333", "7.5", "-2")


@dataclass
class Books:
    """Made at random in an empty database. jobs: at least one."""

    rng: random.Random
    admin: User = field(init=False)
    items: list[Item] = field(init=False)
    batch: ProcessBatch = field(init=False)

    def __post_init__(self) -> None:
        make_company()
        self.admin = make_user()
        self.items = [make_item("LAB"), make_item("TRK", section=Section.EQUIPMENT, unit="day")]
        self.batch = make_batch([])
        for number in range(self.rng.randint(1, 2)):
            self._job(number)
        self._date_everything()

    def some(self, rows: Any) -> list[Any]:
        return [row for row in rows if self.rng.random() < 0.7]

    def day(self) -> date:
        return LAST - timedelta(days=self.rng.choice(DAYS))

    def maybe(self) -> date | None:
        return self.day() if self.rng.random() < 0.7 else None

    def _job(self, number: int) -> None:
        job = make_job(
            job_number=f"26-{number}",
            project_manager=self.admin,
            billing_type=self.rng.choice(BillingType.values) if number else BillingType.TIME_AND_MATERIAL,
            line_item_type=self.rng.choice(LineItemType.values),
            contract_amount=self.rng.choice([None, Decimal(1000)]),
        )
        if self.rng.random() < 0.5:
            add_fee(job, "3.5")
        for _ in range(self.rng.randint(1, 5)):
            self._record(job)
        if job.billing_type == BillingType.TIME_AND_MATERIAL:
            self._from_backlog(job)
        if job.billing_type in (BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE):
            self._by_hand(job)
            self._imported(job)
        if job.billing_type == BillingType.FIXED_PRICE:
            self._progress(job)
        self._credits(job)

    def _record(self, job: Job) -> None:
        facts = {"submitted_on": TODAY, "approved_on": TODAY, "approved_by": self.admin, "created_by": self.admin}
        record = make_record(job=job, hours=self.rng.choice(QUANTITIES), price=self.rng.choice(PRICES), **facts)
        for item in self.some(self.items * 2):
            add_work(record, item, self.rng.choice(QUANTITIES), self.rng.choice(PRICES))

    def _free(self, job: Job) -> list[DailyWorkRecord]:
        return self.some(job.records.filter(invoiced=None).order_by("pk"))

    def _from_backlog(self, job: Job) -> None:
        """Drafted from DWRs, then edited: other hours, lines left out, lines by hand."""
        if not (records := self._free(job)):
            return
        with suppress(Refused):
            (invoice,) = invoice_all(self.admin, records).invoices
            lines = [line for line in map(self._edited, lines_of(invoice)) if line]
            lines += [lump("17.01")] * self.rng.randint(0, 1)
            edit_invoice(invoice.pk, version=invoice.version, values={}, lines=lines, by=self.admin)

    def _edited(self, line: DraftLine) -> DraftLine | None:
        if line.quantity is None or line.section == Section.FEE:
            return line
        return self.rng.choice([line, line, replace(line, quantity=line.quantity + Decimal("0.25")), None])

    def _by_hand(self, job: Job) -> None:
        """Lump sums with a subtotal typed over, and DWRs taken by hand, some of their lines left out."""
        records, taxes = self._free(job), taxes_of(job)
        works = works_of(DailyWorkRecord.objects.filter(pk__in=[record.pk for record in records])).get(job.pk, [])
        billed = work_lines(works, line_item_type=job.line_item_type, taxes=taxes)
        lines = [*self.some(billed), *fees_of(job, taxes), lump("250.00")]
        if self.rng.random() < 0.5:
            lines = adjust(lines, Decimal("249.37"), taxes)
        with suppress(Refused):
            make_invoice(job.pk, values={}, lines=lines, records=seen(*records), by=self.admin)

    def _imported(self, job: Job) -> None:
        """Lines that name their DWR, with no LineSource; a fee; one by hand. A DWR more may stand behind no line."""
        records = self._free(job)
        invoice = imported_invoice(job=job, amounts=["100.10", "33.33", "7.00", "0.01"])
        InvoicedRecord.objects.bulk_create(InvoicedRecord(record=record, invoice=invoice) for record in records)
        for number, record in enumerate(records[:2], start=1):
            InvoiceLine.objects.filter(invoice=invoice, line_number=number).update(record=record)
        InvoiceLine.objects.filter(invoice=invoice, line_number=3).update(section=Section.FEE)
        if self.rng.random() < 0.5:
            imported_invoice(job=job, amounts=["-20.05"])  # a credit note that stands alone

    def _progress(self, job: Job) -> None:
        facts = {"job": job, "entered_by": self.admin, "entered_at": timezone.now()}
        for day in {self.day() for _ in range(self.rng.randint(0, 3))}:
            percent = self.rng.choice(["0", "33.3333", "100"])
            PercentEntry.objects.create(date=day, percent=Decimal(percent), **facts)
        for day in {self.day() for _ in range(self.rng.randint(0, 2))}:
            ContractEntry.objects.create(date=day, amount=Decimal("1234.57"), **facts)

    def _credits(self, job: Job) -> None:
        for invoice in self.some(job.invoices.filter(kind=InvoiceKind.INVOICE, total__gt=10).order_by("-pk"))[:1]:
            self._stand(invoice, Queue.ADMIN)
            version = Invoice.objects.get(pk=invoice.pk).version
            with suppress(Refused):
                make_credit_note(invoice.pk, version=version, values={}, lines=[lump("-5.55")], by=self.admin)

    def _date_everything(self) -> None:
        for record in DailyWorkRecord.objects.select_related("invoiced").order_by("pk"):
            billed = hasattr(record, "invoiced")
            submitted = self.day() if billed else self.maybe()
            approved = submitted and (self.day() if billed else self.maybe())
            DailyWorkRecord.objects.filter(pk=record.pk).update(
                date=self.day(),
                submitted_on=submitted,
                approved_on=approved,
                approved_by=self.admin if approved else None,
            )
        for invoice in Invoice.objects.order_by("pk"):
            self._stand(invoice, self.rng.choice(Queue.values))

    def _stand(self, invoice: Invoice, queue: str) -> None:
        """Put it into a queue, each fact on a day of its own."""
        day, is_ticket = self.day(), queue == Queue.TICKET or self.rng.random() < 0.4
        released = queue not in (Queue.PM, Queue.TICKET) and self.rng.random() < 0.3
        signed = queue != Queue.PM and (not released or self.rng.random() < 0.5)
        approved = queue not in (Queue.PM, Queue.TICKET) and is_ticket and signed
        done = queue in (Queue.PROCESSED, Queue.PAID)
        Invoice.objects.filter(pk=invoice.pk).update(
            invoice_date=day,
            due_date=day,
            is_ticket=is_ticket,
            released_on=self.day() if released else None,
            released_by="M. Tran" if released else "",
            release_reason="Away" if released else "",
            signed_on=self.day() if signed else None,
            signed_by="A. Beaulieu" if signed else "",
            signed_total=invoice.total if signed else None,
            client_approved_on=self.day() if approved else None,
            client_approved_by="R. Client" if approved else "",
            batch=self.batch if done else None,
            processed_on=self.day() if done else None,
            paid_on=self.day() if queue == Queue.PAID else None,
        )
