"""F4, F49-F53, F65 with real processes, on the database under test: nobody overwrites, loses or doubles anything."""

from collections import Counter

import pytest

from invoices.models import Invoice, ProcessBatch
from invoices.undo import undo_intent
from jobbook.accounts.models import User
from jobbook.common import failpoints
from jobbook.common.models import AuditEntry
from tests.commands import assert_sound, intent_for, process, queues
from tests.factories import make_invoice, make_job, make_user
from tests.faults.people import outcome, race, send, wait_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tran() -> User:
    return make_user(name="M. Tran")


@pytest.fixture
def osei() -> User:
    return make_user(name="K. Osei")


@pytest.fixture
def invoices() -> list[Invoice]:
    job = make_job()
    return [make_invoice(job=job) for _ in range(8)]


def test_f49_overlapping_selections_one_wins_and_the_other_is_told(
    tran: User, osei: User, invoices: list[Invoice]
) -> None:
    first, second = intent_for(tran, invoices[:5]), intent_for(osei, invoices[3:])
    results = race(("process", first.pk, tran), ("process", second.pk, osei))
    assert sorted(result["result"] for result in results) == ["done", "refused"]
    refused = next(result for result in results if result["result"] == "refused")
    winner = tran.name if results[1] is refused else osei.name
    for invoice in invoices[3:5]:
        assert f"{invoice.number}: processed by {winner} at" in refused["detail"]
    batch = ProcessBatch.objects.get()
    assert Counter(queues(invoices))["processed"] == batch.count == 5
    assert_sound()


def test_f49_the_second_waits_for_the_lock_and_then_sees_the_truth(
    tran: User, osei: User, invoices: list[Invoice]
) -> None:
    """The exact interleaving: the first holds the locks, the second has opened its transaction and waits."""
    one, two = intent_for(tran, invoices[:5]), intent_for(osei, invoices[3:])
    first = send("process", one.pk, tran, at="process.after_items=barrier:hold")
    wait_at("hold")
    second = send("process", two.pk, osei, at="actor.ready=barrier:ready")
    wait_at("ready")
    failpoints.release("ready")
    failpoints.release("hold")
    assert [outcome(first)["result"], outcome(second)["result"]] == ["done", "refused"]
    assert_sound()


def test_f50_the_same_selection_by_two_people_makes_one_batch(tran: User, osei: User, invoices: list[Invoice]) -> None:
    results = race(("process", intent_for(tran, invoices).pk, tran), ("process", intent_for(osei, invoices).pk, osei))
    assert sorted(result["result"] for result in results) == ["done", "refused"]
    assert ProcessBatch.objects.get().count == 8
    assert_sound()


@pytest.mark.parametrize("held", ["process.after_lock", "process.after_items", "undo.after_lock", "undo.after_items"])
def test_f51_process_against_undo_equals_a_serial_order(
    tran: User, osei: User, invoices: list[Invoice], held: str
) -> None:
    """Tran undoes batch 1 while Osei processes other invoices: whoever holds the head goes first."""
    batch = process(tran, invoices[:4])
    undo = ("undo", undo_intent(user=tran, batch=batch).pk, tran)
    second = ("process", intent_for(osei, invoices[4:]).pk, osei)
    holder, waiter = (undo, second) if held.startswith("undo") else (second, undo)
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
        assert queues(invoices) == ["admin"] * 4 + ["processed"] * 4
    else:
        assert "not the last batch any more" in answer["detail"]
        assert queues(invoices) == ["processed"] * 8
    assert_sound()


def test_f52_many_undos_of_one_window_undo_one_batch(tran: User, invoices: list[Invoice]) -> None:
    process(tran, invoices[:4])
    last = process(tran, invoices[4:])
    intent = undo_intent(user=tran, batch=last)
    results = race(*[("undo", intent.pk, tran)] * 4)
    assert Counter(result["result"] for result in results) == {"done": 1, "repeated": 3}
    assert queues(invoices) == ["processed"] * 4 + ["admin"] * 4
    assert_sound()


def test_f53_paid_while_the_undo_waits(tran: User, osei: User, invoices: list[Invoice]) -> None:
    batch = process(tran, invoices[:2])
    undo = undo_intent(user=tran, batch=batch)
    results = race(("pay", f"{invoices[0].pk}:2", osei), ("undo", undo.pk, tran))
    assert sorted(result["result"] for result in results) == ["done", "refused"]
    expected = ["paid", "processed"] if results[0]["result"] == "done" else ["admin", "admin"]
    assert queues(invoices[:2]) == expected
    assert_sound()


@pytest.mark.parametrize("place", ["process.after_lock", "process.after_items"])
def test_f4_killed_inside_the_transaction_nothing_changed(tran: User, invoices: list[Invoice], place: str) -> None:
    intent = intent_for(tran, invoices)
    assert outcome(send("process", intent.pk, tran, at=f"{place}=kill9"))["result"] == "unknown"
    assert queues(invoices) == ["admin"] * 8
    assert not AuditEntry.objects.exists()
    assert outcome(send("process", intent.pk, tran))["result"] == "done"
    assert ProcessBatch.objects.get().number == 1
    assert_sound()


def test_f3_killed_after_the_commit_the_same_window_finds_its_batch(tran: User, invoices: list[Invoice]) -> None:
    intent = intent_for(tran, invoices)
    assert outcome(send("process", intent.pk, tran, at="process.after_commit=kill9"))["result"] == "unknown"
    assert outcome(send("process", intent.pk, tran))["result"] == "repeated"
    assert ProcessBatch.objects.get().count == 8
    assert_sound()


def test_f65_rows_that_moved_since_the_page_was_loaded_refuse_the_whole(
    tran: User, osei: User, invoices: list[Invoice]
) -> None:
    intent = intent_for(tran, invoices)
    batch = process(osei, invoices[:1])
    assert outcome(send("untick", f"{invoices[0].pk}:2", osei))["result"] == "done"
    answer = outcome(send("process", intent.pk, tran))
    assert answer["result"] == "refused"
    assert f"{invoices[0].number}: unticked by K. Osei at" in answer["detail"]
    assert queues(invoices) == ["admin"] * 8
    assert not batch.invoices.exists()
    assert_sound()
