"""Approving DWRs and expenses in batches, and undoing a batch: one command over both."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem, Intent
from jobbook.jobs.models import ApprovalBatch, Job
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS, Approvable
from jobbook.jobs.transitions.approval import approve, approve_expenses, approve_records
from jobbook.jobs.transitions.approval_undo import undo_approval, undo_intent, undo_offer
from jobbook.jobs.transitions.expenses import send_back_expense
from jobbook.jobs.transitions.records import send_back_record
from jobbook.jobs.work_words import steps_of
from tests.approvals import BOTH, approve_all, edit, intent_for, make_work, states, undo_all
from tests.commands import assert_sound
from tests.factories import TODAY, make_company, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=BOTH, ids=lambda what: what.kind.value)
def what(request: pytest.FixtureRequest) -> Approvable:
    found: Approvable = request.param
    return found


@pytest.fixture
def osei() -> User:
    return make_user(Role.PROJECT_MANAGER, name="K. Osei")


@pytest.fixture
def job(osei: User) -> Job:
    return make_job(project_manager=osei)


def values(what: Approvable, row: Any) -> dict[str, Any]:
    """Every column of a row but the version."""
    found = what.model.objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != "version"}


def test_the_rows_of_the_window_are_approved_as_one_batch(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(3)]
    other = make_work(what, job=job)
    done = approve_all(what, osei, rows)
    assert (done.skipped, done.repeated) == ([], False)
    assert states(what, [*rows, other]) == ["approved"] * 3 + ["submitted"]
    row = what.model.objects.get(pk=rows[0].pk)
    assert (row.approved_on, row.approved_by, row.batch, row.version) == (timezone.localdate(), osei, done.batch, 2)
    amount = Decimal("768.00") if what is RECORDS else Decimal("42.50")
    assert (done.batch.number, done.batch.kind, done.batch.count, done.batch.total) == (1, what.kind, 3, 3 * amount)
    entry = AuditEntry.objects.get(number=done.batch.entry_number)
    assert (entry.action, entry.actor_name, entry.item_count) == (what.approve, "K. Osei", 3)
    assert_sound()


def test_both_kinds_are_numbered_in_one_series(osei: User, job: Job) -> None:
    record, expense = make_work(RECORDS, job=job), make_work(EXPENSES, job=job)
    first = approve_records(intent_for(RECORDS, osei, [record]).pk, by=osei).batch
    second = approve_expenses(intent_for(EXPENSES, osei, [expense]).pk, by=osei).batch
    assert (first.number, second.number) == (1, 2)


def test_f60_a_row_changed_since_the_window_is_left_out_and_named(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    intent = intent_for(what, osei, rows)
    edit(what, rows[0], make_user(Role.TECHNICIAN, name="T. Nguyen"))
    done = approve(what, intent.pk, by=osei)
    assert states(what, rows) == ["submitted", "approved"]
    assert [(each.code, each.object_id) for each in done.skipped] == [("moved", rows[0].pk)]
    assert "changed by T. Nguyen at" in done.skipped[0].reason
    assert (done.batch.count, done.batch.total) == (1, Decimal("768.00") if what is RECORDS else Decimal("42.50"))
    assert_sound()


def test_a_row_approved_by_somebody_else_is_left_out_and_named(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    intent = intent_for(what, osei, rows)
    approve_all(what, make_user(name="M. Tran"), rows[:1])
    done = approve(what, intent.pk, by=osei)
    assert "approved by M. Tran at" in str(done.skipped[0])
    assert done.batch.count == 1


def test_when_nothing_is_left_it_is_refused_and_nothing_is_written(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job)]
    intent = intent_for(what, osei, rows)
    edit(what, rows[0], osei)
    with pytest.raises(Refused) as refused:
        approve(what, intent.pk, by=osei)
    assert len(refused.value.refusals) == 1
    assert not ApprovalBatch.objects.exists()
    assert states(what, rows) == ["submitted"]


def test_a_deleted_row_is_counted(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    intent = intent_for(what, osei, rows)
    what.model.objects.filter(pk=rows[0].pk).delete()
    done = approve(what, intent.pk, by=osei)
    assert [each.code for each in done.skipped] == ["deleted"]
    assert f"1 of the {what.plural}" in done.skipped[0].reason


def test_a_job_that_went_to_another_manager_is_left_out(what: Approvable, osei: User, job: Job) -> None:
    mine, lost = make_work(what, job=job), make_work(what, job=make_job(project_manager=osei))
    intent = intent_for(what, osei, [mine, lost])
    Job.objects.filter(pk=lost.job_id).update(project_manager=make_user(Role.PROJECT_MANAGER))
    done = approve(what, intent.pk, by=osei)
    assert [each.code for each in done.skipped] == ["manager"]
    assert states(what, [mine, lost]) == ["approved", "submitted"]


def test_rows_of_other_managers_are_never_approved(what: Approvable, osei: User) -> None:
    with pytest.raises(Refused):
        approve_all(what, osei, [make_work(what)])


def test_an_author_may_approve_and_it_is_marked(what: Approvable, osei: User, job: Job) -> None:
    make_company()
    own, other = make_work(what, job=job, created_by=osei), make_work(what, job=job)
    done = approve_all(what, osei, [own, other])
    entry = AuditEntry.objects.get(number=done.batch.entry_number)
    assert json.loads(entry.values)["approved_by_their_author"] == [getattr(own, what.number)]


def test_where_the_company_forbids_it_an_authors_own_are_left_out(what: Approvable, osei: User, job: Job) -> None:
    make_company(author_may_approve=False)
    own, other = make_work(what, job=job, created_by=osei), make_work(what, job=job)
    done = approve_all(what, osei, [own, other])
    assert [each.code for each in done.skipped] == ["author"]
    assert states(what, [own, other]) == ["submitted", "approved"]


def test_f63_the_same_window_again_answers_with_the_same_batch(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    intent = intent_for(what, osei, rows)
    edit(what, rows[0], osei)
    first, again = approve(what, intent.pk, by=osei), approve(what, intent.pk, by=osei)
    assert (again.batch, again.repeated, again.skipped) == (first.batch, True, first.skipped)
    undo_all(what, osei, first.batch)
    assert approve(what, intent.pk, by=osei).repeated
    assert states(what, rows) == ["submitted", "submitted"]
    assert AuditEntry.objects.filter(action=what.approve).count() == 1


def test_f64_windows_belong_to_their_user_action_and_kind(osei: User, job: Job) -> None:
    intent = intent_for(RECORDS, osei, [make_work(RECORDS, job=job)])
    admin = make_user()
    for what, user in ((RECORDS, admin), (EXPENSES, osei)):
        with pytest.raises(Refused):
            approve(what, intent.pk, by=user)
    with pytest.raises(Refused):
        undo_approval(RECORDS, intent.pk, by=osei)
    with pytest.raises(Refused):
        approve(RECORDS, uuid.uuid4(), by=osei)
    Intent.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(Refused, match="15 minutes"):
        approve(RECORDS, intent.pk, by=osei)


def test_undo_gives_every_field_its_previous_value(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(3)]
    before = [values(what, row) for row in rows]
    batch = approve_all(what, osei, rows).batch
    done = undo_all(what, osei, batch)
    assert (done.count, done.repeated) == (3, False)
    assert [values(what, row) for row in rows] == before
    assert {what.model.objects.get(pk=row.pk).version for row in rows} == {3}
    batch.refresh_from_db()
    assert (batch.undone_by_name, batch.undo_intent is not None) == ("K. Osei", True)
    assert undo_offer(what, osei).reason == "No batch to undo"
    assert_sound()


def test_undo_takes_the_users_own_newest_batch_of_the_kind(what: Approvable, osei: User, job: Job) -> None:
    admin = make_user()
    own = approve_all(what, osei, [make_work(what, job=job)]).batch
    theirs = approve_all(what, admin, [make_work(what, job=job)]).batch
    other = EXPENSES if what is RECORDS else RECORDS
    approve_all(other, osei, [make_work(other, job=job)])
    assert undo_offer(what, osei).batch == own
    assert undo_offer(what, admin).batch == theirs
    with pytest.raises(Refused, match="not the last batch"):
        undo_all(what, osei, theirs)
    undo_all(what, osei, own)
    undo_all(what, admin, theirs)
    assert_sound()


def test_an_older_batch_is_not_undone_before_the_newer(what: Approvable, osei: User, job: Job) -> None:
    first = approve_all(what, osei, [make_work(what, job=job)]).batch
    approve_all(what, osei, [make_work(what, job=job)])
    with pytest.raises(Refused, match="not the last batch"):
        undo_all(what, osei, first)


def test_undo_is_refused_as_a_whole_and_names_a_row_changed_since(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    batch = approve_all(what, osei, rows).batch
    edit(what, rows[1], make_user(name="M. Tran"))
    with pytest.raises(Refused) as refused:
        undo_all(what, osei, batch)
    assert [(each.code, each.object_id) for each in refused.value.refusals] == [("changed", rows[1].pk)]
    assert "changed by M. Tran at" in str(refused.value)
    assert states(what, rows) == ["approved", "approved"]
    assert undo_offer(what, osei).reason == f"Batch #1 has a changed {what.noun}"


def test_an_invoiced_dwr_hinders_the_undo_and_the_invoice_is_named(osei: User, job: Job) -> None:
    rows = [make_work(RECORDS, job=job) for _ in range(2)]
    batch = approve_all(RECORDS, osei, rows).batch
    invoice = make_invoice(job=job)
    InvoicedRecord.objects.create(record=rows[0], invoice=invoice)
    with pytest.raises(Refused) as refused:
        undo_all(RECORDS, osei, batch)
    assert [each.code for each in refused.value.refusals] == ["invoiced"]
    assert f"on invoice {invoice.number}" in str(refused.value)
    assert undo_offer(RECORDS, osei).reason == "Batch #1 has an invoiced DWR"


def test_a_processed_expense_hinders_the_undo(osei: User, job: Job) -> None:
    rows = [make_work(EXPENSES, job=job) for _ in range(2)]
    batch = approve_all(EXPENSES, osei, rows).batch
    EXPENSES.model.objects.filter(pk=rows[0].pk).update(processed_on=TODAY)
    with pytest.raises(Refused) as refused:
        undo_all(EXPENSES, osei, batch)
    assert [each.code for each in refused.value.refusals] == ["processed"]
    assert states(EXPENSES, rows) == ["processed", "approved"]


def test_a_reopened_row_has_left_the_batch_and_the_rest_returns(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    batch = approve_all(what, osei, rows).batch
    what.model.objects.filter(pk=rows[0].pk).update(approved_on=None, approved_by=None, batch=None, version=3)
    offer = undo_offer(what, osei)
    assert (offer.count, offer.reason) == (1, "")
    assert undo_all(what, osei, batch).count == 1
    assert states(what, rows) == ["submitted", "submitted"]


def test_a_row_that_left_after_the_window_opened_refuses_the_undo(what: Approvable, osei: User, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    batch = approve_all(what, osei, rows).batch
    intent = undo_intent(what, user=osei, batch=batch)
    what.model.objects.filter(pk=rows[0].pk).update(approved_on=None, approved_by=None, batch=None, version=3)
    with pytest.raises(Refused, match="changed since the window opened"):
        undo_approval(what, intent.pk, by=osei)
    assert states(what, rows) == ["submitted", "approved"]


def test_f52_the_same_undo_again_answers_with_what_was_done(what: Approvable, osei: User, job: Job) -> None:
    batch = approve_all(what, osei, [make_work(what, job=job)]).batch
    intent = undo_intent(what, user=osei, batch=batch)
    assert not undo_approval(what, intent.pk, by=osei).repeated
    assert undo_approval(what, intent.pk, by=osei).repeated
    assert AuditItem.objects.filter(entry__action=what.undo).count() == 1


def test_a_row_that_left_submitted_before_the_window_froze_it_is_left_out(
    what: Approvable, osei: User, job: Job
) -> None:
    """Its version is the one the window froze, its state is not what the window is for."""
    rows = [make_work(what, job=job), make_work(what, job=job, submitted_on=None), make_work(what, job=job)]
    first = approve_all(what, osei, rows[:1]).batch
    done = approve_all(what, osei, rows)
    assert [each.object_id for each in done.skipped] == [rows[0].pk, rows[1].pk]
    assert states(what, rows) == ["approved", "draft", "approved"]
    assert what.model.objects.get(pk=rows[0].pk).batch == first


@pytest.mark.parametrize("act", ["approve", "undo_approval"])
def test_the_history_says_it_in_words(act: str, what: Approvable, osei: User, job: Job) -> None:
    row = make_work(what, job=job)
    batch = approve_all(what, osei, [row]).batch
    if act == "undo_approval":
        undo_all(what, osei, batch)
    assert next(steps_of(what, row.pk)).what == {"approve": "Approved", "undo_approval": "Returned by an undo"}[act]


def test_what_a_command_of_its_own_did_last_is_named(osei: User, job: Job) -> None:
    record, expense = make_work(RECORDS, job=job), make_work(EXPENSES, job=job)
    send_back_record(record.pk, version=1, reason="Which truck?", by=osei)
    send_back_expense(expense.pk, version=1, reason="Which truck?", by=osei)
    for what, row in ((RECORDS, record), (EXPENSES, expense)):
        assert what.last_changes([row.pk])[row.pk].startswith(f"sent back by {osei.name} at ")
