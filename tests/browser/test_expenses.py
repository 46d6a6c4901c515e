"""An expense by phone: a photo of the receipt, entered, refused, submitted, sent back, submitted again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Expense, Job
from jobbook.jobs.transitions.expenses import send_back_expense
from tests.browser.conftest import LogIn, follow, violations
from tests.factories import make_client, make_company, make_expense, make_job, make_user
from tests.jobs.pictures import SVG, photo_of_a_telephone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def technician() -> User:
    return make_user(Role.TECHNICIAN, name="Tunde Okafor")


@pytest.fixture
def job(technician: User) -> Job:
    make_company()
    client = make_client(name="Alder Mills Ltd.")
    job = make_job(client=client, job_number="26-0412", project_name="Pump house, second stage")
    make_expense(job=job, created_by=technician, item="Meals", expense_number="7")
    return job


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "receipt.jpg").write_bytes(photo_of_a_telephone())
    (tmp_path / "drawing.svg").write_bytes(SVG)
    (tmp_path / "large.pdf").write_bytes(b"%PDF-" + bytes(15_100_000))
    return tmp_path


def looked_at(page: Page) -> None:
    """Nothing that axe finds, in both themes; nothing is wider than the phone."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_expense_is_entered_by_phone(log_in: LogIn, technician: User, job: Job, files: Path) -> None:
    page = log_in(technician, "/", **PHONE)
    follow(page.locator("[data-card=expenses]").get_by_role("link", name="Create new"))
    looked_at(page)
    enter(page, job, files)
    expect(page.get_by_text("Expense 1 submitted.")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Receipt of Expense 1"))).to_be_visible()
    expect(page.locator(".thumbnail img")).to_have_js_property("naturalWidth", 40)  # upright
    looked_at(page)
    in_the_list(page)
    sent_back(page, job)


def enter(page: Page, job: Job, files: Path) -> None:
    """First with an amount and a receipt that can't be; the photo chosen then stays."""
    page.get_by_label("Job").select_option(str(job.pk))
    page.get_by_label("Amount").fill("1,234")
    page.get_by_label("What it was").fill("Fuel")
    page.get_by_label("Receipt").set_input_files(files / "large.pdf")
    expect(page.get_by_text("large.pdf has 15.1 MB; at most 15 MB can be sent.")).to_be_visible()
    expect(page.get_by_label("Receipt")).to_have_value("")
    page.get_by_label("Receipt").set_input_files(files / "drawing.svg")
    page.get_by_role("button", name="Save expense").click()
    expect(page.get_by_role("alert").get_by_role("link", name=re.compile("^Receipt: .*no PNG"))).to_be_visible()
    looked_at(page)
    page.get_by_label("Receipt").set_input_files(files / "receipt.jpg")
    page.get_by_role("button", name="Save expense").click()
    expect(page.get_by_text("A picture is kept as the receipt.")).to_be_visible()
    looked_at(page)
    page.get_by_label("Amount").fill("84.20")
    expect(page.get_by_label("Submit")).to_be_checked()
    page.get_by_role("button", name="Save expense").click()


def in_the_list(page: Page) -> None:
    page.goto("/expenses/")
    expect(page.get_by_role("link", name="7 Meals")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Not approved")).click()
    expect(page.get_by_role("row").filter(has_text="1 Fuel")).to_contain_text("84.20")
    looked_at(page)


def sent_back(page: Page, job: Job) -> None:
    expense = Expense.objects.get(expense_number="1")
    send_back_expense(expense.pk, version=1, reason="Which truck was it?", by=job.project_manager)
    page.goto("/expenses/")
    page.get_by_role("link", name="1 Fuel").click()
    expect(page.get_by_text("Which truck was it?").first).to_be_visible()
    looked_at(page)
    follow(page.get_by_role("link", name="Change"))
    page.get_by_label("Description").fill("Truck 12")
    looked_at(page)
    page.get_by_role("button", name="Save expense").click()
    expect(page.get_by_text("Expense 1 submitted.")).to_be_visible()
    expense.refresh_from_db()
    assert (expense.state, expense.description, expense.return_reason) == ("submitted", "Truck 12", "")


def test_a_manager_sends_back_by_keyboard(log_in: LogIn, technician: User, job: Job) -> None:
    expense = make_expense(job=job, created_by=technician, submitted_on="2026-11-20", expense_number="12")
    page = log_in(job.project_manager, f"/expenses/{expense.pk}/", viewport={"width": 1440, "height": 900})
    page.get_by_role("link", name="Send back").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Send back: Expense 12")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Reason").focus()
    page.keyboard.type("No receipt.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Expense 12 sent back.")).to_be_visible()
    expense.refresh_from_db()
    assert (expense.state, expense.return_reason) == ("draft", "No receipt.")
