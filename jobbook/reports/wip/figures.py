"""The figures of a WIP Report, each with what it is the sum of. All amounts before tax.

Two accounts that meet in the middle, both of which hold per job and in total, at any day:
recorded = not submitted + submitted + approved + on invoices, by the DWRs' own prices; and
invoiced = work on those invoices + changed on the invoice + added by hand + fees - credits.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from invoices.models import Queue
from jobbook.common.money import total_of

ZERO = Decimal("0.00")
UNBILLED = ("draft", "submitted", "approved")
ON_INVOICES = tuple(Queue.values)


class Place(StrEnum):
    """Where work stands: on no invoice yet, or in the queue its invoice is in."""

    DRAFT = "draft"  # not submitted
    SUBMITTED = "submitted"  # not approved
    APPROVED = "approved"  # on no invoice
    PM = Queue.PM.value
    TICKET = Queue.TICKET.value
    ADMIN = Queue.ADMIN.value
    PROCESSED = Queue.PROCESSED.value
    PAID = Queue.PAID.value


class Part(StrEnum):
    """What an invoice is made of."""

    WORK = "work"  # the recorded value of the DWRs on it
    CHANGED = "changed"  # lines from DWRs, less that value: hours or prices edited on the invoice, work left out
    BY_HAND = "by_hand"  # lines with no DWR behind them
    FEES = "fees"
    CREDITS = "credits"  # credit notes, negative


@dataclass(frozen=True)
class Work:
    """Recorded work by where it stands."""

    amounts: dict[str, Decimal] = field(default_factory=dict)  # by Place

    def of(self, *places: str) -> Decimal:
        return total_of(self.amounts.get(place, ZERO) for place in places)

    @property
    def recorded(self) -> Decimal:
        return self.of(*Place)

    @property
    def unbilled(self) -> Decimal:
        return self.of(*UNBILLED)

    @property
    def on_invoices(self) -> Decimal:
        return self.recorded - self.unbilled


@dataclass(frozen=True)
class Billed:
    """Invoices by what they are made of and by the queue they are in. The sums of both are the same."""

    parts: dict[str, Decimal] = field(default_factory=dict)  # by Part
    queues: dict[str, Decimal] = field(default_factory=dict)  # by Queue

    @property
    def invoiced(self) -> Decimal:
        return total_of(self.parts.values())


@dataclass(frozen=True)
class JobLine:
    """A job of the report."""

    job_id: int
    job_number: str
    project_name: str
    client_name: str
    work: Work
    billed: Billed


@dataclass(frozen=True)
class ItemLine:
    """A line item of a job."""

    job_id: int
    item_id: int
    item_code: str
    item_name: str
    work: Work


@dataclass(frozen=True)
class Age:
    """Unbilled work by the days from the DWR's date to the day of the report; `most` None: and older."""

    least: int
    most: int | None
    amount: Decimal

    @property
    def label(self) -> str:
        return f"Over {self.least - 1} days" if self.most is None else f"{self.least}–{self.most} days"


AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 14), (15, 30), (31, 60), (61, None))


@dataclass(frozen=True)
class FixedPrice:
    """A fixed-price job to date: from its beginning until the day of the report, whatever days the report is of.

    earned = contract x per cent, to the cent. over: billed more than earned (negative: less). contract and percent
    are None until somebody entered them.
    """

    job_id: int
    job_number: str
    project_name: str
    client_name: str
    contract: Decimal | None
    percent: Decimal | None
    percent_date: date | None  # of the entry that says so
    earned: Decimal | None
    billed: Decimal

    @property
    def over(self) -> Decimal | None:
        return None if self.earned is None else self.billed - self.earned
