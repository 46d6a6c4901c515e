"""The bulk of a large database: documents of former years with one or two lines, imported processed and mostly paid.

Written in chunks, each an import of its own with its batch, so memory does not grow with their number.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from invoices.models import BatchKind, ProcessBatch
from jobbook.common.audit import next_number
from jobbook.jobs.models import BillingType, InvoiceType, Job
from jobbook.transfer.demo.documents import Register
from jobbook.transfer.demo.ledger import Ledger
from jobbook.transfer.demo.plan import HISTORY_AGE
from jobbook.transfer.demo.recent import simple_lines

CHUNK = 5_000  # documents of an import
_LEAST, _YEAR, _MOST = 60, 365, 3650  # days
_PER_YEAR = 40_000  # the more documents, the further back


@dataclass
class History:
    """Imports old documents, the oldest first."""

    register: Register
    ledger: Ledger
    today: date
    seed: int

    def write(self, count: int, at: datetime) -> None:
        """`count` documents, in imports that pretend to have run one after the other from `at`."""
        firm = self.register.firm
        jobs = firm.old_jobs or firm.billed(BillingType.TIME_AND_MATERIAL)
        span = min(_MOST, max(_LEAST, count * _YEAR // _PER_YEAR))
        for number, start in enumerate(range(0, count, CHUNK)):
            rng = random.Random(f"{self.seed}/history/{number}")  # noqa: S311 - made-up data, the same each time
            ages = [HISTORY_AGE + span - span * n // count for n in range(start, min(start + CHUNK, count))]
            self._import(rng, jobs, ages, at + timedelta(seconds=number))

    def _import(self, rng: random.Random, jobs: list[Job], ages: list[int], at: datetime) -> None:
        operation = self.ledger.open(None, "data.import", at)
        batch = ProcessBatch.objects.create(
            number=next_number("process_batch"),
            kind=BatchKind.IMPORT,
            count=len(ages),
            total=Decimal(0),
            created_at=at,
            created_by=None,
            created_by_name=operation.by.name,
            entry_number=operation.number,
        )
        total = Decimal(0)
        for age in ages:
            on = self.today - timedelta(days=age)
            job = rng.choice(jobs)
            facts = self._facts(rng, job, on, batch.pk)
            total += self.register.write(job, on, simple_lines(rng, self.register.firm.items, on), **facts).total
            self.ledger.sink.flush_if_full()
        ProcessBatch.objects.filter(pk=batch.pk).update(total=total)
        self.ledger.close(count=len(ages), total=total, batch=batch.number)

    def _facts(self, rng: random.Random, job: Job, on: date, batch_id: int) -> dict[str, Any]:
        processed = on + timedelta(days=rng.randint(3, 12))
        paid = processed + timedelta(days=rng.randint(10, 60)) if rng.random() < 0.98 else None
        return {
            "signed_by": job.project_manager.name,
            "signed_on": on,
            "client_approved_on": on if job.invoice_type == InvoiceType.TICKET_INVOICE else None,
            "batch_id": batch_id,
            "processed_on": processed,
            "paid_on": paid,
            "accounting_reference": f"AR-{rng.randrange(10_000, 99_999)}",
        }
