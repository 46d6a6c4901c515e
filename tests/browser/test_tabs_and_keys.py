"""F62, F63, F66, F68 in Chromium, and three invoices processed without a mouse."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from invoices.models import Invoice, ProcessBatch, Queue
from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.commands import assert_sound
from tests.factories import PASSWORD, make_company, make_invoice, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKLOG = "/invoices/backlog/"


@pytest.fixture
def admin() -> User:
    make_company()
    job = make_job()
    for index in range(12):
        make_invoice(job=job, amounts=["10.00"], number=f"INV-{index:02}")
    return make_user(email="mai@example.com", name="Mai Tran")


def tick(page: Page, *indexes: int) -> None:
    for index in indexes:
        page.get_by_role("checkbox", name=re.compile(f"^Select INV-{index:02},")).check()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def line(page: Page) -> Locator:
    return page.locator("#result-line")


def processed() -> list[str]:
    found = Invoice.objects.filter(queue=Queue.PROCESSED).order_by("number")
    return list(found.values_list("number", flat=True))


def test_f62_a_double_click_makes_one_batch(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, BACKLOG)
    tick(page, 1, 2)
    press(page, "Process Selected Invoices")
    page.get_by_role("button", name="OK, process 2 invoices").dblclick()
    expect(line(page)).to_contain_text("processed: 2 invoices")
    assert ProcessBatch.objects.get().count == 2
    assert_sound()


def test_f63_back_and_reload_repeat_nothing(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, BACKLOG)
    page.goto(f"{BACKLOG}?sort=-number")
    tick(page, 1, 2)
    press(page, "Process Selected Invoices")
    press(page, "OK, process 2 invoices")
    expect(line(page)).to_contain_text("processed: 2 invoices")
    for act in (page.reload, page.go_back, page.go_forward, page.reload):
        act()
        expect(page.locator("#results tr.r")).to_have_count(10)
        expect(page.locator("[data-sum]")).to_contain_text("Select invoices")
    assert ProcessBatch.objects.count() == 1


def test_f66_two_tabs_keep_their_own_selection(log_in: LogIn, admin: User) -> None:
    one = log_in(admin, BACKLOG)
    other = one.context.new_page()
    other.goto(BACKLOG)
    tick(one, 0, 1, 2)
    tick(other, 2, 3, 4, 5)
    expect(one.locator("[data-sum]")).to_contain_text("3 selected")
    expect(other.locator("[data-sum]")).to_contain_text("4 selected")
    press(one, "Process Selected Invoices")
    press(other, "Process Selected Invoices")
    # Both windows stand before either is confirmed; one asked for later would leave INV-02 out by itself.
    expect(other.get_by_role("button", name="OK, process 4 invoices", exact=True)).to_be_visible()
    press(one, "OK, process 3 invoices")
    expect(line(one)).to_contain_text("processed: 3 invoices")
    assert processed() == ["INV-00", "INV-01", "INV-02"]
    press(other, "OK, process 4 invoices")
    expect(other.locator("#window")).to_contain_text("Nothing was processed")
    expect(other.locator("#window")).to_contain_text("INV-02: processed by Mai Tran")
    assert processed() == ["INV-00", "INV-01", "INV-02"]
    assert_sound()


def test_f68_the_session_ends_while_selecting(log_in: LogIn, admin: User) -> None:
    """The log-in page with the way back; the same user finds the ticks, another one does not."""
    page = log_in(admin, f"{BACKLOG}?sort=-number")
    tick(page, 3, 4, 5)
    Session.objects.all().delete()
    press(page, "Process Selected Invoices")
    expect(page).to_have_url(re.compile(r"/log-in/\?next="))
    log_in_as(page, "mai@example.com")
    expect(page).to_have_url(re.compile(r"sort=-number"))
    expect(page.locator("[data-sum]")).to_have_text("3 selected of 12 · 31.50")
    Session.objects.all().delete()
    page.reload()
    log_in_as(page, make_user(email="someone@example.com").email)
    expect(page.locator("#results tr.r")).to_have_count(12)
    expect(page.locator("[data-sum]")).to_contain_text("Select invoices")
    assert processed() == []


def log_in_as(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_three_invoices_are_processed_without_a_mouse(log_in: LogIn, admin: User) -> None:
    """From the dashboard on: Tab, Enter and Space alone; focus is always somewhere and always seen."""
    page = log_in(admin, "/", viewport={"width": 1440, "height": 900})
    go(page, re.compile("^Invoice Process Backlog 12"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invoice Process Backlog")).to_be_visible()
    for index in (0, 1, 2):
        go(page, re.compile(f"^Select INV-{index:02},"))
        page.keyboard.press("Space")
    expect(page.locator("[data-sum]")).to_contain_text("3 selected of 12 · 31.50")
    go(page, re.compile("^Process Selected Invoices$"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    go(page, re.compile("^OK, process 3 invoices$"))
    page.keyboard.press("Enter")
    expect(line(page)).to_be_focused()
    expect(line(page)).to_contain_text("processed: 3 invoices, 31.50")
    assert processed() == ["INV-00", "INV-01", "INV-02"]
    go(page, re.compile("^Undo$"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Undo"


NAME = """() => {
  const it = document.activeElement;
  const label = it.labels && it.labels.length ? it.labels[0].textContent : it.getAttribute('aria-label');
  return (label || it.textContent).replace(/\\s+/g, ' ').trim();
}"""


def go(page: Page, name: "re.Pattern[str]", *, key: str = "Tab") -> None:
    """Press the key until the element with this name has the focus. AssertionError when it cannot be reached."""
    seen: list[Any] = []
    for _ in range(150):
        page.keyboard.press(key)
        seen.append(page.evaluate(NAME))
        if name.search(seen[-1]):
            return
    raise AssertionError(f"{name.pattern} was not reached: {seen}")
