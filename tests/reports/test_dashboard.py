"""The dashboard: three rows of cards, Workflow in the middle of the middle row."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.reports.cards import cards
from jobbook.reports.workflow import lines
from tests.factories import make_company, make_expense, make_invoice, make_job, make_record, make_user

pytestmark = pytest.mark.django_db

FOUR = ["DWR Approval Backlog", "DWR Invoice Backlog", "Expense Approval Backlog", "Invoice Process Backlog"]


def work(manager: User, count: int = 1) -> None:
    """`count` of everything that waits, on a job of `manager`, the oldest `count` days old."""
    job = make_job(project_manager=manager)
    today = timezone.localdate()
    for n in range(1, count + 1):
        day = today - timedelta(days=n)
        make_invoice(job=job, amounts=["1000.00"], invoice_date=day, due_date=today + timedelta(days=30))
        make_record(job=job, date=day, submitted_on=day)
        make_record(job=job, date=day, submitted_on=day, approved_on=day, approved_by=manager)
        make_expense(job=job, date=day, submitted_on=day)


def test_workflow_is_the_middle_card_of_the_middle_row() -> None:
    rows = cards(make_user(), timezone.localdate())
    assert [[card.title for card in row] for row in rows] == [
        ["Clients", "Jobs", "Daily Work Records"],
        ["Invoices", "Rate Sheets", "Workflow", "Time & Expense Reports", "Cost Reports"],
        ["Expenses", "Exports", "Administration"],
    ]


def test_the_four_lines_count_and_sum_what_waits() -> None:
    work(make_user(Role.PROJECT_MANAGER), count=3)
    shown = lines(make_user(), timezone.localdate())
    assert [line.label for line in shown] == FOUR
    assert [(line.count, str(line.amount), line.oldest) for line in shown] == [
        (3, "2304.00", 3),
        (3, "2304.00", 3),
        (3, "127.50", 3),
        (3, "3150.00", 3),
    ]


def test_a_record_of_several_lines_counts_once() -> None:
    today = timezone.localdate()
    record = make_record(submitted_on=today)
    line = record.lines.get()
    line.pk, line.line_number = None, 2
    line.save()
    shown = lines(make_user(), today)[0]
    assert (shown.count, str(shown.amount)) == (1, "1536.00")


def test_nothing_waiting_is_zero_not_blank() -> None:
    shown = lines(make_user(), timezone.localdate())
    assert [(line.count, line.amount, line.oldest) for line in shown] == [(0, Decimal(0), None)] * 4


def test_only_what_waits_is_counted() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    today = timezone.localdate()
    make_invoice(signed=False, job=make_job(project_manager=manager))
    make_record(job=make_job(project_manager=manager))
    overhead = make_job(project_manager=manager, billing_type="overhead")
    make_record(job=overhead, submitted_on=today, approved_on=today, approved_by=manager)
    make_expense(submitted_on=today, approved_on=today)
    invoiced = make_record(submitted_on=today, approved_on=today, approved_by=manager)
    InvoicedRecord.objects.create(record=invoiced, invoice=make_invoice(job=invoiced.job, signed=False))
    assert [line.count for line in lines(make_user(), today)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.ADMINISTRATOR, FOUR),
        (Role.PROJECT_MANAGER, [FOUR[0], FOUR[2], FOUR[3]]),
        (Role.ACCOUNTING, [FOUR[3]]),
        (Role.TECHNICIAN, []),
    ],
)
def test_each_role_sees_its_lines(role: str, labels: list[str]) -> None:
    assert [line.label for line in lines(make_user(role), timezone.localdate())] == labels


def test_a_manager_counts_own_jobs_only() -> None:
    work(make_user(Role.PROJECT_MANAGER), count=2)
    manager = make_user(Role.PROJECT_MANAGER)
    work(manager)
    assert [line.count for line in lines(manager, timezone.localdate())] == [1, 1, 1]


def test_a_technician_sees_no_money_and_no_workflow(client: Client) -> None:
    work(make_user(Role.PROJECT_MANAGER))
    client.force_login(make_user(Role.TECHNICIAN))
    page = client.get("/").content.decode()
    assert re.findall(r'data-card="(\w+)"', page) == ["records", "expenses"]
    assert "1,050.00" not in page
    assert "CAD" not in page


def test_the_page_links_only_to_pages_that_exist(client: Client) -> None:
    make_company()
    work(make_user(Role.PROJECT_MANAGER))
    client.force_login(make_user())
    page = client.get("/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.index(FOUR[0]) < main.index(FOUR[1]) < main.index(FOUR[2]) < main.index(FOUR[3])
    assert "1,050.00" in main
    pages = {address for address in re.findall(r'href="(/[^"#]*)"', page) if not address.startswith("/static/")}
    assert "/help/" in pages
    assert {address: client.get(address).status_code for address in pages} == dict.fromkeys(pages, 200)


def test_the_number_of_queries_is_constant(client: Client) -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    make_company()
    client.force_login(make_user())
    measured = []
    for count in (1, 10):
        work(manager, count=count)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        measured.append(len(captured))
    assert measured[0] == measured[1] <= 13
