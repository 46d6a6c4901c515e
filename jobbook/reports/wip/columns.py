"""The columns of the report's tables: each is what it sums, so that number, link, file and paper can't differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from invoices.models import Queue
from jobbook.common.money import round_money
from jobbook.reports.wip.figures import UNBILLED, Billed, JobLine, Part, Place, Work

QUEUES = tuple(Queue.values)


@dataclass(frozen=True)
class WorkColumn:
    """Recorded work that stands in one of `places`. short: its head under the heading of its group."""

    label: str
    places: tuple[str, ...]
    short: str = ""

    def of(self, work: Work) -> Decimal:
        return work.of(*self.places)

    @property
    def head(self) -> str:
        return self.short or self.label


@dataclass(frozen=True)
class BilledColumn:
    """A part of the invoices, or what of them is in a queue; without either all of them."""

    label: str
    part: str = ""
    queue: str = ""
    short: str = ""

    def of(self, billed: Billed) -> Decimal:
        if self.queue:
            return billed.queues.get(self.queue, Decimal("0.00"))
        return billed.parts.get(self.part, Decimal("0.00")) if self.part else billed.invoiced

    @property
    def head(self) -> str:
        return self.short or self.label


RECORDED = WorkColumn("Recorded", tuple(Place))
DRAFT = WorkColumn("Not submitted", (Place.DRAFT,))
SUBMITTED = WorkColumn("Submitted, not approved", (Place.SUBMITTED,), "Submitted")
APPROVED = WorkColumn("Approved, not invoiced", (Place.APPROVED,), "Approved")
NOT_BILLED = WorkColumn("Unbilled", UNBILLED, "Together")
ON_INVOICES = WorkColumn("On invoices", QUEUES, "Together")
BY_QUEUE = tuple(WorkColumn(f"On invoices: {queue.label}", (queue.value,), str(queue.label)) for queue in Queue)
WORK = (RECORDED, DRAFT, SUBMITTED, APPROVED, NOT_BILLED, *BY_QUEUE, ON_INVOICES)
WORK_GROUPS = (("Unbilled", 4), ("On invoices", len(BY_QUEUE) + 1))  # over the columns after the first

INVOICED = BilledColumn("Invoiced")
BILLED = (
    BilledColumn("Work on invoices", Part.WORK, short="Recorded work"),
    BilledColumn("Changed on the invoice", Part.CHANGED, short="Changed on it"),
    BilledColumn("Added by hand", Part.BY_HAND),
    BilledColumn("Fees", Part.FEES),
    BilledColumn("Credit notes", Part.CREDITS),
    INVOICED,
    *(BilledColumn(f"Invoiced: {queue.label}", queue=queue.value, short=str(queue.label)) for queue in Queue),
)
BILLED_GROUPS = (("What the invoices are made of", 6), ("Where they are", len(QUEUES)))


def share(work: Work) -> Decimal | None:
    """How much of the recorded work is on invoices, in percent with two decimals; None when nothing is recorded."""
    return round_money(work.on_invoices * 100 / work.recorded) if work.recorded else None


def largest_first(lines: Sequence[JobLine]) -> list[JobLine]:
    """By unbilled work, the largest first, then by job number."""
    return sorted(lines, key=lambda line: (-line.work.unbilled, line.job_number))
