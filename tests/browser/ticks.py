"""A backlog to tick in: its rows, their boxes and the bar."""

import re

from playwright.sync_api import Locator, Page

from jobbook.accounts.models import User
from tests.factories import make_client, make_company, make_invoice, make_job, make_user


def make_backlog() -> User:
    """An administrator, and 30 invoices of Alder (10.50 each) before 3 of Birch (21.00 each)."""
    make_company()
    alder, birch = make_job(client=make_client(name="Alder")), make_job(client=make_client(name="Birch"))
    for index in range(30):
        make_invoice(job=alder, amounts=["10.00"], number=f"A-{index:02}")
    for index in range(3):
        make_invoice(job=birch, amounts=["20.00"], number=f"B-{index:02}")
    return make_user(name="Mai Tran")


def tick(page: Page, number: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^Select {number},"))


def bar(page: Page) -> Locator:
    return page.locator("[data-sum]")
