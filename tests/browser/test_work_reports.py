"""The reports of time and expenses in a browser: filters by their form, the grid of days on a phone, no violation."""

import re

import pytest
from playwright.sync_api import expect

from jobbook.accounts.roles import Role
from tests.browser.conftest import LogIn, follow
from tests.browser.test_axe import Looker
from tests.factories import make_company, make_user
from tests.reports.work_books import make_books

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAYS = "from=2026-10-31&to=2026-11-20"


def test_reports_are_asked_for_by_hand_and_hold_on_a_phone(log_in: LogIn) -> None:
    make_company()
    admin = make_user()
    make_books(make_user(Role.PROJECT_MANAGER), make_user(Role.PROJECT_MANAGER))
    page = log_in(
        admin, f"/reports/time-card/?{DAYS}", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    page.get_by_label("Employee").select_option("J. Lavoie")
    page.get_by_label("Group by").select_option("week")
    follow(page.get_by_role("button", name="Show", exact=True))
    expect(page).to_have_url(re.compile(rf"/time-card/\?{DAYS}&employee=J\.\+Lavoie&.*group=week$"))
    expect(page.get_by_role("rowheader", name="Week of 16 Nov 2026")).to_be_visible()
    look = Looker(page)
    look("a time card by week")
    follow(page.get_by_role("link", name="Time grid"))
    expect(page.get_by_label("Employee")).to_have_value("J. Lavoie")
    follow(page.get_by_role("link", name="Clear"))
    look("a grid of days")
    page.set_viewport_size({"width": 390, "height": 844})
    name = page.get_by_role("rowheader", name="B. Sorensen")
    before = name.bounding_box()
    page.get_by_role("region", name="Time grid").evaluate("box => box.scrollTo(400, 0)")
    assert before == name.bounding_box()  # the names stay while the days move
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    follow(page.get_by_role("region", name="Time grid").get_by_role("link", name=re.compile(r"^[0-9.]+$")).last)
    expect(page.get_by_role("heading", name="Time card")).to_be_visible()
    assert look.found == []
