"""The Active Job Dashboard in Chromium: its triangle by keyboard, the bar's warning, a file, and axe."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn
from tests.browser.test_axe import Looker
from tests.factories import make_client, make_company, make_job, make_user
from tests.invoicing import approved, in_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/jobs/active/"


def test_the_dashboard_by_keyboard_and_for_every_eye(log_in: LogIn) -> None:
    make_company()
    user = make_user(name="Mai Tran")
    for number, (hours, po) in enumerate((("8", "700.00"), ("7", "700.00"), ("1", "700.00")), start=1):
        job = make_job(job_number=f"26-010{number}", client=make_client(name="Alder Mills"), po_amount=Decimal(po))
        approved(job, user, hours=hours)
        in_queue("paid", job)
    page = log_in(user, URL, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    bars = page.locator("tr.r .po")
    expect(bars).to_have_text(["110 % over PO", "96 % near PO", "14 %"])
    page.locator("#scroll").focus()
    for key in ("j", "e"):
        page.keyboard.press(key)
    detail = page.get_by_role("group", name="Invoices of job 26-0101")
    expect(detail).to_contain_text("Paid")
    look = Looker(page)
    look("a job's invoices")
    page.goto(f"{URL}?group=client&sort=-used")
    page.get_by_role("button", name="Download").click()
    look("grouped, with the menu of files")
    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("^Excel")).click()
    assert downloading.value.suggested_filename.startswith("Active Job Dashboard")
    look.visit(f"{URL}?q=nobody")
    assert look.found == []
    assert look.states == 3
