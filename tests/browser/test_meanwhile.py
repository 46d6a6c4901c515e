"""A server that is slow: what the user does before its answer is there is neither lost nor undone by the answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.factories import make_client, make_company, make_invoice, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/invoices/backlog/"
ROWS = re.compile("/invoices/backlog/rows/$")
LATE = 500  # ms, longer than what is typed waits before it is sent


@pytest.fixture
def user() -> User:
    """An administrator, and 30 invoices of Alder (10.50 each) before 3 of Birch (21.00 each)."""
    make_company()
    alder, birch = make_job(client=make_client(name="Alder")), make_job(client=make_client(name="Birch"))
    for index in range(30):
        make_invoice(job=alder, amounts=["10.00"], number=f"A-{index:02}")
    for index in range(3):
        make_invoice(job=birch, amounts=["20.00"], number=f"B-{index:02}")
    return make_user(name="Mai Tran")


@contextmanager
def slow(page: Page, address: re.Pattern[str]) -> Iterator[None]:
    """Requests for this address that are sent inside get their answer after it."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    yield
    assert held, "nothing was asked"
    for route in held:
        route.continue_()
    page.unroute(address)


def tick(page: Page, number: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^Select {number},"))


def bar(page: Page) -> Locator:
    return page.locator("[data-sum]")


def to_the_next_page(page: Page) -> None:
    """From the first page, where A-00 and B-00 are ticked; the server is asked about both again."""
    with page.expect_request(ROWS):
        page.get_by_role("link", name="Next").click()
    expect(tick(page, "B-01")).to_be_visible()


@pytest.fixture
def ticked(log_in: LogIn, user: User) -> Page:
    page = log_in(user, f"{URL}?size=25")
    tick(page, "A-00").check()
    page.get_by_role("link", name="Next").click()
    tick(page, "B-00").check()
    page.get_by_role("link", name="Previous").click()
    expect(tick(page, "A-00")).to_be_checked()
    expect(bar(page)).to_have_text("2 selected of 33 · 31.50")
    return page


def test_a_tick_set_meanwhile_stays(ticked: Page) -> None:
    with slow(ticked, ROWS):
        to_the_next_page(ticked)
        tick(ticked, "B-01").check()
    ticked.wait_for_timeout(LATE)
    expect(tick(ticked, "B-01")).to_be_checked()
    expect(bar(ticked)).to_have_text("3 selected of 33 · 52.50")


def test_a_tick_taken_away_meanwhile_does_not_come_back(ticked: Page) -> None:
    with slow(ticked, ROWS):
        to_the_next_page(ticked)
        tick(ticked, "B-00").uncheck()
    ticked.wait_for_timeout(LATE)
    expect(tick(ticked, "B-00")).not_to_be_checked()
    expect(bar(ticked)).to_have_text("1 selected of 33 · 10.50")


def test_a_selection_cleared_meanwhile_stays_cleared(ticked: Page) -> None:
    with slow(ticked, ROWS):
        to_the_next_page(ticked)
        ticked.get_by_role("button", name="Clear").click()
    ticked.wait_for_timeout(LATE)
    expect(bar(ticked)).to_contain_text("Select invoices")


def test_all_that_match_chosen_meanwhile_leaves_nothing_out(ticked: Page) -> None:
    with slow(ticked, ROWS):
        to_the_next_page(ticked)
        ticked.get_by_role("checkbox", name="Select all 8 on this page").check()
        ticked.get_by_role("button", name="Select all 33 invoices, 378.00").click()
    ticked.wait_for_timeout(LATE)
    expect(bar(ticked)).to_have_text("33 selected of 33 · 378.00")


def test_a_groups_tick_stands_while_its_rows_are_asked_for(ticked: Page) -> None:
    ticked.goto(f"{URL}?group=client&size=25")
    with slow(ticked, ROWS):
        ticked.get_by_role("checkbox", name="Select all 30 invoices of Alder").check()
        tick(ticked, "A-07").check()
        expect(ticked.get_by_role("checkbox", name="Select all 30 invoices of Alder")).to_be_checked()
    expect(bar(ticked)).to_have_text("31 selected of 33 · 336.00")


def test_an_answer_that_does_not_come_is_told_with_a_way_to_ask_again(ticked: Page) -> None:
    assert ticked.evaluate("htmx.config.timeout") == 60_000
    ticked.evaluate("htmx.config.timeout = 300")
    alarm = ticked.locator("[data-alarm]")
    with slow(ticked, re.compile("sort=client")):
        ticked.get_by_role("link", name="Client", exact=True).click()
        expect(alarm).to_contain_text("The server did not answer in time.")
    alarm.get_by_role("button", name="Retry").click()
    expect(ticked).to_have_url(re.compile("sort=client"))


def test_a_run_that_goes_on_takes_no_failure_away(ticked: Page) -> None:
    ticked.get_by_role("button", name="Export Selected Invoices").click()
    expect(ticked.locator("#run-line")).to_contain_text("Waiting")
    ticked.route(re.compile("/process/$"), lambda route: route.fulfill(status=502, body="no"))
    ticked.get_by_role("button", name="Process Selected Invoices").click()
    alarm = ticked.locator("[data-alarm]")
    expect(alarm).to_contain_text("The server could not answer")
    for _ in range(2):
        with ticked.expect_response(re.compile("/progress/")):
            pass
    expect(alarm).to_contain_text("The server could not answer")


def test_a_question_that_failed_is_asked_again_on_retry(ticked: Page) -> None:
    ticked.route(ROWS, lambda route: route.abort())
    ticked.reload()
    alarm = ticked.locator("[data-alarm]")
    expect(alarm).to_contain_text("The server could not tell which rows these are.")
    expect(bar(ticked)).to_have_text("2 selected of 33 · adding up")
    ticked.unroute(ROWS)
    alarm.get_by_role("button", name="Retry").click()
    expect(bar(ticked)).to_have_text("2 selected of 33 · 31.50")


def test_one_window_at_a_time(ticked: Page) -> None:
    """A button pressed while another's window is fetched does nothing, and both work afterwards."""
    export = ticked.get_by_role("button", name="Export Selected Invoices")
    process = ticked.get_by_role("button", name="Process Selected Invoices")
    choose = ticked.get_by_role("button", name="Choose the format")
    window = ticked.locator("[data-window]")
    with slow(ticked, re.compile("/invoices/backlog/export/$")):
        choose.click()
        ticked.get_by_role("link", name="Client", exact=True).click()
        expect(ticked).to_have_url(re.compile("sort=client"))  # an answer, but not to the button
        expect(choose).to_be_disabled()
        process.click()
        ticked.wait_for_timeout(LATE)
        expect(window).to_have_count(0)
    expect(window).to_contain_text("Export 2 invoices")
    window.get_by_role("button", name="Cancel").click()
    for button in (export, choose, process):
        expect(button).to_be_enabled()
    process.click()
    expect(window).to_contain_text("Process 2 invoices?")


def test_what_was_asked_for_last_is_shown_whichever_answer_is_late(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    client = re.compile(r"\?sort=client$")
    with slow(page, client):
        with page.expect_request(client):
            page.get_by_role("link", name="Client", exact=True).click()
        page.get_by_role("link", name="Total", exact=True).click()
        expect(page).to_have_url(re.compile(r"\?sort=-total$"))
    page.wait_for_timeout(LATE)
    expect(page).to_have_url(re.compile(r"\?sort=-total$"))
    expect(page.get_by_role("columnheader", name=re.compile("^Total"))).to_have_attribute("aria-sort", "descending")


def test_what_is_typed_while_a_tab_is_fetched_is_searched_in_that_tab(log_in: LogIn, user: User) -> None:
    page = log_in(user, "/invoices/?tab=paid")
    every = re.compile(r"\?tab=all$")
    with slow(page, every):
        with page.expect_request(every):
            page.get_by_role("navigation", name="Queues").get_by_role("link", name=re.compile("^All")).click()
        page.get_by_role("searchbox").fill("A-03")
        page.wait_for_timeout(LATE)
    expect(page.locator("tr.r")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=A-03&tab=all$"))
    expect(page.get_by_role("searchbox")).to_have_value("A-03")
