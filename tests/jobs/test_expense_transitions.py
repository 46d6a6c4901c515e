"""The commands on expenses: each in every state by every person, what they write, what they refuse and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from invoices.models import InvoicedExpense
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import Expense, Job
from jobbook.jobs.transitions import expenses as commands
from jobbook.jobs.transitions.approvable import EXPENSES
from jobbook.jobs.transitions.expenses import Entered
from jobbook.jobs.uploads import RECEIPT, keep_picture
from tests.approvals import approve_all
from tests.commands import assert_sound
from tests.factories import TODAY, make_company, make_expense, make_invoice, make_job, make_user
from tests.jobs.pictures import picture

pytestmark = pytest.mark.django_db
STATES = ("draft", "submitted", "approved", "processed")
PEOPLE = ("author", "other technician", "manager", "other manager", "administrator", "accounting")


class Firm:
    """A job, its people, and an expense of the author's."""

    def __init__(self) -> None:
        self.people = {
            name: make_user(role, name=f"The {name}")
            for name, role in zip(
                PEOPLE,
                (
                    Role.TECHNICIAN,
                    Role.TECHNICIAN,
                    Role.PROJECT_MANAGER,
                    Role.PROJECT_MANAGER,
                    Role.ADMINISTRATOR,
                    Role.ACCOUNTING,
                ),
                strict=True,
            )
        }
        self.job = make_job(project_manager=self.people["manager"], job_number="26-0900")
        self.entered = Entered(self.job, TODAY, "J. Lavoie", Decimal("42.50"), "Fuel")

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def expense(self, state: str) -> Expense:
        """As the commands make it, so that it has a history; approved as the approval backlog does."""
        submit = state != "draft"
        made = commands.enter_expense(self.entered, key=uuid4(), submit=submit, by=self["author"]).expense
        if state in {"approved", "processed"}:
            approve_all(EXPENSES, self["manager"], [made])
        if state == "processed":
            commands.process_expense(made.pk, version=fresh(made).version, by=self["administrator"])
        return fresh(made)


@pytest.fixture
def firm() -> Firm:
    return Firm()


def fresh(expense: Expense) -> Expense:
    return Expense.objects.get(pk=expense.pk)


def change(pk: int, *, version: int, by: User, **fields: Any) -> None:
    expense = Expense.objects.get(pk=pk)
    entered = Entered(expense.job, TODAY, "J. Lavoie", Decimal("50.00"), "Fuel")
    commands.change_expense(pk, replace(entered, **fields), key=uuid4(), version=version, submit=False, by=by)


def correct(pk: int, *, version: int, by: User) -> None:
    expense = Expense.objects.get(pk=pk)
    entered = Entered(expense.job, TODAY, "J. Lavoie", Decimal("50.00"), "Fuel")
    commands.correct_expense(pk, entered, key=uuid4(), version=version, by=by)


def send_back(pk: int, *, version: int, by: User) -> None:
    commands.send_back_expense(pk, version=version, reason="No receipt.", by=by)


Command = Callable[..., object]
WRITERS, JUDGES, TICKERS = {"author", "administrator"}, {"manager", "administrator"}, {"administrator"}
# command: from which state, to which, by whom, the audit's word
TABLE: dict[str, tuple[Command, str, str, set[str]]] = {
    "expense.change": (change, "draft", "draft", WRITERS),
    "expense.submit": (commands.submit_expense, "draft", "submitted", WRITERS),
    "expense.delete": (commands.delete_expense, "draft", "", WRITERS),
    "expense.correct": (correct, "submitted", "submitted", JUDGES),
    "expense.send_back": (send_back, "submitted", "draft", JUDGES),
    "expense.reopen": (commands.reopen_expense, "approved", "submitted", JUDGES),
    "expense.process": (commands.process_expense, "approved", "processed", TICKERS),
    "expense.unprocess": (commands.unprocess_expense, "processed", "approved", TICKERS),
}
CASES = [(action, state, who) for action in TABLE for state in STATES for who in PEOPLE]


@pytest.mark.parametrize(("action", "state", "who"), CASES)
def test_in_every_state_by_everybody(firm: Firm, action: str, state: str, who: str) -> None:
    command, wanted, after, allowed = TABLE[action]
    expense = firm.expense(state)
    entries = AuditEntry.objects.count()
    if state == wanted and who in allowed:
        command(expense.pk, version=expense.version, by=firm[who])
        assert list(Expense.objects.filter(pk=expense.pk).values_list("state", "version")) == (
            [(after, expense.version + 1)] if after else []
        )
        newest = AuditEntry.objects.latest("number")
        assert (newest.action, newest.actor_name, newest.item_count) == (action, f"The {who}", 1)
    else:
        with pytest.raises(Refused) as refused:
            command(expense.pk, version=expense.version, by=firm[who])
        assert refused.value.refusals[0].code == ("state" if state != wanted else "not_yours")
        assert (fresh(expense).state, fresh(expense).version) == (state, expense.version)
        assert AuditEntry.objects.count() == entries
    assert_sound()


@pytest.mark.parametrize("action", TABLE)
def test_a_version_that_was_not_seen_is_refused_with_who_changed_it(firm: Firm, action: str) -> None:
    command, state, _, _ = TABLE[action]
    expense = firm.expense(state)
    seen = expense.version
    # somebody is faster, and what they do leaves the state as it is
    if state == "draft":
        change(expense.pk, version=seen, by=firm["author"])
    elif state == "submitted":
        correct(expense.pk, version=seen, by=firm["manager"])
    else:
        ticks = [commands.process_expense, commands.unprocess_expense]
        for n, tick in enumerate(ticks if state == "approved" else reversed(ticks)):
            tick(expense.pk, version=seen + n, by=firm["administrator"])
    before = fresh(expense).version
    with pytest.raises(Refused) as refused:
        command(expense.pk, version=seen, by=firm["administrator"])
    assert "changed by The " in str(refused.value)
    assert str(timezone.localdate().year) in str(refused.value)
    assert fresh(expense).version == before
    assert_sound()


@pytest.mark.parametrize("action", TABLE)
def test_one_that_was_deleted_is_refused_with_who_did_it(firm: Firm, action: str) -> None:
    command = TABLE[action][0]
    expense = firm.expense("draft")
    if action in {"expense.change", "expense.correct"}:
        command = edit_of(action, firm.entered)
    commands.delete_expense(expense.pk, version=1, by=firm["author"])
    with pytest.raises(Refused, match="deleted by The author"):
        command(expense.pk, version=1, by=firm["administrator"])


def edit_of(action: str, entered: Entered) -> Command:
    if action == "expense.correct":
        return lambda pk, **given: commands.correct_expense(pk, entered, key=uuid4(), **given)
    return lambda pk, **given: commands.change_expense(pk, entered, key=uuid4(), submit=False, **given)


def test_entered_and_submitted_in_one_step(firm: Firm) -> None:
    receipt = keep_picture(picture(), RECEIPT)
    entered = replace(firm.entered, receipt=receipt, description="To the site and back")
    saved = commands.enter_expense(entered, key=uuid4(), submit=True, by=firm["author"])
    expense = fresh(saved.expense)
    assert (expense.state, expense.submitted_on, expense.created_by) == (
        "submitted",
        timezone.localdate(),
        firm["author"],
    )
    assert (expense.amount, expense.receipt, expense.expense_number) == (Decimal("42.50"), receipt, "1")
    item = AuditItem.objects.get(object_type="expense", object_id=expense.pk)
    after = json.loads(item.after)
    assert (item.version_before, item.version_after, item.before) == (None, 1, "")
    assert after["amount"] == "42.50"
    assert after["job"] == str(firm.job)
    assert after["receipt"] == str(receipt)
    assert after["submitted_on"] == str(timezone.localdate())
    assert_sound()


def test_of_a_deleted_draft_the_audit_keeps_what_it_said(firm: Firm) -> None:
    expense = firm.expense("draft")
    commands.delete_expense(expense.pk, version=1, by=firm["author"])
    item = AuditItem.objects.latest("id")
    assert (item.version_before, item.version_after, item.after) == (1, None, "")
    assert json.loads(item.before)["amount"] == "42.50"
    assert json.loads(item.before)["expense_number"] == "1"


def test_a_form_that_is_sent_twice_makes_one_expense(firm: Firm) -> None:
    key = uuid4()
    first = commands.enter_expense(firm.entered, key=key, submit=True, by=firm["author"])
    again = commands.enter_expense(firm.entered, key=key, submit=True, by=firm["author"])
    assert (again.expense.pk, again.repeated, first.repeated) == (first.expense.pk, True, False)
    assert Expense.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_form_filled_in_again_after_back_is_refused_not_lost(firm: Firm) -> None:
    key = uuid4()
    commands.enter_expense(firm.entered, key=key, submit=True, by=firm["author"])
    other = replace(firm.entered, amount=Decimal("7.00"))
    with pytest.raises(Refused, match="Expense 1: this form was sent before and saved it, with other contents"):
        commands.enter_expense(other, key=key, submit=True, by=firm["author"])
    assert Expense.objects.count() == 1


def test_an_edit_that_is_sent_twice_is_one_change(firm: Firm) -> None:
    expense, key = firm.expense("draft"), uuid4()
    dearer = replace(firm.entered, amount=Decimal("43.00"))
    for repeated in (False, True):
        saved = commands.change_expense(expense.pk, dearer, key=key, version=1, submit=True, by=firm["author"])
        assert saved.repeated == repeated
    assert (fresh(expense).version, fresh(expense).state) == (2, "submitted")
    corrected, key = replace(firm.entered, amount=Decimal("44.00")), uuid4()
    for repeated in (False, True):
        saved = commands.correct_expense(expense.pk, corrected, key=key, version=2, by=firm["manager"])
        assert saved.repeated == repeated
    assert fresh(expense).version == 3


def test_a_key_of_somebody_else_is_refused(firm: Firm) -> None:
    key = uuid4()
    commands.enter_expense(firm.entered, key=key, submit=True, by=firm["author"])
    with pytest.raises(Refused, match="somebody else"):
        commands.enter_expense(firm.entered, key=key, submit=True, by=firm["other technician"])


def test_a_form_sent_again_after_its_expense_was_deleted_makes_none(firm: Firm) -> None:
    key = UUID(int=7)
    saved = commands.enter_expense(firm.entered, key=key, submit=False, by=firm["author"])
    commands.delete_expense(saved.expense.pk, version=1, by=firm["author"])
    with pytest.raises(Refused, match="deleted by The author"):
        commands.enter_expense(firm.entered, key=key, submit=False, by=firm["author"])
    assert not Expense.objects.exists()


def test_numbers_step_over_those_in_use_and_are_not_given_again(firm: Firm) -> None:
    for number in ("1", "3"):
        make_expense(expense_number=number, job=firm.job)
    made = [firm.expense("draft") for _ in range(2)]
    assert [expense.expense_number for expense in made] == ["2", "4"]
    commands.delete_expense(made[1].pk, version=1, by=firm["author"])
    assert firm.expense("draft").expense_number == "5"


def test_sent_back_with_a_reason_that_goes_with_the_next_submit(firm: Firm) -> None:
    expense = firm.expense("submitted")
    commands.send_back_expense(expense.pk, version=1, reason="Which truck?", by=firm["manager"])
    back = fresh(expense)
    assert (back.returned_by, back.return_reason, back.submitted_on) == ("The manager", "Which truck?", None)
    assert AuditEntry.objects.latest("number").reason == "Which truck?"
    commands.submit_expense(expense.pk, version=2, by=firm["author"])
    again = fresh(expense)
    assert (again.returned_by, again.return_reason, again.state) == ("", "", "submitted")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_sending_back_needs_a_reason(firm: Firm, reason: str) -> None:
    expense = firm.expense("submitted")
    with pytest.raises(Refused, match="reason"):
        commands.send_back_expense(expense.pk, version=1, reason=reason, by=firm["manager"])
    assert fresh(expense).state == "submitted"


def test_a_correction_is_the_managers_and_says_what_was(firm: Firm) -> None:
    expense = firm.expense("submitted")
    correct(expense.pk, version=1, by=firm["manager"])
    item = AuditItem.objects.select_related("entry").latest("id")
    assert (item.entry.action, item.entry.actor_name) == ("expense.correct", "The manager")
    assert (json.loads(item.before), json.loads(item.after)) == ({"amount": "42.50"}, {"amount": "50.00"})
    assert fresh(expense).submitted_on == expense.submitted_on


def test_nothing_changed_is_no_change(firm: Firm) -> None:
    expense = firm.expense("submitted")
    commands.correct_expense(expense.pk, firm.entered, key=uuid4(), version=1, by=firm["manager"])
    assert fresh(expense).version == 1
    assert AuditEntry.objects.count() == 1


def test_reopened_it_leaves_its_batch(firm: Firm) -> None:
    expense = firm.expense("approved")
    assert expense.batch
    commands.reopen_expense(expense.pk, version=expense.version, by=firm["manager"])
    again = fresh(expense)
    assert (again.batch, again.approved_on, again.approved_by, again.state) == (None, None, None, "submitted")
    assert json.loads(AuditItem.objects.latest("id").before)["batch"] == "#1"


@pytest.mark.parametrize("state", ["approved", "processed"])
@pytest.mark.parametrize("action", ["expense.reopen", "expense.process", "expense.unprocess"])
def test_what_an_invoice_accounts_for_is_refused_with_the_invoice_named(firm: Firm, state: str, action: str) -> None:
    expense, invoice = firm.expense(state), make_invoice(job=firm.job, number="INV-10777")
    InvoicedExpense.objects.create(expense=expense, invoice=invoice)
    with pytest.raises(Refused) as refused:
        TABLE[action][0](expense.pk, version=expense.version, by=firm["administrator"])
    assert "INV-10777" in str(refused.value)
    assert refused.value.refusals[0].code == "invoiced"
    assert (fresh(expense).state, fresh(expense).version) == (state, expense.version)


def test_processed_must_be_unticked_before_reopening(firm: Firm) -> None:
    expense = firm.expense("processed")
    with pytest.raises(Refused, match=r"marked processed by The administrator at .*unticks Processed first"):
        commands.reopen_expense(expense.pk, version=expense.version, by=firm["manager"])


def test_an_expense_goes_to_active_jobs_only_but_may_stay_where_it_is(firm: Firm) -> None:
    closed = make_job(active=False, job_number="26-0901")
    with pytest.raises(Refused, match=r"26-0901.*not active"):
        commands.enter_expense(replace(firm.entered, job=closed), key=uuid4(), submit=True, by=firm["author"])
    expense = firm.expense("draft")
    with pytest.raises(Refused, match=r"26-0901.*not active"):
        change(expense.pk, version=1, by=firm["author"], job=closed)
    Job.objects.filter(pk=firm.job.pk).update(active=False)
    change(expense.pk, version=1, by=firm["author"])
    assert fresh(expense).amount == Decimal("50.00")


def test_closed_books_do_not_concern_expenses(firm: Firm) -> None:
    make_company(books_closed_through=date(2099, 1, 1))
    assert firm.expense("processed").state == "processed"


def test_who_manages_the_job_now_judges(firm: Firm) -> None:
    expense = firm.expense("submitted")
    Job.objects.filter(pk=firm.job.pk).update(project_manager=firm["other manager"])
    with pytest.raises(Refused, match="Only the project manager"):
        send_back(expense.pk, version=1, by=firm["manager"])
    send_back(expense.pk, version=1, by=firm["other manager"])
    assert fresh(expense).state == "draft"


def test_a_manager_writes_own_drafts_and_judges_them_on_own_jobs(firm: Firm) -> None:
    saved = commands.enter_expense(firm.entered, key=uuid4(), submit=True, by=firm["manager"])
    correct(saved.expense.pk, version=1, by=firm["manager"])
    elsewhere = commands.enter_expense(firm.entered, key=uuid4(), submit=True, by=firm["other manager"])
    with pytest.raises(Refused, match="Only the project manager"):
        send_back(elsewhere.expense.pk, version=1, by=firm["other manager"])
    assert_sound()
