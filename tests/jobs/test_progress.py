"""The dated entries of fixed-price jobs: what holds on a day, who enters what, what is refused, what the page shows."""

import html
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry
from jobbook.common.records import Difference
from jobbook.jobs.models import (
    BillingType,
    ContractEntry,
    Job,
    PercentEntry,
    contract_on,
    percent_entered_on,
    percent_on,
)
from jobbook.jobs.pages.job_rules import what_stays
from jobbook.jobs.pages.steps import steps_of
from jobbook.jobs.transitions.progress import delete_progress, enter_progress
from tests.commands import assert_sound
from tests.factories import TODAY, make_company, make_job, make_user
from tests.jobs.asking import of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def manager() -> User:
    make_company()
    return make_user(Role.PROJECT_MANAGER, name="A. Beaulieu")


@pytest.fixture
def job(manager: User) -> Job:
    return make_job(project_manager=manager, billing_type=BillingType.FIXED_PRICE, contract_amount=D(1000))


def holds(job: Job, day: date) -> tuple[Any, Any, Any]:
    """Contract, per cent and the date of its entry, as of a day."""
    rows = Job.objects.filter(pk=job.pk)
    found: tuple[Any, Any, Any] = rows.values_list(contract_on(day), percent_on(day), percent_entered_on(day)).get()
    return found


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_the_newest_entry_until_a_day_holds_on_it(job: Job, manager: User) -> None:
    assert holds(job, TODAY) == (D(1000), None, None)
    enter_progress(job.pk, on=days(-5), percent=D("12.5"), by=manager)
    enter_progress(job.pk, on=days(-9), percent=D("10"), by=manager)
    enter_progress(job.pk, on=days(-7), amount=D("1200.50"), by=manager)
    assert holds(job, days(-10)) == (D(1000), None, None)
    assert holds(job, days(-9)) == (D(1000), D(10), days(-9))
    assert holds(job, days(-6)) == (D("1200.50"), D(10), days(-9))
    assert holds(job, TODAY) == (D("1200.50"), D("12.5"), days(-5))


def test_the_days_entry_is_replaced_and_the_same_again_writes_nothing(job: Job, manager: User) -> None:
    enter_progress(job.pk, on=TODAY, percent=D(40), amount=D(900), by=manager)
    replaced = PercentEntry.objects.get()
    enter_progress(job.pk, on=TODAY, percent=D(45), amount=D(900), by=manager)
    entries = AuditEntry.objects.count()
    enter_progress(job.pk, on=TODAY, percent=D("45.0000"), amount=D("900.00"), by=manager)
    assert AuditEntry.objects.count() == entries == 2
    assert holds(job, TODAY) == (D(900), D(45), TODAY)
    with pytest.raises(Refused, match="deleted or replaced already"):  # it is not the entry that was seen
        delete_progress(PercentEntry, replaced.pk, by=manager)
    delete_progress(PercentEntry, PercentEntry.objects.get().pk, by=manager)
    assert holds(job, TODAY) == (D(900), None, None)
    said = [
        (step.what, [(each.label, each.before, each.after) for each in step.changes])
        for step in steps_of("job", job.pk)
    ]
    percent, contract = "Per cent complete as of 2026-11-20", "Contract amount as of 2026-11-20"
    assert said == [
        ("Progress entry deleted", [(percent, "45.00", "")]),
        ("Progress entered", [(percent, "40.00", "45.00")]),
        ("Progress entered", [(contract, "", "900.00"), (percent, "", "40.00")]),
    ]
    assert_sound()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"percent": D("100.0001")}, "Per cent complete: 100.0001 is not from 0 to 100"),
        ({"percent": D(-1)}, "is not from 0"),
        ({"amount": D(-1)}, "Contract amount: -1 is not from 0"),
        ({"amount": D(10) ** 12}, "is not from 0"),
        ({"percent": D(1), "amount": D(-1)}, "is not from 0"),
    ],
)
def test_what_is_out_of_bounds_is_refused_whole(job: Job, manager: User, values: Any, why: str) -> None:
    with pytest.raises(Refused, match=why):
        enter_progress(job.pk, on=TODAY, by=manager, **values)
    assert not PercentEntry.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_day_to_come_and_other_billing_types_are_refused(job: Job, manager: User) -> None:
    with pytest.raises(Refused, match="still to come"):
        enter_progress(job.pk, on=timezone.localdate() + timedelta(days=1), percent=D(1), by=manager)
    enter_progress(job.pk, on=timezone.localdate(), percent=D(100), by=manager)
    other = make_job(project_manager=manager)
    with pytest.raises(Refused, match="it is Time & Material"):
        enter_progress(other.pk, on=TODAY, percent=D(1), by=manager)


def test_only_its_manager_and_administrators_enter_and_delete(job: Job, manager: User) -> None:
    for role in (Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN):
        with pytest.raises(Refused, match="only its project manager or an administrator may"):
            enter_progress(job.pk, on=TODAY, percent=D(1), by=make_user(role))
    enter_progress(job.pk, on=TODAY, percent=D(1), by=make_user())
    with pytest.raises(Refused, match="only its project manager"):
        delete_progress(PercentEntry, PercentEntry.objects.get().pk, by=make_user(Role.ACCOUNTING))
    delete_progress(PercentEntry, PercentEntry.objects.get().pk, by=make_user())
    assert not PercentEntry.objects.exists()


@pytest.mark.parametrize(("model", "value"), [(PercentEntry, {"percent": D(101)}), (ContractEntry, {"amount": D(-1)})])
def test_the_database_keeps_the_bounds_and_one_entry_a_day(job: Job, manager: User, model: Any, value: Any) -> None:
    facts = {"job": job, "date": TODAY, "entered_by": manager, "entered_at": timezone.now()}
    with pytest.raises(IntegrityError, match="bounded"), transaction.atomic():
        model.objects.create(**facts, **value)
    good = dict.fromkeys(value, D(1))
    model.objects.create(**facts, **good)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        model.objects.create(**facts, **good)


def test_the_billing_type_stays_once_progress_is_entered(job: Job, manager: User) -> None:
    enter_progress(job.pk, on=TODAY, percent=D(1), amount=D(5), by=manager)
    difference = Difference({"billing_type": "fixed_price"}, {"billing_type": "overhead"})
    (refusal,) = what_stays(job, difference)
    assert str(refusal) == "It stays Fixed Price, because the job has 2 entries of progress."


def page(user: User, job: Job) -> str:
    return html.unescape(of(user).get(f"/jobs/{job.pk}/").content.decode())


def test_the_page_shows_the_entries_and_takes_one_more(job: Job, manager: User) -> None:
    browser = of(manager)
    assert "not entered yet" in page(manager, job)
    answer = browser.post(f"/jobs/{job.pk}/progress/", {"on": "2026-11-02", "percent": "33.335", "amount": "1200.10"})
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.pk}/")
    shown = page(manager, job)
    for words in ("33.335 %", "1,200.10", "400.05", "Progress entered", "A. Beaulieu"):  # 400.0533 earned
        assert words in shown
    entry = PercentEntry.objects.get()
    delete = f"/jobs/progress/percent/{entry.pk}/delete/"
    assert f'<a href="{delete}" aria-label="Delete Per cent complete as of 2026-11-02">Delete</a>' in shown
    assert "33.335 %" in browser.get(delete).content.decode()
    assert browser.post(delete).status_code == 302
    assert browser.get(delete).status_code == browser.post(delete).status_code == 404
    assert "33.335 %" not in page(manager, job)


def test_accounting_reads_it_and_other_jobs_have_none(job: Job, manager: User) -> None:
    enter_progress(job.pk, on=TODAY, percent=D(60), by=manager)
    shown = page(make_user(Role.ACCOUNTING), job)
    assert "60 %" in shown
    assert "600.00" in shown
    assert "Enter progress" not in shown
    assert "/delete/" not in shown
    assert 'id="progress"' not in page(manager, make_job(project_manager=manager))


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"on": "2026-11-02"}, 422, "Enter a per cent, a contract amount, or both."),
        ({"on": "", "percent": "5"}, 422, "This field is required."),
        ({"on": "2026-11-02", "percent": "100.5"}, 422, "100 is the most."),
        ({"on": "2026-11-02", "percent": "NaN"}, 422, "Digits and a point"),
        ({"on": "2026-11-02", "amount": "12.345"}, 422, "At most 2 decimals."),
        ({"on": "2199-01-01", "percent": "5"}, 409, "2199-01-01 is still to come"),
    ],
)
def test_what_cannot_be_entered_is_shown_on_the_page(
    job: Job, manager: User, sent: dict[str, str], status: int, says: str
) -> None:
    answer = of(manager).post(f"/jobs/{job.pk}/progress/", sent)
    assert answer.status_code == status
    assert says in html.unescape(answer.content.decode())
    assert not PercentEntry.objects.exists()


def test_the_page_asks_the_same_number_of_queries_for_any_number_of_entries(job: Job, manager: User) -> None:
    browser = of(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/jobs/{job.pk}/")
        return len(asked)

    for number in range(3):
        enter_progress(job.pk, on=days(-number), percent=D(number), amount=D(number), by=manager)
    few = queries()
    for number in range(3, 20):
        enter_progress(job.pk, on=days(-number), percent=D(number), amount=D(number), by=manager)
    assert queries() == few
