"""Crew days: daily work records with their lines, and the expenses of jobs."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jobbook.accounts.models import User
from jobbook.common.money import line_amount
from jobbook.jobs.models import DailyWorkRecord, Expense, Item, Job, Section, WorkLine
from jobbook.transfer.demo import names
from jobbook.transfer.demo.firm import Firm
from jobbook.transfer.demo.ledger import Ledger
from jobbook.transfer.demo.plan import Planned

_FIRST_RECORD = 8000
_FIRST_EXPENSE = 500
_OPEN_RECORDS = 21
_JOBS_WITH_PENDING = 3
_REGULAR = Decimal(8)


@dataclass(frozen=True, slots=True)
class Work:
    """A line of a record; id: of its row, once it is written."""

    item: Item
    quantity: Decimal
    unit_price: Decimal
    employee: str = ""
    id: int = 0

    @property
    def amount(self) -> Decimal:
        return line_amount(self.quantity, self.unit_price)


@dataclass(frozen=True, slots=True)
class Day:
    """A record as written, for the invoice made from it."""

    id: int
    date: date
    lines: list[Work]


@dataclass
class Crews:
    """Writes records and expenses, numbered in the order they are asked for."""

    firm: Firm
    ledger: Ledger
    today: date
    records: int = field(default=0, init=False)
    expenses: int = field(default=0, init=False)

    def days(self, rng: random.Random, job: Job, until: date, count: int, *, signed: bool = False) -> list[Day]:
        """`count` approved working days of a crew, the last on or before `until`."""
        dates = sorted(until - timedelta(days=back) for back in range(count))
        author = rng.choice(self.firm.people.technicians)
        crew = [author.name, *rng.sample(names.HANDS, rng.randint(2, 3))]
        return [self._approved(rng, job, on, author, crew, signed=signed) for on in dates]

    def _approved(self, rng: random.Random, job: Job, on: date, author: User, crew: list[str], *, signed: bool) -> Day:
        approved = min(on + timedelta(days=rng.randint(1, 2)), self.today)
        facts = {"submitted_on": on, "approved_on": approved, "approved_by_id": job.project_manager_id}
        facts["signed_by"] = author.name
        if signed and job.client.contact:
            facts["client_signed_by"] = job.client.contact
        return self._record(rng, job, on, author, crew, facts)

    def open_records(self, rng: random.Random, count: int) -> None:
        """Records that wait: drafts, submitted, and approved ones that no invoice has yet."""
        jobs = [job for job in self.firm.jobs if job.billing_type != "fixed_price"]
        for number in range(count):
            job = jobs[number % len(jobs)]
            on = self.today - timedelta(days=rng.randint(0, 9))
            author = rng.choice(self.firm.people.technicians)
            crew = [author.name, *rng.sample(names.HANDS, 2)]
            facts: dict[str, Any] = {}
            if number % 3:
                facts["submitted_on"] = on
            if number % 3 == 2:
                facts |= {"approved_on": self.today, "approved_by_id": job.project_manager_id}
            self._record(rng, job, on, author, crew, facts)

    def _record(
        self, rng: random.Random, job: Job, on: date, author: User, crew: list[str], facts: dict[str, Any]
    ) -> Day:
        self.records += 1
        number = str(_FIRST_RECORD + self.records)
        record_id = self.ledger.sink.add(
            DailyWorkRecord,
            dwr_number=number,
            job_id=job.pk,
            date=on,
            created_by_id=author.pk,
            description=f"{rng.choice(names.SHIFTS)} {rng.choice(names.WORK)}",
            **facts,
        )
        self.ledger.made("dwr", record_id, {"dwr_number": number}, version=1)
        listed = [*self._labour(rng, crew), *self._equipment(rng)]
        priced = [replace(work, unit_price=self.firm.price(job, work.item)) for work in listed]
        return Day(record_id, on, [self._line(record_id, *numbered) for numbered in enumerate(priced, start=1)])

    def _line(self, record_id: int, position: int, work: Work) -> Work:
        line_id = self.ledger.sink.add(
            WorkLine,
            record_id=record_id,
            line_number=position,
            section=work.item.section,
            item_id=work.item.pk,
            employee=work.employee,
            hours=work.quantity if work.item.section == Section.LABOUR else None,
            quantity=work.quantity,
            unit_price=work.unit_price,
            amount=work.amount,
            description="",
        )
        return replace(work, id=line_id)

    def _labour(self, rng: random.Random, crew: list[str]) -> Iterator[Work]:
        hours = Decimal(rng.choice(["6", "8", "8", "9.5", "10", "10.5", "10.25"]))
        trades = ["FOR", "JRN", "JRN", "APP"]
        for trade, employee in zip(trades, crew, strict=False):
            yield self._work(trade, min(hours, _REGULAR), employee)
            if hours > _REGULAR and trade != "APP":
                yield self._work(f"{trade}-OT", hours - _REGULAR, employee)
        if rng.random() < 0.15:
            yield self._work("SAFE", hours, rng.choice(names.HANDS))

    def _equipment(self, rng: random.Random) -> Iterator[Work]:
        yield self._work("TRK1", Decimal(1))
        machine = rng.choice(names.EQUIPMENT[1:])
        yield self._work(machine[0], Decimal(1) if machine[2] == "day" else Decimal(rng.randrange(6, 22)) / 2)
        for material in rng.sample(names.MATERIALS, rng.randint(0, 2)):
            fraction = material[2] in {"m", "t"}
            yield self._work(
                material[0], Decimal(rng.randrange(10, 900)) / 8 if fraction else Decimal(rng.randint(1, 12))
            )
        if rng.random() < 0.4:
            yield self._work("SUBS", Decimal(rng.randint(2, 4)))
            yield self._work("KM", Decimal(rng.randrange(60, 300)))
        if rng.random() < 0.05:
            yield self._work("PERM", Decimal(1))

    def _work(self, code: str, quantity: Decimal, employee: str = "") -> Work:
        item = self.firm.items[code]
        return Work(item, quantity, item.unit_price or Decimal(0), employee)

    def expense(self, rng: random.Random, job: Job, on: date, state: str) -> None:
        """An expense of `job`: draft, submitted, approved or processed."""
        self.expenses += 1
        what, amount = rng.choice(names.EXPENSES)
        reached = ("draft", "submitted", "approved", "processed").index(state)
        steps = [min(on + timedelta(days=days), self.today) for days in (1, 3, 8)]
        number, employee = str(_FIRST_EXPENSE + self.expenses), rng.choice(self.firm.people.technicians)
        expense_id = self.ledger.sink.add(
            Expense,
            expense_number=number,
            job_id=job.pk,
            date=on,
            employee=employee.name,
            created_by_id=employee.pk,
            amount=Decimal(amount) + Decimal(rng.randrange(0, 5000)) / 100,
            item=what,
            description=rng.choice(["", "", "Receipt attached", "Paid by company card"]),
            submitted_on=steps[0] if reached > 0 else None,
            approved_on=steps[1] if reached > 1 else None,
            approved_by_id=job.project_manager_id if reached > 1 else None,
            processed_on=steps[2] if reached > 2 else None,
        )
        self.ledger.made("expense", expense_id, {"expense_number": number}, version=1)

    @property
    def last_record(self) -> int:
        return _FIRST_RECORD + self.records

    @property
    def last_expense(self) -> int:
        return _FIRST_EXPENSE + self.expenses


def write_open_work(crews: Crews, rng: random.Random, planned: Sequence[Planned]) -> None:
    """Records that wait, and expenses: most are settled, a few pending ones hold back newest invoices of their jobs."""
    crews.open_records(rng, _OPEN_RECORDS)
    for job in crews.firm.jobs:
        for _ in range(rng.randint(2, 5)):
            crews.expense(rng, job, crews.today - timedelta(days=rng.randint(12, 190)), "processed")
    for state in ("draft", "draft", "submitted", "submitted", "approved"):
        crews.expense(rng, rng.choice(crews.firm.jobs), crews.today, state)
    newest = {each.job.pk: each for each in planned if each.queue == "admin"}
    for number, each in enumerate(list(newest.values())[-_JOBS_WITH_PENDING:]):
        state = "approved" if number % 2 else "submitted"
        crews.expense(rng, each.job, each.date - timedelta(days=1), state)
