"""What is to be made: how many documents of each kind, of which jobs, dated when, and which of them are odd."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jobbook.jobs.models import BillingType, InvoiceType, Job
from jobbook.transfer.demo.firm import Firm

ADMIN_QUEUE = 47  # of DEFAULT invoices: one page of the backlog
DEFAULT = 400
HISTORY_AGE = 215  # days: older documents came with the import of the old books
_PM, _TICKET = 15, 7  # beside ADMIN_QUEUE in the Admin Queue
_RECENT = 200  # processed documents made in full, with records behind them
_OLDEST_OPEN = 55

# The odd ones in the Admin Queue: what the checks are there for, and what is hard to print.
TWISTS = ["no_po", "released", "changed", "zero", "long", "no_po", "unpriced", "no_address", "released"]
TWISTS += ["credit", "credit"]


@dataclass(frozen=True)
class Size:
    """How many documents of each sort."""

    admin: int  # with everything behind them
    pm: int
    ticket: int
    recent: int
    admin_bulk: int  # one or two lines
    history: int  # processed before, one or two lines

    @classmethod
    def of(cls, invoices: int, admin_queue: int | None) -> "Size":
        """Shares of `invoices` documents in all; ValueError when the Admin Queue asked for does not fit."""
        admin_all = min(ADMIN_QUEUE, -(-invoices * ADMIN_QUEUE // DEFAULT)) if admin_queue is None else admin_queue
        admin = min(admin_all, ADMIN_QUEUE)
        rest = invoices - admin_all
        if rest < 0:
            raise ValueError(f"{admin_all} invoices in the Admin Queue are more than {invoices} in all.")
        pm = min(admin * _PM // ADMIN_QUEUE, rest)
        ticket = min(admin * _TICKET // ADMIN_QUEUE, rest - pm)
        recent = min(_RECENT, (rest - pm - ticket) * 2 // 3)
        return cls(admin, pm, ticket, recent, admin_all - admin, rest - pm - ticket - recent)


@dataclass(frozen=True)
class Planned:
    """A document to be made in full. `queue`: pm, ticket, admin or done."""

    job: Job
    date: date
    queue: str
    twist: str = ""


def plan(firm: Firm, size: Size, today: date, rng: random.Random) -> list[Planned]:
    """The documents of `size` that are made in full, in order of date."""
    planned: list[Planned] = []
    for number in range(size.admin):
        age = 2 + int((_OLDEST_OPEN - 2) * rng.random() ** 2.6)
        twist = TWISTS[number] if number < min(len(TWISTS), size.admin // 3) else ""
        planned.append(Planned(_job(firm, rng, twist), workday(today, age), "admin", twist))
    planned += [Planned(_job(firm, rng), workday(today, rng.randint(0, 12)), "pm") for _ in range(size.pm)]
    planned += [
        Planned(_job(firm, rng, "ticket"), workday(today, rng.randint(3, 20)), "ticket") for _ in range(size.ticket)
    ]
    for number in range(size.recent):
        age = 5 + int((HISTORY_AGE - 15) * rng.random())
        twist = "credit" if number % 45 == 44 else "unpriced" if number % 20 == 19 else ""
        planned.append(Planned(_job(firm, rng, twist), workday(today, age), "done", twist))
    return sorted(planned, key=lambda each: each.date)


def workday(today: date, age: int) -> date:
    """`age` days before `today`, or the Friday before where that is a weekend."""
    day = today - timedelta(days=age)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _job(firm: Firm, rng: random.Random, twist: str = "") -> Job:
    jobs = firm.billed(BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE)
    if twist:
        jobs = [job for job in jobs if job.billing_type == BillingType.TIME_AND_MATERIAL]
    if twist == "no_po":
        jobs = [job for job in jobs if job.po_required]
    if twist == "ticket":
        jobs = [job for job in jobs if job.invoice_type == InvoiceType.TICKET_INVOICE]
    if twist == "no_address":
        jobs = [job for job in jobs if not job.client.has_address]
    if twist in {"long", "zero", "unpriced"}:
        jobs = [job for job in jobs if job.line_item_type == "detailed"]
    return rng.choices(jobs, [firm.weights[job.pk] for job in jobs])[0]
