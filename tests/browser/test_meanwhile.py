"""A server that is slow: what the user does before its answer is there is neither lost nor undone by the answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.browser.ticks import bar, make_backlog, tick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/invoices/backlog/"
ROWS = re.compile("/invoices/backlog/rows/$")
LATE = 500  # ms, longer than what is typed waits before it is sent


@pytest.fixture
def user() -> User:
    return make_backlog()


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


def test_what_was_left_out_of_all_that_match_stays_out_over_a_load_with_another_filter(
    log_in: LogIn, user: User
) -> None:
    page = log_in(user, f"{URL}?size=25&q=Alder")
    page.get_by_role("checkbox", name="Select all 25 on this page").check()
    page.get_by_role("button", name="Select all 30 invoices matching these filters").click()
    tick(page, "A-00").uncheck()
    expect(bar(page)).to_have_text("29 selected of 30 · 304.50")
    page.goto(f"{URL}?size=25")
    expect(bar(page)).to_have_text("29 selected of 33 · 304.50")
    expect(tick(page, "A-00")).not_to_be_checked()
    page.get_by_role("button", name="Process Selected Invoices").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Process 29 invoices?")


def test_what_the_bar_says_after_a_load_is_what_is_posted(ticked: Page) -> None:
    with slow(ticked, ROWS):
        with ticked.expect_request(ROWS):
            ticked.reload()
        expect(bar(ticked)).to_have_text("2 selected of 33 · adding up")
        ticked.get_by_role("button", name="Process Selected Invoices").click()
        expect(ticked.get_by_role("alertdialog")).to_contain_text("Process 2 invoices?")


def test_a_choice_in_a_window_holds_its_button_until_it_is_answered(ticked: Page) -> None:
    ticked.get_by_role("button", name="Process Selected Invoices").click()
    window = ticked.get_by_role("alertdialog")
    leave_out, ok = window.get_by_role("checkbox"), window.get_by_role("button", name="OK, process 2 invoices")
    with slow(ticked, re.compile("/process/$")):
        leave_out.check()
        expect(ok).to_be_disabled()
    expect(window.get_by_role("button", name="OK, process 0 invoices")).to_be_disabled()
    window.get_by_role("checkbox").uncheck()
    expect(ok).to_be_enabled()
    ticked.route(re.compile("/process/$"), lambda route: route.fulfill(status=502, body="no"))
    window.get_by_role("checkbox").click()
    expect(window.get_by_role("alert")).to_contain_text("The server could not answer")
    expect(window.get_by_role("checkbox")).not_to_be_checked()
    expect(ok).to_be_enabled()


def test_a_failure_is_told_in_the_window_and_the_focus_stays_there(ticked: Page) -> None:
    ticked.get_by_role("button", name="Process Selected Invoices").click()
    window = ticked.get_by_role("alertdialog")
    ticked.route(re.compile("/process/confirm/$"), lambda route: route.fulfill(status=502, body="no"))
    window.get_by_role("button", name="OK, process 2 invoices").click()
    expect(window.get_by_role("alert")).to_contain_text("The server could not answer")
    expect(window.get_by_role("button", name="OK, process 2 invoices")).to_be_focused()
    ticked.unroute(re.compile("/process/confirm/$"))
    window.get_by_role("button", name="OK, process 2 invoices").click()
    expect(ticked.locator("#result-line")).to_contain_text("processed: 2 invoices")
    expect(ticked.get_by_role("alert").filter(has_text="could not answer")).to_have_count(0)


def test_undo_offers_the_batch_that_is_the_last_when_the_list_is_refreshed(ticked: Page) -> None:
    other = ticked.context.new_page()
    other.goto(URL)
    tick(other, "B-02").check()
    other.get_by_role("button", name="Process Selected Invoices").click()
    other.get_by_role("button", name="OK, process 1 invoice").click()
    expect(other.locator("#grid-undo")).to_contain_text("Last batch #1")
    ticked.locator("#grid-refresh").click()
    expect(ticked.locator("#grid-undo")).to_contain_text("Last batch #1")


def test_a_search_erased_while_it_is_asked_for_is_not_what_is_shown(ticked: Page) -> None:
    asked = re.compile("q=Birch")
    with slow(ticked, asked):
        with ticked.expect_request(asked):
            ticked.get_by_role("searchbox").fill("Birch")
        ticked.get_by_role("searchbox").fill("")
        ticked.wait_for_timeout(LATE)
    expect(ticked.locator("#results")).to_have_attribute("data-q", "")
    expect(ticked.locator("tr.r")).to_have_count(25)


def test_a_search_that_cannot_be_used_is_over_when_it_is_erased(ticked: Page) -> None:
    box = ticked.get_by_role("searchbox")
    box.fill("b")
    box.press("Enter")
    expect(ticked.locator("#grid-problems")).to_contain_text("two characters")
    expect(ticked.locator("#error-q")).to_contain_text("two characters")
    box.fill("")
    expect(ticked.locator("#grid-problems")).to_be_empty()
    expect(ticked.locator("#error-q")).to_be_empty()
    expect(tick(ticked, "A-00")).to_be_enabled()


def test_restore_brings_back_what_was_cleared_also_under_another_filter(ticked: Page) -> None:
    ticked.get_by_role("checkbox", name="Select all 25 on this page").check()
    ticked.get_by_role("button", name="Select all 33 invoices, 378.00").click()
    tick(ticked, "A-01").uncheck()
    ticked.get_by_role("button", name="Clear").click()
    ticked.get_by_role("searchbox").fill("Birch")
    expect(ticked.locator("tr.r")).to_have_count(3)
    ticked.get_by_role("button", name="Restore").click()
    expect(bar(ticked)).to_have_text("32 selected of 32 · 367.50")
    expect(ticked.locator("[data-hidden-line]")).to_contain_text("29 selected invoices (304.50) are hidden")
    assert ticked.evaluate("document.activeElement !== document.body")


def test_the_list_says_how_it_is_sorted(ticked: Page) -> None:
    ticked.get_by_role("link", name="Total", exact=True).click()
    expect(ticked.locator("[data-live]")).to_contain_text("sorted by Total")


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
