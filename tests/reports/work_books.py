"""Mixed work and expenses of two managers' jobs, and the answers of the reports in plain Python."""

from collections.abc import Callable, Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

from invoices.models import InvoicedExpense, InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.money import line_amount
from jobbook.jobs.models import DailyWorkRecord, Expense, Office, Section, WorkLine
from tests.factories import make_expense, make_invoice, make_item, make_job, make_record, make_user

DAYS = (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 16), date(2026, 11, 20))
PEOPLE = ("J. Lavoie", "B. Sorensen", "")
WORK = ("Not submitted", "Submitted", "Approved", "Invoiced")
Key = Callable[[Any], Any]


def make_books(own: User, other: User, *, records: int = 12) -> None:
    """DWRs and expenses in every state, by three people (one without a name), on `own`'s two jobs and `other`'s one."""
    jobs = [
        make_job(project_manager=own, office=Office.objects.create(name=f"Yard {own.pk}")),
        make_job(project_manager=own, office=None),
        make_job(project_manager=other),
    ]
    for n in range(records):
        job, day = jobs[n % 3], DAYS[n % 4]
        facts = _facts(n % 4, day)
        record = make_record(job=job, date=day, hours=f"{n}.25", price="96.5", **facts)
        WorkLine.objects.filter(record=record).update(employee=PEOPLE[n % 2], start_time=time(7), end_time=time(7, 30))
        _add_line(record, make_item("APP"), PEOPLE[(n + 1) % 3], "7.3333")
        _add_line(record, make_item("TRUCK", section=Section.EQUIPMENT, unit="day"), "", "0.3333")
        expense = make_expense(job=job, date=day, employee=PEOPLE[n % 2], amount=Decimal(f"{n}.07"), **facts)
        if n % 4 == 3:
            invoice = make_invoice(job=job)
            InvoicedRecord.objects.create(record=record, invoice=invoice)
            InvoicedExpense.objects.create(expense=expense, invoice=invoice)
            Expense.objects.filter(pk=expense.pk).update(processed_on=day)


def _facts(stage: int, day: date) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if stage > 0:
        facts["submitted_on"] = day
    if stage > 1:
        facts |= {"approved_on": day, "approved_by": _approver()}
    return facts


def _approver() -> User:
    return User.objects.filter(role=Role.ADMINISTRATOR).first() or make_user()


def _add_line(record: DailyWorkRecord, item: Any, employee: str, quantity: str) -> None:
    amount = Decimal(quantity)
    is_labour = item.section == Section.LABOUR
    WorkLine.objects.create(
        record=record,
        line_number=record.lines.count() + 1,
        section=item.section,
        item=item,
        employee=employee,
        hours=amount if is_labour else None,
        quantity=amount,
        unit_price=Decimal("33.3333"),
        amount=line_amount(amount, Decimal("33.3333")),
    )


def lines(user: User, first: date, last: date, *, labour: bool) -> list[WorkLine]:
    """The lines of DWRs a user sees, loaded as objects and chosen in Python."""
    loaded = WorkLine.objects.select_related("record__job__client", "record__job__office", "item")
    seen = [line for line in loaded if _seen(user, line.record.job)]
    return [
        line for line in seen if first <= line.record.date <= last and (not labour or line.section == Section.LABOUR)
    ]


def expenses(user: User, first: date, last: date) -> list[Expense]:
    """The expenses a user sees."""
    loaded = Expense.objects.select_related("job__client")
    return [each for each in loaded if first <= each.date <= last and _seen(user, each.job)]


def _seen(user: User, job: Any) -> bool:
    return user.role == Role.ADMINISTRATOR or job.project_manager_id == user.pk


def stage_of(row: Any) -> int:
    """How far a DWR or an expense came: 0 to 3."""
    done = getattr(row, "processed_on", None) or InvoicedRecord.objects.filter(record=row.pk).exists()
    return 3 if done else 2 if row.approved_on else 1 if row.submitted_on else 0


def summed(rows: Iterable[Any], key: Key, *values: Key) -> dict[Any, tuple[Any, ...]]:
    """Count and sums by key."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        sums = found.setdefault(key(row), [0, *(Decimal(0) for _ in values)])
        sums[0] += 1
        for at, value in enumerate(values, start=1):
            sums[at] += value(row) or 0
    return {name: tuple(sums) for name, sums in found.items()}
