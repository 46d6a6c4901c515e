"""The commands on expenses: entered, submitted, sent back, corrected, reopened, deleted, processed.

Approving is in approval.py, the steps that these commands share with those on DWRs in work.py; ticking an expense on
an invoice is the invoice's business. The closed books do not concern expenses.
"""

import uuid
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.records import Difference
from jobbook.jobs.models import Expense, ExpenseState, Job, StoredFile
from jobbook.jobs.transitions.approvable import EXPENSES
from jobbook.jobs.transitions.work import (
    audit,
    check_job,
    facts,
    locked,
    new_number,
    refuse_invoiced,
    reopen,
    saved_before,
    send_back,
    step,
    submitted,
)
from jobbook.jobs.work_rules import may_judge, may_tick, may_write


@dataclass(frozen=True)
class Entered:
    """What a person enters of an expense. amount: above zero, to the cent."""

    job: Job
    date: date
    employee: str
    amount: Decimal
    item: str = ""
    description: str = ""
    receipt: StoredFile | None = None

    def values(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def is_said_by(self, expense: Expense) -> bool:
        """Does the expense say what was entered?"""
        return all(getattr(expense, name) == value for name, value in self.values().items())


_FACTS = ("expense_number", *(each.name for each in fields(Entered)), "submitted_on")


@dataclass(frozen=True)
class Saved:
    """An expense, and whether an earlier submit of the same form saved it."""

    expense: Expense
    repeated: bool = False


def enter_expense(entered: Entered, *, key: uuid.UUID, submit: bool, by: User, origin: Origin = NOWHERE) -> Saved:
    """A new expense, a draft or submitted at once. key: of the form, so that sending it twice makes one expense."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.create", origin=origin, id=key)
        if earlier := saved_before(EXPENSES, operation, entered.is_said_by):
            return Saved(earlier, repeated=True)
        check_job(entered.job)
        expense = Expense(**entered.values(), expense_number=new_number(EXPENSES), created_by=by)
        expense.submitted_on = timezone.localdate(operation.at) if submit else None
        expense.save(force_insert=True)
        audit(EXPENSES, operation, expense.pk, (None, expense.version), Difference(after=facts(expense, _FACTS)))
    return Saved(expense)


def change_expense(
    pk: int, entered: Entered, *, key: uuid.UUID, version: int, submit: bool, by: User, origin: Origin = NOWHERE
) -> Saved:
    """Change a draft, and submit it in the same step when asked to. key: as for a new one."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.submit" if submit else "expense.change", origin=origin, id=key)
        if earlier := saved_before(EXPENSES, operation, entered.is_said_by):
            return Saved(earlier, repeated=True)
        expense = locked(EXPENSES, pk, version, ExpenseState.DRAFT, may_write, by)
        return Saved(
            step(EXPENSES, operation, expense, _moved(expense, entered) | (submitted(operation) if submit else {}))
        )


def correct_expense(
    pk: int, entered: Entered, *, key: uuid.UUID, version: int, by: User, origin: Origin = NOWHERE
) -> Saved:
    """The manager mends a submitted expense: it stays submitted, and the change is the manager's."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.correct", origin=origin, id=key)
        if earlier := saved_before(EXPENSES, operation, entered.is_said_by):
            return Saved(earlier, repeated=True)
        expense = locked(EXPENSES, pk, version, ExpenseState.SUBMITTED, may_judge, by)
        return Saved(step(EXPENSES, operation, expense, _moved(expense, entered)))


def submit_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft goes to the project manager."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.submit", origin=origin)
        expense = locked(EXPENSES, pk, version, ExpenseState.DRAFT, may_write, by)
        step(EXPENSES, operation, expense, submitted(operation))


def send_back_expense(pk: int, *, version: int, reason: str, by: User, origin: Origin = NOWHERE) -> None:
    """A submitted expense is a draft again, with the reason for who entered it. reason: 1 to 500 characters."""
    send_back(EXPENSES, pk, version=version, reason=reason, by=by, origin=origin)


def reopen_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An approved expense is submitted again and leaves its approval batch."""
    reopen(EXPENSES, pk, version=version, by=by, origin=origin)


def delete_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft is gone; its history stays, its number is not given again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.delete", origin=origin)
        expense = locked(EXPENSES, pk, version, ExpenseState.DRAFT, may_write, by)
        difference = Difference(before=facts(expense, _FACTS))
        expense.delete()
        audit(EXPENSES, operation, pk, (version, None), difference)


def process_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An administrator ticks an approved expense: it is reimbursed, or accounted for elsewhere."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.process", origin=origin)
        expense = locked(EXPENSES, pk, version, ExpenseState.APPROVED, may_tick, by)
        refuse_invoiced(EXPENSES, expense)
        step(EXPENSES, operation, expense, {"processed_on": timezone.localdate(operation.at)})


def unprocess_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """The tick was a mistake: the expense is Approved again. One that an invoice accounts for is refused."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.unprocess", origin=origin)
        expense = locked(EXPENSES, pk, version, ExpenseState.PROCESSED, may_tick, by)
        refuse_invoiced(EXPENSES, expense)
        step(EXPENSES, operation, expense, {"processed_on": None})


def _moved(expense: Expense, entered: Entered) -> dict[str, Any]:
    """What was entered, on a job that it may be on."""
    check_job(entered.job, expense.job)
    return entered.values()
