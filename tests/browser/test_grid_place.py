"""G17 in Chromium: the address opens the rows it names, and Back brings the list back to where it was."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from invoices.models import Invoice
from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.factories import make_company, make_invoice, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/invoices/backlog/"


@pytest.fixture
def admin() -> User:
    make_company()
    job = make_job()
    for index in range(40):
        make_invoice(job=job, number=f"N-{index:02}", invoice_date=timezone.localdate())
    return make_user(name="Mai Tran")


def opened(page: Page) -> list[str]:
    buttons = page.locator("button[data-detail][aria-expanded=true]")
    return [text.rsplit(" ", 1)[1] for text in buttons.all_inner_texts()]


def test_g17_open_rows_stand_in_the_address(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL)
    first, third = (Invoice.objects.get(number=number).pk for number in ("N-00", "N-02"))
    for number in ("N-00", "N-02"):
        page.get_by_role("button", name=f"Accounting detail for {number}").click()
    expect(page).to_have_url(re.compile(rf"\?open={first}&open={third}$"))
    page.get_by_role("button", name="Accounting detail for N-00").click()
    expect(page).to_have_url(re.compile(rf"\?open={third}$"))
    other = log_in(make_user(name="K. Osei"), f"{URL}?open={third}&open=1x&open=999999")
    expect(other.get_by_role("group", name="Accounting detail for N-02")).to_be_visible()
    assert opened(other) == ["N-02"]
    other.get_by_role("link", name="Client", exact=True).click()
    expect(other).to_have_url(re.compile(rf"\?sort=client&open={third}"))
    expect(other.get_by_role("group", name="Accounting detail for N-02")).to_be_visible()


def test_g17_back_restores_the_scroll_position(log_in: LogIn, admin: User) -> None:
    page = log_in(admin, URL, viewport={"width": 1200, "height": 700})
    region = page.locator("#scroll")
    region.evaluate("element => { element.scrollTop = 300; }")
    page.get_by_role("link", name="N-20", exact=True).click()
    expect(page.get_by_role("heading", name="Invoice N-20")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Invoice Process Backlog")).to_be_visible()
    assert region.evaluate("element => element.scrollTop") > 200
