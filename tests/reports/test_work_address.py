"""The address of a report is its state: periods, filters and groups; what is wrong in it is named and shows no rows."""

import re
from copy import copy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import DailyWorkRecord, Expense, WorkLine
from jobbook.reports.cards import cards
from jobbook.reports.work import report as bounds
from jobbook.reports.work import views
from jobbook.reports.work.asked import Asked, parse
from jobbook.reports.work.declared import REPORTS
from jobbook.reports.work.period import PRESETS, preset_period
from tests.factories import TODAY, make_company, make_expense, make_job, make_record, make_user
from tests.reports.work_books import make_books

pytestmark = pytest.mark.django_db
SLUGS = list(REPORTS)


def asked_of(user: User, query: str, slug: str = "time-card") -> Asked:
    return parse(REPORTS[slug], user, QueryDict(query), TODAY)


@pytest.mark.parametrize(
    ("slug", "today", "days"),
    [
        ("7", "2026-03-03", "2026-02-25 2026-03-03"),
        ("14", "2026-01-05", "2025-12-23 2026-01-05"),
        ("31", "2028-03-01", "2028-01-31 2028-03-01"),
        ("this-week", "2026-11-23", "2026-11-23 2026-11-29"),  # a Monday
        ("this-week", "2026-11-29", "2026-11-23 2026-11-29"),  # a Sunday
        ("this-week", "2027-01-01", "2026-12-28 2027-01-03"),
        ("last-week", "2026-03-02", "2026-02-23 2026-03-01"),
        ("last-week", "2027-01-01", "2026-12-21 2026-12-27"),
        ("this-month", "2026-12-31", "2026-12-01 2026-12-31"),
        ("this-month", "2028-02-29", "2028-02-01 2028-02-29"),
        ("last-month", "2026-03-31", "2026-02-01 2026-02-28"),
        ("last-month", "2027-01-01", "2026-12-01 2026-12-31"),
    ],
)
def test_presets_move_with_today(slug: str, today: str, days: str) -> None:
    period = preset_period(slug, date.fromisoformat(today))
    assert f"{period.first} {period.last}" == days
    assert [str(day) for day in period.days][:: period.length - 1] == days.split()


def test_every_preset_is_tried() -> None:
    assert list(PRESETS) == ["7", "14", "31", "this-week", "last-week", "this-month", "last-month"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=2026-11-01", ["to"]),
        ("to=2026-11-01", ["from"]),
        ("from=2026-11-31&to=2026-12-01", ["from"]),
        ("from=20261101&to=2026-12-01", ["from"]),
        ("from=2026-11-02&to=2026-11-01", ["to"]),
        ("from=2025-11-01&to=2026-11-02", ["to"]),
        ("period=8", ["period"]),
        ("period=7&from=2026-11-01&to=2026-11-02", ["period"]),
        ("period=7&period=14", ["period"]),
        ("colour=red", ["colour"]),
        ("employee=Nobody", ["employee"]),
        ("employee=%00", ["employee"]),
        ("job=x", ["job"]),
        ("job=999999999&client=0&manager=-1&office=99999999999999999999", ["job", "client", "manager", "office"]),
        ("state=processed", ["state"]),
        ("group=colour", ["group"]),
        ("file=pdf", ["file"]),
    ],
)
def test_what_is_wrong_is_named_and_shows_no_rows(client: Client, query: str, names: list[str]) -> None:
    make_company()
    make_record(date=timezone.localdate())
    admin = make_user()
    assert [problem.name for problem in asked_of(admin, query).problems] == names
    client.force_login(admin)
    response = client.get(f"/reports/time-card/?{query}")
    page = response.content.decode()
    assert response.status_code == (400 if "file" in query else 200)
    assert "no rows are shown" in page
    assert "<tbody>" not in page
    assert "768.00" not in page
    assert client.get(f"/reports/time-card/?{query}&file=csv").status_code == 400


def test_nothing_in_an_address_is_all(client: Client) -> None:
    """What a form sends for "All" is no filter; the grid of days has its own longest period."""
    admin = make_user()
    empty = asked_of(admin, "employee=&job=&client=&manager=&office=&state=&group=&period=&from=&to=&file=")
    assert (empty.problems, dict(empty.chosen), empty.url()) == ((), {}, "/reports/time-card/")
    two_months = "from=2026-09-01&to=2026-11-02"
    assert asked_of(admin, two_months).problems == ()
    assert asked_of(admin, two_months, "time-grid").problems[0].message == "At most 62 days, these are 63."
    client.force_login(admin)
    assert client.get("/reports/payroll/").status_code == 404


def test_the_address_keeps_everything(client: Client) -> None:
    make_company()
    job = make_job()
    make_record(job=job)
    query = f"from=2026-11-01&to=2026-11-20&employee=J.+Lavoie&job={job.pk}&state=not-submitted&group=day"
    asked = asked_of(make_user(), query)
    assert asked.url() == f"/reports/time-card/?{query}"
    assert asked.url(changes={"job": ""}) == f"/reports/time-card/?{query.replace(f'&job={job.pk}', '')}"
    assert asked.url("expenses", {"state": ""}) == f"/reports/expenses/?{query.split('&state')[0]}"
    client.force_login(asked.user)
    page = client.get(asked.url()).content.decode()
    assert f"Job: {job}" in page
    assert f'<option value="{job.pk}" selected>' in page


@pytest.mark.parametrize("slug", SLUGS)
def test_a_manager_sees_own_jobs_only(client: Client, slug: str) -> None:
    make_company()
    own, other = make_user(Role.PROJECT_MANAGER), make_user(Role.PROJECT_MANAGER)
    make_books(own, other)
    foreign = make_job(project_manager=other)
    make_record(job=foreign, created_by=own, hours="77.77")  # written by the manager, not of a job of the manager
    make_expense(job=foreign, created_by=own, amount=Decimal("7777.77"))
    client.force_login(own)
    days = "from=2026-10-31&to=2026-11-20"
    page = client.get(f"/reports/{slug}/?{days}&group=none").content.decode()
    assert "of your own jobs" in page
    assert "77.77" not in page
    wrong = client.get(f"/reports/{slug}/?{days}&job={foreign.pk}").content.decode()
    assert "There is none that you may see." in wrong
    offered = asked_of(own, days, slug).offers
    assert {option.value for option in offered["manager"]} == {own.pk}
    assert foreign.pk not in {option.value for option in offered["job"]}


@pytest.mark.parametrize("role", [Role.ACCOUNTING, Role.TECHNICIAN])
def test_nobody_else_may(client: Client, role: str) -> None:
    user = make_user(role)
    client.force_login(user)
    for slug in SLUGS:
        for query in ("", "?file=csv", "?file=xlsx"):
            assert client.get(f"/reports/{slug}/{query}").status_code == 403
    assert "/reports/" not in client.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROJECT_MANAGER])
def test_the_dashboard_leads_to_the_four(role: str) -> None:
    card = next(card for row in cards(make_user(role), TODAY) for card in row if card.slug == "time")
    assert [(link.label, link.url) for link in card.links] == [
        ("Time card", "/reports/time-card/"),
        ("Time grid", "/reports/time-grid/"),
        ("Line items", "/reports/line-items/"),
        ("Expenses", "/reports/expenses/"),
    ]


def test_the_number_of_queries_is_constant(client: Client) -> None:
    make_company()
    client.force_login(make_user())
    manager, measured = make_user(Role.PROJECT_MANAGER), []
    queries = ("group=job", "group=none&state=approved", "group=job&file=xlsx")
    for count in (3, 27):
        make_books(manager, manager, records=count)
        manager = make_user(Role.PROJECT_MANAGER)
        for address in (
            f"/reports/{slug}/?from=2026-10-31&to=2026-11-20&{query}" for slug in SLUGS for query in queries
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            measured.append(len(captured))
    assert measured[:12] == measured[12:]
    assert max(measured) <= 11


def test_a_file_that_is_too_long_is_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company()
    for _ in range(3):
        make_record(date=timezone.localdate())
    client.force_login(make_user())
    assert bounds.FILE_ROWS == 20_000
    monkeypatch.setattr(views, "FILE_ROWS", 2)
    refused = client.get("/reports/time-card/?file=csv")
    assert refused.status_code == 409
    assert "The file would have 3 rows; a file holds at most 2." in refused.content.decode()
    monkeypatch.setattr(views, "SHOWN_ROWS", 2)
    page = client.get("/reports/time-card/").content.decode()
    assert "The first 2 of 3 lines are shown." in page
    assert "and 1 more line, in the totals" in page
    assert re.findall(r"2,304\.00", page) == ["2,304.00"] * 2  # of the group and in all


def make_history(count: int = 3000) -> None:
    """As many days back a DWR of one line and an expense, so that databases have a reason to choose their way."""
    record, expense = make_record(dwr_number="H"), make_expense(expense_number="H")
    days = [TODAY - timedelta(days=n) for n in range(1, count)]
    common = {"job": record.job, "created_by": record.created_by}
    records = [DailyWorkRecord(dwr_number=f"H{n}", date=day, **common) for n, day in enumerate(days)]
    line = record.lines.get()
    lines = []
    for made in DailyWorkRecord.objects.bulk_create(records):
        lines.append(copy(line))
        lines[-1].pk, lines[-1].record = None, made
    WorkLine.objects.bulk_create(lines)
    facts = {"job": expense.job, "employee": "J. Lavoie", "amount": Decimal(1)}
    Expense.objects.bulk_create(Expense(expense_number=f"H{n}", date=day, **facts) for n, day in enumerate(days))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_rows_are_found_by_their_date() -> None:
    make_history()
    admin = make_user()
    tables = "|".join(model._meta.db_table for model in (DailyWorkRecord, WorkLine, Expense))
    for slug in SLUGS:
        found = asked_of(admin, "", slug).rows().explain()
        assert ("expense_date_job" if slug == "expenses" else "record_date_job") in found
        assert not re.search(rf"(SCAN|Seq Scan on) ({tables})\b(?! USING)", found), found
