"""The whole path as four people: work by phone, approved, invoiced, signed, ticked, processed, corrected, paid."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Invoice, Queue
from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType, DailyWorkRecord, InvoiceType, Job, Section
from tests.browser.conftest import LogIn, follow
from tests.browser.test_axe import open_window
from tests.browser.test_records import DESK, DRAWN, PHONE, row
from tests.commands import assert_sound
from tests.factories import make_client, make_company, make_employee, make_item, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKLOG = "/invoices/backlog/"


class Firm:
    """Four people and three jobs: time and material, the same with a ticket, and a fixed price."""

    def __init__(self) -> None:
        make_company()
        self.technician = make_user(Role.TECHNICIAN, name="Tunde Okafor", signature=DRAWN)
        self.manager = make_user(Role.PROJECT_MANAGER, name="K. Osei", signature=DRAWN)
        self.admin = make_user(name="Mai Tran")
        self.accounting = make_user(Role.ACCOUNTING, name="R. Whitford")
        foreman = make_item("FOREMAN", name="Foreman", unit_price=Decimal(112))
        make_item("FIX", section=Section.FIXED_PRICE, name="Legal survey")
        make_employee("Tunde Okafor", user=self.technician, item=foreman)
        self.pump = self.job("26-0001", "Pump house")
        self.ticket = self.job("26-0002", "Ticket yard", invoice_type=InvoiceType.TICKET_INVOICE)
        self.survey = self.job("26-0003", "Survey", billing_type=BillingType.FIXED_PRICE)

    def job(self, number: str, name: str, **types: Any) -> Job:
        return make_job(
            client=make_client(name=f"{name} Ltd."),
            job_number=number,
            project_name=name,
            project_manager=self.manager,
            **types,
        )


@pytest.fixture
def firm() -> Firm:
    return Firm()


def test_from_the_work_to_paid(log_in: LogIn, firm: Firm) -> None:
    phone = log_in(firm.technician, "/", **PHONE)
    for job, hours in ((firm.pump, "8"), (firm.pump, "10.5"), (firm.ticket, "6")):
        enter_work(phone, job, hours)
    enter_expense(phone, firm.pump)
    manager = log_in(firm.manager, "/", **DESK)
    approve(manager, "DWR Approval Backlog", "Approve Selected DWRs", "OK, approve 3 DWRs")
    approve(manager, "Expense Approval Backlog", "Approve Selected Expenses", "OK, approve 1 expense")
    admin = log_in(firm.admin, "/", **DESK)
    invoice_both(admin)
    of_pump, of_ticket = (Invoice.objects.get(job=job) for job in (firm.pump, firm.ticket))
    assert (f"{of_pump.subtotal}", f"{of_ticket.subtotal}") == ("2072.00", "672.00")
    for invoice in (of_pump, of_ticket):
        sign(manager, invoice)
    expect(manager.locator(".queue-bar .current")).to_contain_text("Ticket Queue")
    client_approves(manager)
    fixed = fixed_price(admin, firm.survey)
    admin.goto(BACKLOG)
    numbers = [of_pump.number, of_ticket.number, fixed.number]
    assert sorted(admin.locator("#results tr.r .inv a").all_inner_texts()) == sorted(numbers)
    process(admin, 3)
    correct(admin, of_pump)
    assert in_queue(of_pump) == Queue.ADMIN
    admin.goto(BACKLOG)
    expect(admin.locator("#results tr.r")).to_have_count(1)
    process(admin, 1)
    paid(log_in(firm.accounting, f"/invoices/{of_pump.pk}/", **DESK))
    assert in_queue(of_pump) == Queue.PAID
    assert {in_queue(each) for each in (of_ticket, fixed)} == {Queue.PROCESSED}
    assert_sound()


def in_queue(invoice: Invoice) -> str:
    return str(Invoice.objects.get(pk=invoice.pk).queue)


def enter_work(page: Page, job: Job, hours: str) -> None:
    before = DailyWorkRecord.objects.count()
    page.goto("/")
    follow(page.locator("[data-card=records]").get_by_role("link", name="Create new"))
    page.get_by_label("Job", exact=True).select_option(str(job.pk))
    expect(page.get_by_text(re.compile(f"^{job.client} · "))).to_be_visible()
    row(page, "Labour 1").get_by_label("Hours").fill(hours)
    page.get_by_role("button", name="Add My Signature").click()
    page.get_by_role("button", name="Save DWR").click()
    expect(page.get_by_text(f"DWR {before + 1} submitted.")).to_be_visible()


def enter_expense(page: Page, job: Job) -> None:
    page.goto("/expenses/new/")
    page.get_by_label("Job").select_option(str(job.pk))
    page.get_by_label("Amount").fill("84.20")
    page.get_by_label("What it was").fill("Fuel")
    page.get_by_role("button", name="Save expense").click()
    expect(page.get_by_text("Expense 1 submitted.")).to_be_visible()


def approve(page: Page, backlog: str, action: str, button: str) -> None:
    page.goto("/")
    follow(page.get_by_role("link", name=re.compile(f"^{backlog}")))
    page.get_by_role("checkbox", name=re.compile("^Select all")).check()
    open_window(page, action)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#result-line")).to_contain_text("approved:")


def invoice_both(page: Page) -> None:
    follow(page.get_by_role("link", name=re.compile("^DWR Invoice Backlog")))
    page.get_by_role("checkbox", name=re.compile("^Select all 3")).check()
    open_window(page, "Invoice Selected DWRs")
    page.get_by_role("button", name="OK, make 2 invoices").click()
    expect(page.locator("#result-line")).to_contain_text("2 invoices made:")


def sign(page: Page, invoice: Invoice) -> None:
    page.goto(f"/invoices/{invoice.pk}/")
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("button", name="OK, sign 1 invoice").click()
    expect(page.get_by_role("img", name="Drawn signature of K. Osei")).to_be_visible()


def client_approves(page: Page) -> None:
    page.get_by_role("link", name="Client Approved Ticket").click()
    page.get_by_role("button", name="OK, the client approved 1 ticket").click()
    expect(page.locator(".queue-bar .current")).to_contain_text("Admin Queue")


def fixed_price(page: Page, job: Job) -> Invoice:
    page.goto(f"/invoices/new/?job={job.pk}")
    page.get_by_label("Item of the new line").locator("visible=true").fill("FIX")
    page.get_by_role("button", name="Add line").locator("visible=true").click()
    line = page.get_by_role("group", name="Line 1")
    expect(line.get_by_label("Item")).to_be_focused()
    line.get_by_label("Description").fill("Survey of lot 5")
    line.get_by_label("Unit price").fill("1000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("button", name="OK, sign 1 invoice").click()
    expect(page.locator(".queue-bar .current")).to_contain_text("Admin Queue")
    return Invoice.objects.get(job=job)


def process(page: Page, count: int) -> None:
    noun = "invoice" if count == 1 else "invoices"
    page.get_by_role("checkbox", name=re.compile("^Select all")).check()
    open_window(page, "Process Selected Invoices")
    page.get_by_role("button", name=f"OK, process {count} {noun}", exact=True).click()
    expect(page.locator("#result-line")).to_contain_text(f"processed: {count} {noun}")


def correct(page: Page, invoice: Invoice) -> None:
    """Unticked, and its purchase order corrected: the signature stays for the total that was signed."""
    page.goto(f"/invoices/{invoice.pk}/")
    page.get_by_role("link", name="Untick Processed").click()
    page.get_by_role("button", name="OK, untick 1 invoice").click()
    expect(page.locator("main")).to_contain_text("is in the Admin Queue again.")
    page.goto(f"/invoices/{invoice.pk}/edit/")
    page.get_by_label("PO number").fill("4500")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    assert Invoice.objects.get(pk=invoice.pk).po_number == "4500"


def paid(page: Page) -> None:
    page.get_by_role("link", name="Mark paid").click()
    page.get_by_role("button", name="OK, mark 1 invoice paid").click()
    expect(page.locator(".queue-bar .current")).to_contain_text("Paid")
