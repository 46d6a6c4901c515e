"""Exports in Chromium: the line under the bar, the download that starts by itself, windows, pages of runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, Route, expect

from exports.models import ExportRun, RunState
from exports.work import work_on
from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.models import User
from tests.browser.conftest import LogIn, violations
from tests.exports import csv_reader
from tests.factories import make_company, make_invoice, make_user
from tests.processes import start_manage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/invoices/backlog/"
EXPORT = "Export Selected Invoices"
SCREENS = [
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
]


@pytest.fixture
def admin() -> User:
    make_company()
    for number in range(4):
        make_invoice(number=f"INV-{number}")
    return make_user(name="Mai Tran")


@pytest.fixture
def worker() -> Iterator[None]:
    """The embedded worker, as a process of its own."""
    process = start_manage("run_exports")
    yield
    process.terminate()
    process.communicate(timeout=45)


def tick(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.get_by_role("checkbox", name=f"Select INV-{number},").check()


def press(page: Page, name: str = EXPORT) -> None:
    page.get_by_role("button", name=name).click()


def newest() -> ExportRun:
    return ExportRun.objects.latest("number")


def test_g32_g39_the_download_starts_by_itself_once(log_in: LogIn, admin: User, worker: None) -> None:
    page = log_in(admin, URL)
    downloads: list[Download] = []
    page.on("download", lambda each: downloads.append(each))  # a builtin takes no attributes
    tick(page, 0, 2)
    with page.expect_download(timeout=60_000) as started:
        press(page)
    data = Path(started.value.path()).read_bytes()
    documents = csv_reader.read(data)
    assert [each["document_number"] for each in documents] == ["INV-0", "INV-2"]
    line = page.locator("#run-line")
    expect(line.get_by_role("link", name="Download 2 invoices")).to_be_visible()
    expect(page.get_by_role("button", name=EXPORT)).to_be_enabled()
    expect(page.locator("[data-sum]")).to_contain_text("2 selected of 4")
    page.wait_for_timeout(1500)
    assert len(downloads) == 1
    assert violations(page) == []


def test_asked_for_again_it_is_another_run(log_in: LogIn, admin: User) -> None:
    """The form's key keeps one press one run; the answer brings the key of the next."""
    page = log_in(admin, URL)
    tick(page, 1)
    for number in (1, 2):
        press(page, "Download Selected PDFs")
        expect(page.locator("#run-line")).to_contain_text(f"run {number}")
    assert ExportRun.objects.count() == 2


def test_g37_progress_cancel_and_try_again(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL)
    tick(page, 1)
    press(page)
    line = page.locator("#run-line")
    expect(line).to_contain_text("Waiting")
    ExportRun.objects.update(created_at=newest().created_at.replace(year=2025))
    expect(line).to_contain_text("none has taken it yet", timeout=10_000)
    assert violations(page) == []
    line.get_by_role("button", name="Cancel").click()
    expect(line).to_contain_text("Cancelled by Mai Tran. No invoice was changed.")
    assert newest().state == RunState.CANCELLED
    line.get_by_role("button", name="Try again").click()
    expect(line).to_contain_text("run 2")


def test_g39_nothing_downloads_after_the_page_was_left(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL)
    downloads: list[Download] = []
    page.on("download", lambda each: downloads.append(each))  # a builtin takes no attributes
    tick(page, 1)
    press(page)
    expect(page.locator("#run-line")).to_contain_text("Waiting")
    page.goto("/")
    expect(page.get_by_role("link", name="Runs: 1 running")).to_be_visible()
    work_on(newest().pk)
    page.goto(f"/runs/{newest().pk}/")
    expect(page.get_by_role("link", name="Download 1 invoice (")).to_be_visible()
    page.wait_for_timeout(1000)
    assert downloads == []


def test_the_page_of_a_run_shows_when_it_is_finished(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL)
    tick(page, 1)
    press(page)
    expect(page.locator("#run-line")).to_contain_text("Waiting")
    page.locator("#run-line").get_by_role("link").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert violations(page) == []
    work_on(newest().pk)
    expect(page.get_by_role("heading", name="Control totals")).to_be_visible(timeout=10_000)


def test_g32_g34_the_window_and_what_is_left_out(log_in: LogIn, admin: User) -> None:
    bad = Invoice.objects.get(number="INV-3")
    InvoiceLine.objects.filter(invoice=bad).update(description="bell \x07")
    page = log_in(admin, URL)
    tick(page, 0)
    press(page)
    expect(page.locator("#run-line")).to_contain_text("run 1")
    work_on(newest().pk)
    tick(page, 1, 3)
    press(page)
    window = page.get_by_role("dialog")
    expect(window.get_by_role("heading", name="Export 2 invoices?")).to_be_visible()
    expect(window).to_contain_text("1 of 3 invoices cannot be in the file.")
    expect(window).to_contain_text("Exported before: 1")
    expect(window.get_by_role("button", name="Cancel")).to_be_focused()
    assert violations(page) == []
    window.get_by_role("button", name="OK, export 2 invoices").click()
    expect(window).to_be_visible()
    choice = window.get_by_role("checkbox", name="Leave it out and export the other 2 (210.00)")
    assert choice.evaluate("each => each.validity.valueMissing"), "nothing is left out unless the user says so"
    choice.check()
    window.get_by_role("checkbox", name="Leave out the 1 exported before").check()
    expect(window.get_by_role("heading", name="Export 1 invoice?")).to_be_visible()
    expect(window.get_by_role("checkbox", name="Leave it out and export the other 1 (105.00)")).to_be_checked()
    window.get_by_role("button", name="OK, export 1 invoice").click()
    expect(page.locator("#run-line")).to_contain_text("run 2")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert [item.invoice.number for item in newest().items.all()] == ["INV-1"]
    assert [each.number for each in newest().left_out.all()] == ["INV-3", "INV-0"]
    InvoiceLine.objects.filter(invoice=bad).update(description="Mended")
    page.get_by_role("button", name="Choose the format").click()
    window.get_by_label("Format").select_option(label="Xero")
    expect(window.get_by_role("heading", name="Export 3 invoices?")).to_be_visible()
    window.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Choose names and folders").click()
    window.get_by_label("Names of the files").fill("{date} {number}")
    expect(window.get_by_text("2026-11-20 INV-0.pdf")).to_be_visible()
    assert violations(page) == []
    window.get_by_role("button", name="OK, download 3 PDFs").click()
    expect(page.locator("#run-line")).to_contain_text("run 3")


def test_a_double_click_on_the_window_starts_one_run(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL)
    tick(page, 0)
    press(page)
    expect(page.locator("#run-line")).to_contain_text("run 1")
    work_on(newest().pk)
    press(page)
    page.get_by_role("button", name="OK, export 1 invoice").dblclick()
    expect(page.locator("#run-line")).to_contain_text("run 2")
    page.wait_for_timeout(500)
    assert ExportRun.objects.count() == 2


@pytest.mark.parametrize("screen", SCREENS, ids=["light", "phone, dark"])
def test_axe_on_the_pages_of_runs(log_in: LogIn, admin: User, screen: dict[str, object]) -> None:
    page = log_in(admin, URL)
    tick(page, 0)
    press(page)
    expect(page.locator("#run-line")).to_contain_text("run 1")
    work_on(newest().pk)
    page = log_in(admin, "/runs/", **screen)
    assert violations(page) == []
    page.goto(f"/runs/{newest().pk}/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ExportRun.objects.update(state=RunState.FAILED, error="It failed three times.")
    page.goto(f"/runs/{newest().pk}/")
    assert violations(page) == []


def test_a_window_that_was_closed_stays_closed(log_in: LogIn, admin: User) -> None:
    """An answer on its way when Cancel was pressed does not open it again."""
    page = log_in(admin, URL)
    tick(page, 0)
    page.get_by_role("button", name="Choose the format").click()
    window = page.get_by_role("dialog")
    held: list[Route] = []
    page.route("**/backlog/export/", lambda route: held.append(route))
    with page.expect_request("**/backlog/export/"):
        window.get_by_label("Format").select_option(label="Xero")
    window.get_by_role("button", name="Cancel").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    with page.expect_response("**/backlog/export/"):
        held[0].continue_()
    page.get_by_role("button", name="Choose names and folders").click()
    expect(window).to_contain_text("Download 1 PDF?")
