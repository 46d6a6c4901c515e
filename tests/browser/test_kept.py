"""A kept report in Chromium: kept by its button, as it was, and against today after an invoice moved."""

import pytest
from playwright.sync_api import Page, expect

from jobbook.accounts.models import User
from tests.browser.conftest import LogIn, follow, violations
from tests.commands import process
from tests.factories import make_company, make_invoice, make_job, make_record, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def clean(page: Page) -> None:
    """Nothing for axe to find, light or dark, and nothing wider than a phone."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_report_is_kept_and_what_moved_since_is_named(log_in: LogIn) -> None:
    make_company()
    admin: User = make_user()
    job = make_job()
    make_record(job=job, submitted_on="2026-11-20")
    invoice = make_invoice(job=job, amounts=["1200.00"])
    page = log_in(admin, "/wip/?period=all", viewport={"width": 1440, "height": 900})
    follow(page.get_by_role("button", name="Keep this report"))
    expect(page.get_by_role("heading", name="Kept report 1")).to_be_visible()
    clean(page)
    process(admin, [invoice])
    follow(page.get_by_role("link", name="Against today"))
    row = page.get_by_role("row", name=invoice.number)
    expect(row).to_contain_text("Admin Queue")
    expect(row).to_contain_text("Processed")
    clean(page)
    page.goto("/wip/kept/")
    expect(page.get_by_role("link", name="#1")).to_be_visible()
    clean(page)
