"""Expenses over real HTTP: one form or button sent many times at once does one thing."""

from typing import Any
from uuid import uuid4

import pytest

from jobbook.common.models import AuditEntry
from jobbook.jobs.models import Expense, Job
from tests.commands import assert_sound
from tests.factories import make_company, make_job
from tests.site import Person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


@pytest.fixture
def job() -> Job:
    make_company()
    return make_job()


@pytest.fixture
def manager(live_server: Any, job: Job) -> Person:
    return Person(live_server.url, job.project_manager)


def data(job: Job, **fields: str) -> dict[str, str]:
    paid_by = job.project_manager.name
    common = {"date": "2026-11-20", "job": str(job.pk), "employee": paid_by, "amount": "5", "submit": "on"}
    return {**common, "key": str(uuid4()), **fields}


def test_one_form_many_times(manager: Person, job: Job) -> None:
    answers = manager.post_at_once("/expenses/new/", data(job), TIMES)
    expense = Expense.objects.get()
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(302, f"/expenses/{expense.pk}/")}
    edit = data(job, version="1", amount="6.00")
    answers = manager.post_at_once(f"/expenses/{expense.pk}/edit/", edit, TIMES)
    assert {answer.status for answer in answers} == {302}
    assert AuditEntry.objects.count() == 2
    assert_sound()


def test_one_button_many_times(manager: Person, job: Job) -> None:
    manager.post("/expenses/new/", data(job, submit=""))
    expense = Expense.objects.get()
    answers = manager.post_at_once(f"/expenses/{expense.pk}/submit/", {"version": "1"}, TIMES)
    assert sorted(answer.status for answer in answers) == [302, *[409] * (TIMES - 1)]
    expense.refresh_from_db()
    assert expense.version == 2
    assert_sound()
