"""The backlogs of work in Chromium: approved and undone by keyboard alone, invoiced, and axe in every state."""

import re

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import ApprovalBatch, Job
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS
from tests.approvals import approve_all, make_work, states
from tests.browser.conftest import LogIn
from tests.browser.test_axe import Looker, open_window
from tests.commands import assert_sound
from tests.factories import TODAY, make_client, make_company, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECORDS_URL, EXPENSES_URL, INVOICING_URL = "/records/approval/", "/expenses/approval/", "/records/invoicing/"
SIZE = {"width": 1440, "height": 900}


@pytest.fixture
def manager() -> User:
    make_company()
    return make_user(Role.PROJECT_MANAGER, name="K. Osei")


@pytest.fixture
def jobs(manager: User) -> list[Job]:
    """Two jobs, each with three submitted DWRs and two expenses, and two DWRs that are approved."""
    made = []
    for name, number in (("Alder Mills Ltd.", "26-0101"), ("Birchline Energy", "26-0102")):
        client, project = make_client(name=name), f"{name.split()[0]} well site 7"
        job = make_job(client=client, job_number=number, project_name=project, project_manager=manager)
        author = make_user(Role.TECHNICIAN, name=f"{name[0]}. Nguyen")
        for hours in ("8", "10.5", "7.25"):
            make_work(
                RECORDS, job=job, created_by=author, hours=hours, description="Staked the well", signed_by="J. Roy"
            )
        for item in ("Fuel", "Meals"):
            make_work(EXPENSES, job=job, item=item)
        for _ in range(2):
            make_work(RECORDS, job=job, created_by=author, approved_on=TODAY, approved_by=manager)
        made.append(job)
    return made


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_manager_approves_two_by_keyboard_alone_and_undoes(log_in: LogIn, manager: User, jobs: list[Job]) -> None:
    rows = list(RECORDS.model.objects.filter(job=jobs[0], state="submitted").order_by("date", "pk"))
    page = log_in(manager, RECORDS_URL, viewport=SIZE)
    expect(page.locator("tr.r")).to_have_count(6)
    expect(page.locator("[data-sum]")).to_have_text("Select DWRs to approve")
    page.locator("#scroll").focus()
    press(page, "j", "x", "j", "x")
    expect(page.locator("[data-sum]")).to_have_text("2 selected of 6 · 1,776.00")
    press(page, "e")
    expect(page.get_by_role("group", name=re.compile("^Detail of DWR"))).to_contain_text("Staked the well")
    button = page.get_by_role("button", name="Approve Selected DWRs", exact=True)
    for _ in range(30):
        if button.evaluate("element => element === document.activeElement"):
            break
        press(page, "Shift+Tab")
    press(page, "Enter")
    window = page.get_by_role("alertdialog", name="Approve 2 DWRs?")
    expect(window).to_contain_text("18.50")
    expect(window.get_by_role("button", name="Cancel")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.locator("#result-line")).to_contain_text("Batch #1 approved: 2 DWRs, 1,776.00.")
    expect(page.locator("#result-line")).to_be_focused()
    expect(page.locator("tr.r")).to_have_count(4)
    expect(page.locator("#grid-undo")).to_contain_text("Last batch #1: 2 DWRs, 1,776.00")
    assert states(RECORDS, rows) == ["approved", "approved", "submitted"]
    press(page, "Tab", "Enter")  # Undo, in the line
    expect(page.get_by_role("alertdialog", name="Undo batch 1?")).to_be_visible()
    press(page, "Tab", "Enter")
    expect(page.locator("#result-line")).to_contain_text("Batch #1 undone: 2 DWRs returned.")
    expect(page.locator("tr.r")).to_have_count(6)
    expect(page.locator("#grid-undo")).to_contain_text("No batch to undo")
    assert states(RECORDS, rows) == ["submitted"] * 3
    assert_sound()


def test_an_administrator_invoices_two_jobs_and_opens_one(log_in: LogIn, jobs: list[Job]) -> None:
    page = log_in(make_user(), INVOICING_URL, viewport=SIZE)
    expect(page.locator("tr.g")).to_have_count(2)
    page.get_by_role("checkbox", name=re.compile("^Select all 4")).check()
    open_window(page, "Invoice Selected DWRs")
    window = page.get_by_role("alertdialog", name="4 DWRs make 2 invoices")
    expect(window).to_contain_text("4 pending expenses of these jobs")
    window.get_by_role("button", name="OK, make 2 invoices").click()
    line = page.locator("#result-line")
    expect(line).to_contain_text("2 invoices made:")
    expect(page.get_by_text("No DWR waits to be invoiced.")).to_be_visible()
    line.get_by_role("link", name="Open INV-10002").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoice INV-10002")
    assert Invoice.objects.count() == 2
    assert_sound()


def test_a_jobs_link_filters_and_expenses_are_approved(log_in: LogIn, manager: User, jobs: list[Job]) -> None:
    page = log_in(manager, f"{EXPENSES_URL}?job={jobs[1].pk}", viewport=SIZE)
    expect(page.locator("tr.r")).to_have_count(2)
    expect(page.locator(".chipf")).to_contain_text("26-0102 Birchline well site 7")
    page.get_by_role("checkbox", name=re.compile("^Select all 2")).check()
    open_window(page, "Approve Selected Expenses")
    page.get_by_role("button", name="OK, approve 2 expenses").click()
    expect(page.locator("#result-line")).to_contain_text("Batch #1 approved: 2 expenses, 85.00.")
    page.get_by_role("link", name="View batch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval batch #1")
    assert ApprovalBatch.objects.get().count == 2


def test_axe_in_every_state(log_in: LogIn, manager: User, jobs: list[Job]) -> None:
    approve_all(RECORDS, manager, RECORDS.model.objects.filter(job=jobs[0], state="submitted")[:1])
    look = Looker(log_in(make_user(), "/", viewport=SIZE, reduced_motion="reduce"))
    page = look.page
    look.visit(RECORDS_URL, EXPENSES_URL, INVOICING_URL, f"{RECORDS_URL}?q=nobody", "/approvals/", "/approvals/1/")
    page.goto(RECORDS_URL)
    open_window(page, "Undo Last Approval Batch")
    look("undo window")
    for url, window in ((RECORDS_URL, "Approve Selected DWRs"), (INVOICING_URL, "Invoice Selected DWRs")):
        page.goto(f"{url}?group=job&group=month")
        page.get_by_role("button", name=re.compile("^Detail of DWR")).first.click()
        expect(page.get_by_role("group", name=re.compile("^Detail of DWR"))).to_be_visible()
        look(f"{url} grouped and expanded")
        page.get_by_role("checkbox", name=re.compile("^Select all")).first.check()
        open_window(page, window)
        look(window)
        page.keyboard.press("Escape")
    open_window(page, "Invoice Selected DWRs")
    page.get_by_role("button", name=re.compile("^OK, make")).click()
    expect(page.locator("#result-line")).to_contain_text("made:")
    look("invoices made")
    page.goto(EXPENSES_URL)
    page.get_by_role("button", name=re.compile("^Detail of expense")).first.click()
    expect(page.get_by_role("group", name=re.compile("^Detail of expense"))).to_be_visible()
    look("expense detail")
    assert look.found == []
    assert look.states == 13
