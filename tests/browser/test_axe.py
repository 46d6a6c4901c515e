"""No violation of WCAG 2.2 AA that axe can find, on every page and in every state, in both themes and widths.

One page walks through the states; in each, theme and width are switched under it.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.browser.conftest import COLOURS, RULES, LogIn, violations
from tests.commands import process
from tests.factories import make_batch, make_client, make_company, make_expense, make_invoice, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKLOG = "/invoices/backlog/"
WIDTHS = (1440, 390)


@pytest.fixture
def admin() -> User:
    """An administrator; invoices with and without warnings, a credit note, a batch, a finished run."""
    make_company()
    user = make_user(name="Mai Tran", is_demo=True)
    alder = make_job(client=make_client(name="Alder Mills Ltd."), po_required=True)
    birch = make_job(client=make_client(name="Birchline Energy", address_1=""))
    make_expense(job=alder, submitted_on="2026-11-20")
    made = [
        make_invoice(job=job, amounts=amounts) for job in (alder, birch) for amounts in (["100.10", "9.00"], ["-80.05"])
    ]
    process(user, [make_invoice(job=alder), make_invoice(job=alder)])
    run = start_run(slug="csv", invoices=Invoice.objects.filter(pk=made[0].pk), by=user)
    work_on(run.pk)
    return user


class Looker:
    """Looks at a page in both themes and widths, and notes what axe finds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.states = 0

    def __call__(self, state: str) -> None:
        """Every rule in the light theme at both widths; in the dark one those about colour: nothing else differs."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            for theme, rules in (("light", RULES), ("dark", COLOURS)):
                self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                self.found += [f"{state}, {width}, {theme}: {each}" for each in violations(self.page, rules)]
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.states += 1

    def visit(self, *paths: str) -> None:
        for path in paths:
            self.page.goto(path)
            self(path)


@pytest.fixture
def look(log_in: LogIn, admin: User) -> Looker:
    return Looker(log_in(admin, "/", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"))


def open_window(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))).to_be_visible()


def test_the_backlog_in_every_state(look: Looker) -> None:
    page = look.page
    look("dashboard")
    look.visit(BACKLOG, f"{BACKLOG}?q=Birch&total_min=5", f"{BACKLOG}?q=nobody", f"{BACKLOG}?total_min=abc")
    page.goto(f"{BACKLOG}?group=client&group=month&sort=-total&sort=date")
    page.get_by_role("button", name=re.compile("^Accounting detail")).first.click()
    expect(page.get_by_role("group", name=re.compile("^Accounting detail"))).to_be_visible()
    look("grouped and expanded")
    page.locator("#group-button").click()
    look("group menu")
    page.keyboard.press("Escape")
    page.locator("#add-filter").click()
    expect(page.locator("#filter-panel form")).to_be_visible()
    look("filter panel")
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name=re.compile("^Select all")).first.check()
    look("selected")
    windows(look)
    assert look.found == []
    assert look.states == 14


def windows(look: Looker) -> None:
    page = look.page
    open_window(page, "Process Selected Invoices")
    look("process window")
    page.keyboard.press("Escape")
    open_window(page, "Export Selected Invoices")
    look("export window")
    page.get_by_role("button", name=re.compile("^OK, export")).click()
    expect(page.locator("#run-line progress")).to_be_visible()
    look("run in progress")
    open_window(page, "Undo Last Process Batch")
    look("undo window")
    page.get_by_role("button", name=re.compile("^OK, undo")).click()
    expect(page.locator("#result-line")).to_contain_text("returned")
    look("result line")


def test_the_pages_around_it(look: Looker, log_in: LogIn) -> None:
    page = look.page
    admin_queue, processed = (
        Invoice.objects.filter(queue=queue)[:1].get().pk for queue in (Queue.ADMIN, Queue.PROCESSED)
    )
    finished = ExportRun.objects.get().pk
    waiting = start_run(slug="pdf-zip", invoices=Invoice.objects.all(), by=make_user()).pk
    look.visit(f"/invoices/{admin_queue}/", f"/invoices/{processed}/", f"/invoices/{processed}/untick/")
    look.visit("/invoices/?tab=all", "/batches/", "/batches/1/", "/runs/", f"/runs/{finished}/", f"/runs/{waiting}/")
    make_batch(list(Invoice.objects.filter(queue=Queue.ADMIN)))
    look.visit(BACKLOG)
    expect(page.get_by_text("The Admin Queue is empty.")).to_be_visible()
    look.visit("/help/formats/csv/", "/help/formats/sage-300/", "/nothing/")
    look.page = log_in(make_user(Role.TECHNICIAN), BACKLOG, reduced_motion="reduce")
    look("403")
    look.page.context.clear_cookies()
    look.visit("/log-in/")
    assert look.found == []
