"""DWRs over real HTTP: a form sent many times at once does one thing; of two people the later is told of the other."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import DailyWorkRecord, Job
from tests.commands import assert_sound
from tests.factories import make_company, make_item, make_job, make_user
from tests.site import Person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


@pytest.fixture
def job() -> Job:
    make_company()
    make_item("FOREMAN", unit_price=Decimal(112))
    return make_job()


@pytest.fixture
def technician(live_server: Any, job: Job) -> Person:
    return Person(live_server.url, make_user(Role.TECHNICIAN, name="T. Okafor"))


def data(job: Job, hours: str = "8", **fields: str) -> dict[str, str]:
    row = {"labour-0-item": str(make_item("FOREMAN").pk), "labour-0-hours": hours}
    totals = {
        f"{name}-{what}_FORMS": n for name, n in (("labour", "1"), ("equipment", "0")) for what in ("TOTAL", "INITIAL")
    }
    return {"date": "2026-11-20", "job": str(job.pk), "submit": "on", "key": str(uuid4()), **row, **totals, **fields}


def test_one_form_many_times(technician: Person, job: Job) -> None:
    answers = technician.post_at_once("/records/new/", data(job), TIMES)
    record = DailyWorkRecord.objects.get()
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(302, f"/records/{record.pk}/")}
    assert AuditEntry.objects.count() == 1
    assert_sound()


def test_one_edit_many_times(technician: Person, job: Job) -> None:
    technician.post("/records/new/", data(job, submit=""))
    path = f"/records/{DailyWorkRecord.objects.get().pk}/"
    answers = technician.post_at_once(f"{path}edit/", data(job, "9", version="1"), TIMES)
    assert {answer.status for answer in answers} == {302}
    record = DailyWorkRecord.objects.get()
    assert (record.version, record.lines.get().hours) == (2, Decimal(9))
    assert_sound()


def test_one_button_many_times(technician: Person, job: Job) -> None:
    technician.post("/records/new/", data(job, submit=""))
    record = DailyWorkRecord.objects.get()
    answers = technician.post_at_once(f"/records/{record.pk}/submit/", {"version": "1"}, TIMES)
    assert sorted(answer.status for answer in answers) == [302, *[409] * (TIMES - 1)]
    assert_sound()


def test_two_people_at_one_record(live_server: Any, technician: Person, job: Job) -> None:
    """What is approved is what the manager saw: the later one is told who was faster."""
    technician.post("/records/new/", data(job))
    record = DailyWorkRecord.objects.get()
    people = [Person(live_server.url, user) for user in (job.project_manager, make_user(name="M. Tran"))]
    sent = [data(job, hours, version="1") for hours in ("7", "6")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who, form: who.post(f"/records/{record.pk}/edit/", form), people, sent))
    assert sorted(answer.status for answer in answers) == [302, 409]
    first = next(n for n, answer in enumerate(answers) if answer.status == 302)
    names = (job.project_manager.name, "M. Tran")
    assert f"changed by {names[first]} at " in answers[1 - first].text
    assert record.lines.get().hours == Decimal(("7", "6")[first])
    assert_sound()


def test_numbers_are_unique_and_in_order_of_commit(live_server: Any, job: Job) -> None:
    people = [Person(live_server.url, make_user(Role.TECHNICIAN)) for _ in range(4)]
    sent = [(people[n % 4], data(job, str(n % 9 + 1))) for n in range(24)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: each[0].post("/records/new/", each[1]), sent))
    order = AuditItem.objects.filter(object_type="dwr").order_by("entry_id").values_list("object_id", flat=True)
    numbers = dict(DailyWorkRecord.objects.values_list("pk", "dwr_number"))
    assert [numbers[pk] for pk in order] == [str(n) for n in range(1, 25)]
    assert_sound()
