"""The WIP Report in Chromium: from a number to its rows and back, filters, and what axe finds."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn, follow
from tests.browser.test_axe import Looker
from tests.reports.wip_firm import Firm, make_firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def no_wider_than_the_screen(page: Page) -> None:
    """The page itself does not scroll sideways; wide tables do, in their own boxes."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_report_its_rows_and_the_way_back(log_in: LogIn, firm: Firm) -> None:
    page = log_in(firm.admin, f"/wip/?{firm.address}", viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    look = Looker(page)
    no_wider_than_the_screen(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="XLSX")).to_be_hidden()
    expect(page.get_by_role("img", name="Recorded work by job")).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("summary", has_text="Days and filters").click()
    page.get_by_role("checkbox", name=firm.jobs[0].client.name).check()
    look("report, its filters open")
    follow(page.get_by_role("button", name="Show report"))
    table = page.get_by_role("table", name="Recorded work by job")
    expect(table.get_by_role("rowheader")).to_have_count(2)
    approved = table.get_by_role("row", name="Total").get_by_role("link").nth(3)
    shown = approved.inner_text()
    follow(approved)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Approved, not invoiced: {shown}")
    look("rows of work")
    no_wider_than_the_screen(page)
    follow(page.get_by_role("link", name="WIP report").last)
    expect(page.get_by_text(f"jobs of client {firm.jobs[0].client.name}")).to_be_visible()
    follow(table.get_by_role("rowheader").first.get_by_role("link"))
    look("line items of a job")
    no_wider_than_the_screen(page)
    look.visit("/wip/?period=never")
    assert look.found == []
