"""The frame in Chromium: accessible in both themes and widths, within the CSP, and what its scripts do."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from jobbook.accounts.models import User
from tests.browser.conftest import violations
from tests.factories import PASSWORD, make_company, make_expense, make_invoice, make_job, make_record, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


@pytest.fixture
def user() -> User:
    make_company()
    job = make_job()
    day = timezone.localdate() - timedelta(days=52)
    make_invoice(job=job, amounts=["683332.61"], invoice_date=day)
    make_record(job=job, date=day, submitted_on=day)
    make_expense(job=job, date=day, submitted_on=day)
    return make_user(email="mai@example.com", name="Mai Tran", is_demo=True)


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], live_server: Any) -> Iterator[OpenPage]:
    """Opens a page of a browser; at the end of the test no script may have failed and no CSP rule been broken."""
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def opened(path: str = "/", **options: Any) -> Page:
        page = new_context(base_url=live_server.url, **options).new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path)
        return page

    yield opened
    assert wrong == []


def log_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill("MAI@example.com")
    page.get_by_label("Password").fill(password)
    with page.expect_event("load"):  # scripts are deferred: before it they may not have run
        page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_violation_of_wcag(open_page: OpenPage, user: User, theme: str, width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 844}, color_scheme=theme)
    assert violations(page) == []
    log_in(page, "wrong")
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    assert violations(page) == []
    log_in(page)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Mai Tran" if width > 1000 else "Menu", exact=True).click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    assert violations(page) == []
    for path in ("/profile/", "/password/", "/help/", "/nothing/"):
        page.goto(path)
        assert violations(page) == [], path


@pytest.mark.parametrize("width", [1501, 1440, 1361, 1261, 1100, 701, 390, 320])
def test_nothing_scrolls_sideways(open_page: OpenPage, user: User, width: int) -> None:
    User.objects.filter(pk=user.pk).update(name="Wilhelmina van der Bijlsma-Featherstonehaugh")
    page = open_page("/", viewport={"width": width, "height": 800})
    log_in(page)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    for path in ("/", "/profile/", "/help/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path


def test_workflow_is_in_the_middle_of_the_page(open_page: OpenPage, user: User) -> None:
    page = open_page("/", viewport={"width": 1440, "height": 900})
    log_in(page)
    box = page.locator("[data-card=workflow]").bounding_box()
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - 720) < 2
    expect(page.locator(".flow li").nth(3)).to_contain_text("717,499.24")
    expect(page.locator(".flow li").nth(3)).to_contain_text("oldest 52 days")


def test_the_theme_switches_at_once_and_is_kept(open_page: OpenPage, user: User) -> None:
    page = open_page("/", color_scheme="light")
    log_in(page)
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Switch light or dark theme").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Mai Tran").click()
    page.get_by_role("button", name="System").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_without_scripts_the_theme_is_a_form(open_page: OpenPage, user: User) -> None:
    page = open_page("/", java_script_enabled=False)
    log_in(page)
    page.get_by_role("button", name="Switch light or dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_shortcuts_take_no_key_from_a_field_and_can_be_switched_off(open_page: OpenPage, user: User) -> None:
    page = open_page("/password/")
    log_in(page)
    title = page.get_by_role("heading", name="Keyboard shortcuts")
    page.get_by_label("Present password").press("?")
    expect(title).to_be_hidden()
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(title).to_be_visible()
    with page.expect_event("load"):
        page.get_by_role("button", name="Switch shortcuts off").click()
    expect(page.locator("html")).to_have_attribute("data-shortcuts", "off")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(title).to_be_hidden()


@pytest.mark.parametrize("by", ["script", "header"])
def test_log_out_leaves_nothing_in_the_tab(open_page: OpenPage, user: User, by: str) -> None:
    page = open_page("/")
    if by == "script":  # an answer without Clear-Site-Data, as over plain http
        page.route("**/log-out/", lambda route: route.fulfill(content_type="text/html", body="<h1>Log in</h1>"))
    log_in(page)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.evaluate("window.jobbook.store.set('selection', '1,2,3')")
    ours = "Object.keys(sessionStorage).filter(key => key.startsWith('jobbook:')).length"  # htmx keeps the path
    assert page.evaluate(ours) == 1
    page.get_by_role("button", name="Mai Tran").click()
    if by == "header":
        page.evaluate("document.querySelectorAll('[data-logout]').forEach(form => delete form.dataset.logout)")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert page.evaluate(ours) == 0


def test_a_lost_connection_is_said(open_page: OpenPage, user: User) -> None:
    page = open_page("/")
    expect(page.get_by_text("No connection.")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("No connection.")).to_be_hidden()


def test_g25_cents_are_shown_exactly(open_page: OpenPage, user: User) -> None:
    page = open_page("/log-in/")
    shown = page.evaluate("[71749924, 5, 0, -152066, 123456789012345].map(window.jobbook.money)")
    assert shown == ["717,499.24", "0.05", "0.00", "(1,520.66)", "1,234,567,890,123.45"]
    assert page.evaluate("[1, 0, 1200].map(n => window.jobbook.count(n, 'invoice'))") == [
        "1 invoice",
        "0 invoices",
        "1,200 invoices",
    ]
