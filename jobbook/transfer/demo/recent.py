"""The documents of the last half year, each in full: records behind them, signatures, and the odd ones."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoices.models import InvoiceKind
from jobbook.jobs.models import BillingType, InvoiceType, Item, Job, LineItemType
from jobbook.transfer.demo import drafts, names
from jobbook.transfer.demo.documents import Register, Written
from jobbook.transfer.demo.drafts import DraftLine
from jobbook.transfer.demo.plan import Planned
from jobbook.transfer.demo.work import Crews

_LONG_DAYS = 14


@dataclass
class Recent:
    """Writes planned documents, in order; `written` pairs each with its row."""

    register: Register
    crews: Crews
    today: date
    rng: random.Random
    written: list[tuple[Planned, Written]] = field(default_factory=list)
    billed: dict[int, Written] = field(default_factory=dict)  # job: its newest invoice, for credit notes

    def write(self, planned: Planned) -> None:
        invoice = self._credit(planned) if planned.twist == "credit" else None
        if invoice is None:
            invoice = self._invoice(planned)
        self.written.append((planned, invoice))
        self.register.ledger.sink.flush_if_full()

    def _credit(self, planned: Planned) -> Written | None:
        """A credit note for the job's newest invoice; None when it has none yet."""
        credited = self.billed.get(planned.job.pk)
        if credited is None or credited.total < 500:
            return None
        items = self.register.firm.items
        lines = drafts.credit(self.rng, items, credited.total, planned.date)
        facts = self._facts(planned)
        memo = f"Credits {credited.number}."
        return self.register.write(
            planned.job, planned.date, lines, kind=InvoiceKind.CREDIT_NOTE, credits_id=credited.id, memo=memo, **facts
        )

    def _invoice(self, planned: Planned) -> Written:
        job = planned.job
        if job.billing_type == BillingType.FIXED_PRICE:
            lines = drafts.progress(self.rng, job, self.register.firm.items, planned.date)
            return self._finish(planned, lines, [])
        days = self.rng.choice([1, 2, 3, 3, 4, 5]) if planned.twist != "long" else _LONG_DAYS
        until = planned.date - timedelta(days=self.rng.randint(0, 3))
        work = self.crews.days(self.rng, job, until, days, signed=self.rng.random() < 0.5)
        roll = job.line_item_type == LineItemType.SUMMARIZED
        lines = drafts.summarized(work) if roll else drafts.detailed(work)
        return self._finish(planned, lines, [day.id for day in work])

    def _finish(self, planned: Planned, lines: list[DraftLine], records: Sequence[int]) -> Written:
        if planned.twist == "zero":
            lines = drafts.warranty(lines, planned.date)
        elif planned.twist == "unpriced":
            lines.append(drafts.note(self.rng.choice(names.UNPRICED)))
        elif self.rng.random() < 0.15:
            lines.append(drafts.fee(lines, self.register.firm.items["ENV"]))
        facts = self._facts(planned)
        if planned.twist == "changed":
            facts["signed_total"] = self.register.total_of(planned.job, lines)
            lines.append(_simple(self.register.firm.items["SAFE"], Decimal(4), planned.date))
        invoice = self.register.write(planned.job, planned.date, lines, **facts)
        self.register.bill(invoice.id, records)
        if planned.queue == "done":
            self.billed[planned.job.pk] = invoice
        return invoice

    def _facts(self, planned: Planned) -> dict[str, Any]:
        """The facts that put it into its queue: signature, release, the client's approval."""
        facts: dict[str, Any] = {}
        if planned.twist == "no_po":
            facts["po_number"] = ""
        if planned.queue == "pm":
            return facts
        on = min(planned.date + timedelta(days=self.rng.randint(0, 2)), self.today)
        if planned.twist == "released":
            reason = self.rng.choice(names.RELEASES)
            return facts | {"released_by": names.ADMINISTRATOR, "released_on": on, "release_reason": reason}
        facts |= {"signed_by": planned.job.project_manager.name, "signed_on": on}
        if planned.job.invoice_type == InvoiceType.TICKET_INVOICE and planned.queue != "ticket":
            facts["client_approved_on"] = min(on + timedelta(days=2), self.today)
        return facts


def write_bulk(register: Register, jobs: Sequence[Job], count: int, today: date, rng: random.Random) -> None:
    """`count` signed invoices of one or two lines for the Admin Queue: load for measurements."""
    items = register.firm.items
    for _ in range(count):
        job = rng.choice(jobs)
        on = today - timedelta(days=rng.randint(1, 60))
        facts: dict[str, Any] = {"signed_by": job.project_manager.name, "signed_on": on}
        if job.invoice_type == InvoiceType.TICKET_INVOICE:
            facts["client_approved_on"] = on
        register.write(job, on, simple_lines(rng, items, on), **facts)
        register.ledger.sink.flush_if_full()


def simple_lines(rng: random.Random, items: dict[str, Item], on: date) -> list[DraftLine]:
    """One or two priced lines."""
    codes = rng.choice((("FOR",), ("JRN",), ("SUR",), ("JRN", "TRK1"), ("SUR", "GNSS"), ("FOR", "RIG")))
    return [_simple(items[code], Decimal(rng.randrange(4, 90)) / 4, on) for code in codes]


def _simple(item: Item, quantity: Decimal, on: date) -> DraftLine:
    return drafts.priced(item.section, item.name, item, quantity, item.unit_price or Decimal(0), on)
