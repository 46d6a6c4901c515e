"""F52, F60, F62 for approvals, with real processes: what was approved is what the manager saw, and only once."""

from collections import Counter
from typing import Any

import pytest

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common import failpoints
from jobbook.common.models import AuditEntry
from jobbook.jobs.models import ApprovalBatch, DailyWorkRecord, Job
from jobbook.jobs.transitions.approvable import RECORDS, Approvable
from jobbook.jobs.transitions.approval_undo import undo_intent
from tests.approvals import BOTH, approve_all, intent_for, make_work, states
from tests.backlog.work import EXPENSES_URL, RECORDS_URL, selection
from tests.commands import assert_sound
from tests.factories import make_company, make_job, make_user
from tests.faults.people import outcome, race, send, wait_at
from tests.site import Person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20


@pytest.fixture
def osei() -> User:
    make_company()
    return make_user(Role.PROJECT_MANAGER, name="K. Osei")


@pytest.fixture
def job(osei: User) -> Job:
    return make_job(project_manager=osei)


@pytest.fixture
def technician() -> User:
    return make_user(Role.TECHNICIAN, name="T. Nguyen")


@pytest.fixture
def rows(job: Job, technician: User) -> list[DailyWorkRecord]:
    return [make_work(RECORDS, job=job, created_by=technician) for _ in range(4)]


@pytest.mark.parametrize("what", BOTH, ids=lambda what: what.kind.value)
def test_f62_twenty_clicks_on_approve_make_one_batch(live_server: Any, osei: User, job: Job, what: Approvable) -> None:
    url = RECORDS_URL if what is RECORDS else EXPENSES_URL
    works = [make_work(what, job=job) for _ in range(6)]
    person = Person(live_server.url, osei)
    window = person.post(f"{url}approve/", selection(works))
    answers = person.post_at_once(f"{url}approve/confirm/", {"intent": window.intent}, TIMES)
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert sum("Already done" in answer.text for answer in answers) == TIMES - 1
    assert all("#1 approved: 6" in answer.text for answer in answers)
    assert ApprovalBatch.objects.get().count == 6
    assert AuditEntry.objects.filter(action=what.approve).count() == 1
    undo = person.post(f"{url}undo/", {"batch": "1"})
    answers = person.post_at_once(f"{url}undo/confirm/", {"intent": undo.intent}, TIMES)
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert states(what, works) == ["submitted"] * 6
    assert AuditEntry.objects.filter(action=what.undo).count() == 1
    assert_sound()


def test_f60_the_technician_edits_while_the_manager_approves(
    osei: User, technician: User, rows: list[DailyWorkRecord]
) -> None:
    """Whoever is first: an edit that came in is not approved unseen, an approval makes the edit fail or be seen."""
    intent = intent_for(RECORDS, osei, rows)
    first = send("edit", f"{rows[0].pk}:1", technician, at="actor.ready=barrier:ready")
    wait_at("ready")
    second = send("approve", intent.pk, osei, at="approve.after_lock=barrier:hold")
    wait_at("hold")
    failpoints.release("ready")
    failpoints.release("hold")
    assert outcome(second)["result"] == "done"
    assert outcome(first)["result"] == "refused"  # the version the technician saw is gone
    assert states(RECORDS, rows) == ["approved"] * 4
    assert_sound()


def test_f60_an_edit_that_was_first_is_left_out(osei: User, technician: User, rows: list[DailyWorkRecord]) -> None:
    intent = intent_for(RECORDS, osei, rows)
    results = race(("edit", f"{rows[0].pk}:1", technician), ("approve", intent.pk, osei))
    edited = DailyWorkRecord.objects.get(pk=rows[0].pk)
    assert results[1]["result"] == "done"
    if results[0]["result"] == "done":
        assert (edited.state, edited.description) == ("submitted", "Longer")
    else:
        assert (edited.state, edited.description) == ("approved", "")
    assert states(RECORDS, rows[1:]) == ["approved"] * 3
    assert_sound()


def test_two_people_approve_the_same_rows_each_row_is_in_one_batch(osei: User, rows: list[DailyWorkRecord]) -> None:
    admin = make_user(name="M. Tran")
    one, two = intent_for(RECORDS, osei, rows[:3]), intent_for(RECORDS, admin, rows[1:])
    results = race(("approve", one.pk, osei), ("approve", two.pk, admin))
    assert [result["result"] for result in results] == ["done", "done"]
    assert sorted(ApprovalBatch.objects.values_list("count", flat=True)) == [1, 3]
    assert states(RECORDS, rows) == ["approved"] * 4
    assert_sound()


@pytest.mark.parametrize("held", ["approve.after_lock", "approve.after_items", "undo_approval.after_items"])
def test_f51_approval_against_undo_equals_a_serial_order(osei: User, rows: list[DailyWorkRecord], held: str) -> None:
    batch = approve_all(RECORDS, osei, rows[:2]).batch
    undo = ("undo_approval", undo_intent(RECORDS, user=osei, batch=batch).pk, osei)
    more = ("approve", intent_for(RECORDS, osei, rows[2:]).pk, osei)
    holder, waiter = (undo, more) if held.startswith("undo") else (more, undo)
    one = send(*holder, at=f"{held}=barrier:hold")
    wait_at("hold")
    two = send(*waiter, at="actor.ready=barrier:ready")
    wait_at("ready")
    failpoints.release("ready")
    failpoints.release("hold")
    assert outcome(one)["result"] == "done"
    answer = outcome(two)
    if held.startswith("undo"):
        assert answer["result"] == "done"
        assert states(RECORDS, rows) == ["submitted"] * 2 + ["approved"] * 2
    else:
        assert "not the last batch any more" in answer["detail"]
        assert states(RECORDS, rows) == ["approved"] * 4
    assert_sound()


@pytest.mark.parametrize("place", ["approve.after_lock", "approve.after_items"])
def test_f4_killed_inside_the_transaction_nothing_changed(osei: User, rows: list[DailyWorkRecord], place: str) -> None:
    intent = intent_for(RECORDS, osei, rows)
    assert outcome(send("approve", intent.pk, osei, at=f"{place}=kill9"))["result"] == "unknown"
    assert states(RECORDS, rows) == ["submitted"] * 4
    assert outcome(send("approve", intent.pk, osei))["result"] == "done"
    assert ApprovalBatch.objects.get().number == 1
    assert_sound()


def test_f3_killed_after_the_commit_the_same_window_finds_its_batch(osei: User, rows: list[DailyWorkRecord]) -> None:
    intent = intent_for(RECORDS, osei, rows)
    assert outcome(send("approve", intent.pk, osei, at="approve.after_commit=kill9"))["result"] == "unknown"
    assert outcome(send("approve", intent.pk, osei))["result"] == "repeated"
    assert ApprovalBatch.objects.get().count == 4
    assert_sound()
