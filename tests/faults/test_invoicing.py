"""F58, F59, F61 with real processes, on the database under test: a DWR is billed once, numbers are given once."""

import re

import pytest

from invoices.models import Invoice, InvoicedRecord
from jobbook.accounts.models import User
from jobbook.common import failpoints
from jobbook.common.models import AuditItem
from jobbook.jobs.models import DailyWorkRecord
from tests.commands import assert_sound
from tests.factories import make_job, make_user
from tests.faults.people import outcome, race, send, wait_at
from tests.invoicing import approved, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tran() -> User:
    return make_user(name="M. Tran")


@pytest.fixture
def osei() -> User:
    return make_user(name="K. Osei")


@pytest.fixture
def records(tran: User) -> list[DailyWorkRecord]:
    """Three DWRs of one job and one of another."""
    job = make_job()
    return [*(approved(job, tran) for _ in range(3)), approved(make_job(), tran)]


def test_f59_the_same_dwr_by_two_people_one_wins_and_the_other_is_told(
    tran: User, osei: User, records: list[DailyWorkRecord]
) -> None:
    one, two = window(tran, records[:2]), window(osei, records[1:3])
    results = race(("invoice", one.pk, tran), ("invoice", two.pk, osei))
    assert sorted(result["result"] for result in results) == ["done", "refused"]
    refused = next(result for result in results if result["result"] == "refused")
    assert f"{records[1]}: it is on invoice {Invoice.objects.get()} already" in refused["detail"]
    assert InvoicedRecord.objects.count() == 2
    assert_sound()


def test_f59_the_jobs_that_nobody_else_took_still_go_through(
    tran: User, osei: User, records: list[DailyWorkRecord]
) -> None:
    """The exact interleaving: the first holds the locks when the second begins."""
    one, two = window(tran, records[:2]), window(osei, records[1:])
    first = send("invoice", one.pk, tran, at="issue.after_items=barrier:hold")
    wait_at("hold")
    second = send("invoice", two.pk, osei, at="actor.ready=barrier:ready")
    wait_at("ready")
    failpoints.release("ready")
    failpoints.release("hold")
    assert [outcome(first)["result"], outcome(second)["result"]] == ["done", "done"]
    assert set(InvoicedRecord.objects.values_list("record", flat=True)) == {records[i].pk for i in (0, 1, 3)}
    assert_sound()


def test_a_double_click_makes_the_invoices_once(tran: User, records: list[DailyWorkRecord]) -> None:
    intent = window(tran, records)
    results = race(*[("invoice", intent.pk, tran)] * 4)
    assert sorted(result["result"] for result in results) == ["done", "repeated", "repeated", "repeated"]
    assert Invoice.objects.count() == 2
    assert_sound()


def test_f58_a_reopening_during_invoicing_is_refused_with_the_invoice(
    tran: User, osei: User, records: list[DailyWorkRecord]
) -> None:
    first = send("invoice", window(tran, records[:1]).pk, tran, at="issue.after_lock=barrier:hold")
    wait_at("hold")
    second = send("reopen", f"{records[0].pk}:1", osei, at="actor.ready=barrier:ready")
    wait_at("ready")
    failpoints.release("ready")
    failpoints.release("hold")
    assert outcome(first)["result"] == "done"
    answer = outcome(second)
    assert answer["result"] == "refused"
    assert Invoice.objects.get().number in answer["detail"]
    assert_sound()


def test_f58_an_approval_withdrawn_first_refuses_the_invoice(
    tran: User, osei: User, records: list[DailyWorkRecord]
) -> None:
    intent = window(tran, records[:2])
    first = send("reopen", f"{records[0].pk}:1", osei, at="reopen.after_lock=barrier:hold")
    wait_at("hold")
    second = send("invoice", intent.pk, tran, at="actor.ready=barrier:ready")
    wait_at("ready")
    failpoints.release("ready")
    failpoints.release("hold")
    assert outcome(first)["result"] == "done"
    answer = outcome(second)
    assert answer["result"] == "refused"
    assert f"{records[0]}: it is not approved any more" in answer["detail"]
    assert not Invoice.objects.exists()
    assert_sound()


def test_f58_whoever_is_first(tran: User, osei: User, records: list[DailyWorkRecord]) -> None:
    race(("reopen", f"{records[0].pk}:1", osei), ("invoice", window(tran, records[:1]).pk, tran))
    record = DailyWorkRecord.objects.get(pk=records[0].pk)
    assert (record.approved_on is None) != hasattr(record, "invoiced")
    assert_sound()


@pytest.mark.parametrize("point", ["issue.after_lock", "issue.after_items"])
def test_a_kill_before_the_commit_leaves_nothing(tran: User, records: list[DailyWorkRecord], point: str) -> None:
    intent = window(tran, records)
    assert outcome(send("invoice", intent.pk, tran, at=f"{point}=kill9"))["result"] == "unknown"
    assert not Invoice.objects.exists()
    assert outcome(send("invoice", intent.pk, tran))["result"] == "done"
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == ["INV-10001", "INV-10002"]
    assert_sound()


def test_f61_numbers_of_four_processes_are_contiguous_and_in_order_of_commit(tran: User) -> None:
    job = make_job()
    results = race(*[("make", f"{job.pk}:50", tran)] * 4)
    assert [result["result"] for result in results] == ["done"] * 4
    made = AuditItem.objects.filter(object_type="invoice").order_by("entry_id")
    numbers = [re.findall(r"INV-(\d+)", after)[0] for after in made.values_list("after", flat=True)]
    assert numbers == [str(10_001 + n) for n in range(200)]
    assert_sound()
