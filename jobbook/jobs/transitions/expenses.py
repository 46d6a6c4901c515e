"""The commands on expenses: entered, submitted, sent back, corrected, reopened, deleted, processed.

Each is one durable transaction: lock the ledger head, lock the row, re-check state, version and who may on the
locked row, write, audit. Approving is in approval.py; ticking an expense on an invoice is the invoice's business.
The closed books do not concern expenses.
"""

import uuid
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin, next_number
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditEntry
from jobbook.common.records import Difference, changed_since
from jobbook.common.transitions import lock_rows
from jobbook.jobs.expense_rules import WHO, Rule, may_judge, may_tick, may_write
from jobbook.jobs.expense_words import EXPENSE, deleted, not_in_state, on_an_invoice
from jobbook.jobs.models import Expense, ExpenseState, Job, StoredFile


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


@dataclass(frozen=True)
class Saved:
    """An expense, and whether an earlier submit of the same form saved it."""

    expense: Expense
    repeated: bool = False


def enter_expense(entered: Entered, *, key: uuid.UUID, submit: bool, by: User, origin: Origin = NOWHERE) -> Saved:
    """A new expense, a draft or submitted at once. key: of the form, so that sending it twice makes one expense."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.create", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return Saved(earlier, repeated=True)
        _check_job(entered.job)
        expense = Expense(**entered.values(), expense_number=_number(), created_by=by)
        expense.submitted_on = timezone.localdate(operation.at) if submit else None
        expense.save(force_insert=True)
        _audit(operation, expense.pk, (None, expense.version), Difference(after=_facts(expense)))
    return Saved(expense)


def change_expense(
    pk: int, entered: Entered, *, key: uuid.UUID, version: int, submit: bool, by: User, origin: Origin = NOWHERE
) -> Saved:
    """Change a draft, and submit it in the same step when asked to. key: as for a new one."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.submit" if submit else "expense.change", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return Saved(earlier, repeated=True)
        expense = _locked(pk, version, ExpenseState.DRAFT, may_write, by)
        return Saved(_step(operation, expense, _moved(expense, entered) | (_submitted(operation) if submit else {})))


def correct_expense(
    pk: int, entered: Entered, *, key: uuid.UUID, version: int, by: User, origin: Origin = NOWHERE
) -> Saved:
    """The manager mends a submitted expense: it stays submitted, and the change is the manager's."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.correct", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return Saved(earlier, repeated=True)
        expense = _locked(pk, version, ExpenseState.SUBMITTED, may_judge, by)
        return Saved(_step(operation, expense, _moved(expense, entered)))


def submit_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft goes to the project manager."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.submit", origin=origin)
        expense = _locked(pk, version, ExpenseState.DRAFT, may_write, by)
        _step(operation, expense, _submitted(operation))


def send_back_expense(pk: int, *, version: int, reason: str, by: User, origin: Origin = NOWHERE) -> None:
    """A submitted expense is a draft again, with the reason for who entered it. reason: 1 to 500 characters."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.send_back", reason=reason, origin=origin)
        expense = _locked(pk, version, ExpenseState.SUBMITTED, may_judge, by)
        if not reason.strip():
            raise Refused(f"{expense} was not sent back: who entered it needs a reason.")
        _step(operation, expense, {"submitted_on": None, "returned_by": by.name, "return_reason": reason})


def reopen_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An approved expense is submitted again and leaves its approval batch."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.reopen", origin=origin)
        expense = _locked(pk, version, ExpenseState.APPROVED, may_judge, by)
        _refuse_invoiced(expense)
        _step(operation, expense, {"approved_on": None, "approved_by": None, "batch": None})


def delete_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft is gone; its history stays, its number is not given again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.delete", origin=origin)
        expense = _locked(pk, version, ExpenseState.DRAFT, may_write, by)
        difference = Difference(before=_facts(expense))
        expense.delete()
        _audit(operation, pk, (version, None), difference)


def process_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An administrator ticks an approved expense: it is reimbursed, or accounted for elsewhere."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.process", origin=origin)
        expense = _locked(pk, version, ExpenseState.APPROVED, may_tick, by)
        _refuse_invoiced(expense)
        _step(operation, expense, {"processed_on": timezone.localdate(operation.at)})


def unprocess_expense(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """The tick was a mistake: the expense is Approved again. One that an invoice accounts for is refused."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "expense.unprocess", origin=origin)
        expense = _locked(pk, version, ExpenseState.PROCESSED, may_tick, by)
        _refuse_invoiced(expense)
        _step(operation, expense, {"processed_on": None})


def _saved_before(operation: Operation, entered: Entered) -> Expense | None:
    """What an earlier submit of the same form saved. Asked under the lock of the ledger head.

    Refused when the form says something else now: it was filled in again after Back, and would be lost.
    """
    entry = AuditEntry.objects.filter(operation=operation.id).first()
    if entry is None:
        return None
    if entry.actor_id != operation.by.pk:
        raise Refused("This form was sent by somebody else. Open it again.")
    pk = entry.items.filter(object_type=EXPENSE).values_list("object_id", flat=True).first() or 0
    expense = Expense.objects.filter(pk=pk).first()
    if expense is None:
        raise Refused("Nothing was saved again.", [deleted(pk)])
    if any(getattr(expense, name) != value for name, value in entered.values().items()):
        reason = "this form was sent before and saved it, with other contents"
        raise Refused("Nothing was saved.", [Refusal("sent_before", reason, pk, str(expense))])
    return expense


def _number() -> str:
    """The next number of an expense; those that imports brought are stepped over."""
    while True:
        number = str(next_number("expense"))
        if not Expense.objects.filter(expense_number=number).exists():
            return number


def _locked(pk: int, version: int, state: ExpenseState, rule: Rule, by: User) -> Expense:
    """The locked expense: in `state`, unchanged since the user saw `version`, and the user's to act on."""
    lock_rows(Expense.objects.filter(pk=pk))
    related = ("job", "receipt", "batch", "approved_by", "invoiced__invoice")
    expense = Expense.objects.filter(pk=pk).select_related(*related).first()
    if expense is None:
        raise Refused("Nothing was changed.", [deleted(pk)])
    if expense.state != state:
        raise Refused(f"{expense} was not changed.", [on_an_invoice(expense) or not_in_state(expense, state)])
    if expense.version != version:
        raise Refused(f"{expense} was not changed.", [changed_since(EXPENSE, pk, str(expense), version)])
    if not rule(by, expense):
        raise Refused(f"{expense} was not changed.", [Refusal("not_yours", WHO[rule], pk, str(expense))])
    return expense


def _refuse_invoiced(expense: Expense) -> None:
    if invoiced := on_an_invoice(expense):
        raise Refused(f"{expense} was not changed.", [invoiced])


def _check_job(job: Job) -> None:
    """Work is recorded on active jobs only."""
    if not Job.objects.open_for_work().filter(pk=job.pk).exists():
        raise Refused("Nothing was saved.", [Refusal("job", "it is not active any more", job.pk, f"Job {job}")])


def _moved(expense: Expense, entered: Entered) -> dict[str, Any]:
    """What was entered; to a job that is closed an expense may stay, but not go."""
    if entered.job != expense.job:
        _check_job(entered.job)
    return entered.values()


def _submitted(operation: Operation) -> dict[str, Any]:
    return {"submitted_on": timezone.localdate(operation.at), "returned_by": "", "return_reason": ""}


def _facts(expense: Expense) -> dict[str, Any]:
    """What a new or deleted expense says, as the audit keeps it."""
    difference = Difference()
    for name in ("expense_number", *(each.name for each in fields(Entered)), "submitted_on"):
        difference.note(name, None, getattr(expense, name) or None)
    return difference.after


def _step(operation: Operation, expense: Expense, values: dict[str, Any]) -> Expense:
    """Write and audit what differs; nothing, and no new version, when all is as it was."""
    difference = Difference()
    for name, value in values.items():
        difference.note(name, getattr(expense, name), value)
        setattr(expense, name, value)
    if difference.after:
        changed = {name: values[name] for name in difference.after}
        Expense.objects.filter(pk=expense.pk).update(**changed, version=F("version") + 1)
        _audit(operation, expense.pk, (expense.version, expense.version + 1), difference)
        expense.version += 1
    return expense


def _audit(operation: Operation, pk: int, versions: tuple[int | None, int | None], difference: Difference) -> None:
    item = operation.item(EXPENSE, pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
    operation.close()
