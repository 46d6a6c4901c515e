"""Ticks in Chromium: three states, pages, groups, all that match, what a filter hides, and that nothing is lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from invoices.models import Invoice
from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.browser.ticks import bar, make_backlog, tick
from tests.factories import make_batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/invoices/backlog/"


@pytest.fixture
def user() -> User:
    return make_backlog()


def export(page: Page) -> Locator:
    return page.get_by_role("button", name="Export Selected Invoices")


def test_g2_g3_g19_buttons_follow_the_ticks(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    expect(export(page)).to_be_disabled()
    tick(page, "A-00").check()
    expect(bar(page)).to_have_text("1 selected of 33 · 10.50")
    expect(export(page)).to_be_enabled()
    page.locator("tr.r").nth(3).locator("td").nth(4).click()  # a click elsewhere in a row selects nothing
    expect(bar(page)).to_have_text("1 selected of 33 · 10.50")
    tick(page, "A-00").uncheck()
    expect(export(page)).to_be_disabled()
    expect(bar(page)).to_have_text("Select invoices to export, download or process")


def test_g20_shift_ticks_a_range_in_the_shown_order(log_in: LogIn, user: User) -> None:
    page = log_in(user, f"{URL}?sort=-number")
    tick(page, "B-02").click()
    tick(page, "A-28").click(modifiers=["Shift"])
    expect(bar(page)).to_have_text("5 selected of 33 · 84.00")
    tick(page, "B-01").click(modifiers=["Shift"])
    expect(tick(page, "B-02")).to_be_checked()
    expect(bar(page)).to_have_text("1 selected of 33 · 21.00")


def test_g21_all_that_match_then_exclusions_on_another_page(log_in: LogIn, user: User) -> None:
    page = log_in(user, f"{URL}?size=25")
    head = page.get_by_role("checkbox", name="Select all 25 on this page")
    tick(page, "A-01").check()
    expect(head).to_have_js_property("indeterminate", True)
    head.check()
    expect(bar(page)).to_have_text("25 selected of 33 · 262.50")
    page.get_by_role("button", name="Select all 33 invoices, 378.00").click()
    expect(bar(page)).to_have_text("33 selected of 33 · 378.00")
    page.get_by_role("link", name="Next").click()
    expect(tick(page, "B-01")).to_be_checked()
    tick(page, "B-01").uncheck()
    expect(bar(page)).to_have_text("32 selected of 33 · 357.00")
    page.reload()
    expect(tick(page, "B-01")).not_to_be_checked()
    expect(bar(page)).to_have_text("32 selected of 33 · 357.00")
    page.locator("#q").fill("Birch")  # another filter: the choice stays what it was, row by row
    expect(page.locator("tr.r")).to_have_count(3)
    expect(bar(page)).to_have_text("32 selected of 33 · 357.00")
    expect(page.locator("[data-hidden-line]")).to_contain_text(
        "30 selected invoices (315.00) are hidden by the filter."
    )


def test_g22_group_checkbox_is_tri_state_and_takes_rows_of_other_pages(log_in: LogIn, user: User) -> None:
    page = log_in(user, f"{URL}?group=client&size=25")
    group = page.get_by_role("checkbox", name="Select all 30 invoices of Alder")
    group.check()
    expect(bar(page)).to_have_text("30 selected of 33 · 315.00")
    expect(group).to_be_checked()
    tick(page, "A-00").uncheck()
    expect(group).to_have_js_property("indeterminate", True)
    page.get_by_role("link", name="Next").click()
    expect(tick(page, "A-29")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select all 30 invoices of Alder")).to_have_js_property(
        "indeterminate", True
    )
    expect(page.get_by_role("checkbox", name="Select all 3 invoices of Birch")).not_to_be_checked()
    page.get_by_role("checkbox", name="Select all 30 invoices of Alder").check()
    expect(bar(page)).to_have_text("30 selected of 33 · 315.00")


def test_g23_the_selection_survives_and_keeps_no_money(log_in: LogIn, user: User) -> None:
    page = log_in(user, f"{URL}?size=25")
    tick(page, "A-03").check()
    page.get_by_role("link", name="Total", exact=True).click()
    expect(page).to_have_url(re.compile("sort=-total"))
    expect(tick(page, "A-03")).to_be_checked()
    page.get_by_role("button", name="Accounting detail for B-00").click()
    expect(page.get_by_role("group", name="Accounting detail for B-00")).to_be_visible()
    page.reload()
    expect(bar(page)).to_have_text("1 selected of 33 · 10.50")
    kept: dict[str, str] = page.evaluate("Object.fromEntries(Object.entries(sessionStorage))")
    values = " ".join(value for key, value in kept.items() if "selection" in key)
    assert values
    assert "10.50" not in values
    assert "1050" not in values
    page.get_by_role("button", name="Mai Tran").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()
    assert not page.evaluate("Object.keys(sessionStorage).some(key => key.startsWith('jobbook'))")


def test_g23_rows_that_left_are_dropped_with_a_note(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    tick(page, "A-00").check()
    tick(page, "A-01").check()
    make_batch([Invoice.objects.get(number="A-00")])
    page.reload()
    expect(bar(page)).to_have_text("1 selected of 32 · 10.50")
    expect(page.locator("[data-gone-line]")).to_contain_text("1 invoice left this list")


def test_g24_hidden_rows_are_said_shown_and_deselected(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    tick(page, "A-00").check()
    tick(page, "B-00").check()
    page.locator("#q").fill("Birch")
    line = page.locator("[data-hidden-line]")
    expect(line).to_contain_text("1 selected invoice (10.50) is hidden by the filter.")
    expect(bar(page)).to_contain_text("2 selected")
    line.get_by_role("button", name="Show them").click()
    expect(page.locator("tr.r")).to_have_count(33)
    expect(line).to_be_hidden()
    page.locator("#q").fill("Birch")
    line.get_by_role("button", name="Deselect them").click()
    expect(bar(page)).to_have_text("1 selected of 3 · 21.00")


def test_g26_esc_clears_many_ticks_only_with_a_way_back(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    page.get_by_role("checkbox", name="Select all 33 on this page").check()
    tick(page, "A-05").focus()
    page.keyboard.press("Escape")
    expect(bar(page)).to_contain_text("Select invoices")
    page.get_by_role("button", name="Restore").click()
    expect(bar(page)).to_have_text("33 selected of 33 · 378.00")


def test_f66_two_tabs_have_selections_of_their_own(log_in: LogIn, user: User) -> None:
    one = log_in(user, URL)
    two = one.context.new_page()
    two.goto(URL)
    tick(one, "A-00").check()
    tick(two, "B-00").check()
    two.reload()
    expect(bar(two)).to_have_text("1 selected of 33 · 21.00")
    expect(bar(one)).to_have_text("1 selected of 33 · 10.50")


def test_g25_an_action_posts_the_selection_once_and_releases_its_button(log_in: LogIn, user: User) -> None:
    page = log_in(user, URL)
    for number in ("A-00", "B-00"):
        tick(page, number).check()
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        export(page).click()
    posted = answer.value.request.post_data or ""
    assert "mode=ids" in posted
    assert "csrfmiddlewaretoken" in posted
    expect(export(page)).to_be_enabled()
