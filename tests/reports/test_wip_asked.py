"""Reading the address of the WIP Report: what is wrong is said in words, and no figure is shown."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType
from jobbook.reports.wip.asked import Asked, days_of, read
from jobbook.reports.wip.words import days_words, which_jobs, work_words
from tests.backlog.grids import logged_in
from tests.factories import make_company, make_job, make_user
from tests.reports.wip_firm import ago, record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
PAGES = ("/wip/", "/wip/work/", "/wip/invoices/")


def asked(address: str, user: Any = None) -> Asked:
    return read(QueryDict(address), user or make_user(), TODAY)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("all", "", "2026-11-25"),
    ],
)
def test_periods(period: str, start: str, end: str) -> None:
    scope = asked(f"period={period}").scope
    assert scope
    assert (scope.start.isoformat() if scope.start else "", scope.end.isoformat(), scope.as_of) == (start, end, TODAY)


def test_months_of_all_lengths() -> None:
    assert days_of("last_month", date(2027, 1, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert days_of("this_month", date(2028, 2, 29)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert days_of("this_quarter", date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))


def test_nothing_said_is_this_month_of_time_and_material() -> None:
    found = asked("")
    assert found.scope
    assert (found.scope.start, found.scope.end) == days_of("this_month", TODAY)
    assert found.scope.billing == (BillingType.TIME_AND_MATERIAL,)


def test_the_address_of_a_report_stays_the_same_report() -> None:
    """Days by a period are written out, filters stay."""
    job = make_job(job_number="A/1 & 2")
    user = make_user()
    first = asked(f"period=last_month&client={job.client.pk}&job=A%2F1+%26+2&billing=fixed_price", user)
    query = QueryDict(mutable=True)
    for name, value in first.pairs:
        query.appendlist(name, value)
    assert first.scope
    assert first.scope.jobs == (job.pk,)
    assert read(query, user, TODAY + timedelta(days=40)).scope == first.scope


def test_an_empty_first_day_is_the_beginning_and_an_empty_last_one_the_day_of_the_report() -> None:
    scope = asked("from=&to=&as_of=2026-10-05").scope
    assert scope
    assert (scope.start, scope.end, scope.as_of) == (None, date(2026, 10, 5), date(2026, 10, 5))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("periode=this_year", "There is no parameter called “periode”."),
        ("period=year", "There is no such period."),
        ("period=", ""),
        ("from=2026-13-01", "Enter a date as 2026-11-20."),
        ("from=01%2F11%2F2026", "Enter a date as 2026-11-20."),
        ("from=2026-11-02&to=2026-11-01", "Later than the last day, 2026-11-01."),
        ("as_of=2026-11-26", "This day has not come yet."),
        ("as_of=2026-10-30", "Before the first day, 2026-11-01: nothing of those days was there yet."),
        ("period=this_year&from=2026-01-01", "Either a period or days, not both."),
        ("from=2026-11-01&from=2026-01-01", "One value only."),
        ("billing=all", "“all” is not one of the choices."),
        ("client=999999", "“999999” is not one of the choices."),
        ("client=x", "“x” is not one of the choices."),
        ("job=26-none", "“26-none” is not one of the choices."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_shown(address: str, message: str) -> None:
    found = asked(address)
    assert [problem.message for problem in found.problems] == ([message] if message else [])
    assert (found.scope is None) == bool(message)


def test_a_job_of_another_manager_is_no_choice() -> None:
    job = make_job(job_number="X-1")
    other = make_user(Role.PROJECT_MANAGER)
    for parameter in (f"client={job.client.pk}", f"manager={job.project_manager.pk}", "job=X-1"):
        assert asked(parameter, other).scope is None, parameter
        assert asked(parameter, job.project_manager).scope is not None, parameter


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_a_wrong_address_shows_no_figure(path: str) -> None:
    make_company()
    user = make_user()
    record(make_job(), 1, user)
    client = logged_in(user)
    for wrong in ("month=11", "billing=none", "from=yesterday", "page=1&page2=2"):
        body = client.get(f"{path}?{wrong}").content.decode()
        assert "so no figures are shown" in body, wrong
        assert "289.65" not in body
    assert client.get("/wip/files/csv/?from=yesterday", follow=True).request["PATH_INFO"] == "/wip/"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/wip/work/?place=gone", "There is no such choice."),
        ("/wip/work/?age=5", "There is no such choice."),
        ("/wip/work/?item=999999", "There is no such line item."),
        ("/wip/work/?of_job=999999999999999999999", "This is not a job of the report."),
        ("/wip/work/?of_job=1&of_job=2", "One value only."),
        ("/wip/work/?queue=pm", "There is no parameter called “queue”."),
        ("/wip/invoices/?part=tax", "There is no such choice."),
        ("/wip/invoices/?part=fees&queue=pm", "Either a part or a queue, not both."),
        ("/wip/invoices/?place=pm", "There is no parameter called “place”."),
    ],
)
def test_a_wrong_figure_is_named_and_has_no_rows(address: str, message: str) -> None:
    make_company()
    body = logged_in().get(address).content.decode()
    assert message in body
    assert "<table" not in body


def test_words() -> None:
    assert days_words(date(2026, 11, 1), date(2026, 11, 30)) == "1–30 November 2026"
    assert days_words(date(2026, 10, 3), date(2026, 11, 25)) == "3 October – 25 November 2026"
    assert days_words(date(2025, 12, 28), date(2026, 1, 3)) == "28 December 2025 – 3 January 2026"
    assert days_words(date(2026, 1, 3), date(2026, 1, 3)) == "3 January 2026"
    assert days_words(None, date(2026, 1, 3)) == "until 3 January 2026"
    make_company()
    said = (
        "Work on DWRs dated 1–30 November 2026 as it stood on 25 November 2026, at job prices before fees and tax, in"
    )
    assert work_words(asked("")) == f"{said} CAD."


def test_whose_jobs_in_words() -> None:
    job = make_job()
    manager = job.project_manager
    address = f"client={job.client.pk}&billing=fixed_price&billing=time_and_material"
    both = "Fixed Price and Time & Material jobs"
    assert which_jobs(asked(address), make_user()) == f"{both} of client {job.client.name}"
    assert which_jobs(asked("", manager), manager) == "Your Time & Material jobs."


def test_periods_and_chips_keep_what_they_do_not_change() -> None:
    make_company()
    job = make_job()
    today = timezone.localdate()
    body = (
        logged_in()
        .get(f"/wip/?from={ago(3)}&to={today}&client={job.client.pk}&office={job.office_id}")
        .content.decode()
    )
    assert f'href="?period=last_month&amp;client={job.client.pk}&amp;office={job.office_id}"' in body
    assert f'href="?from={ago(3)}&amp;to={today}&amp;as_of={today}&amp;office={job.office_id}"' in body
