"""An administrator makes a fixed-price invoice; two people change one at the same time; what axe thinks of it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.drawing import strokes
from jobbook.jobs.models import BillingType, Job, JobFee
from tests.browser.conftest import LogIn, follow, violations
from tests.browser.test_axe import Looker
from tests.factories import (
    TODAY,
    make_company,
    make_expense,
    make_invoice,
    make_item,
    make_job,
    make_record,
    make_tax,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DRAWING = "100,150 200,50 300,250 400,50;500,150 700,150"


@pytest.fixture
def admin() -> User:
    make_company(printed_terms="Payment is due within 30 days.")
    make_item("FIX", section="fixed_price", name="Legal survey")
    return make_user(name="Mai Tran", signature=DRAWING)


@pytest.fixture
def job(admin: User) -> Job:
    found = make_job(billing_type=BillingType.FIXED_PRICE, taxes=[make_tax(), make_tax("PST", "7")])
    JobFee.objects.create(job=found, item=make_item(), description="Administration", percent=10, position=1)
    return found


def totals(page: Page, *texts: str) -> None:
    for each in texts:
        expect(page.locator("#totals")).to_contain_text(each)


def test_a_fixed_price_invoice_from_the_job_to_the_signature(log_in: LogIn, admin: User, job: Job) -> None:
    page = log_in(admin, "/invoices/")
    follow(page.get_by_role("link", name="New invoice"))
    page.get_by_label("Job").select_option(str(job.pk))
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("job="))
    page.wait_for_load_state()  # htmx has begun to listen
    page.get_by_role("group", name="Line 2").get_by_label("Description").fill("Survey of lot 5")
    page.get_by_role("group", name="Line 2").get_by_label("Unit price").fill("1000")
    totals(page, "1,000.00", "100.00", "1,100.00", "55.00", "77.00", "1,232.00")
    expect(page.locator("#line-0-amount")).to_have_text("100.00")
    page.get_by_label("Subtotal typed over").fill("950")
    totals(page, "950.00", "of which adjustment", "minus (50.00)", "1,045.00", "1,170.40")
    page.get_by_label("Item of the new line").locator("visible=true").fill("FIX")
    page.get_by_role("button", name="Add line").locator("visible=true").click()
    expect(page.get_by_role("group", name="Line 3").get_by_label("Item")).to_be_focused()
    expect(page.get_by_role("group", name="Line 2").get_by_label("Description")).to_have_value("Survey of lot 5")
    page.get_by_role("button", name="Remove line 3").click()
    expect(page.get_by_role("group", name="Line 3")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    invoice = Invoice.objects.get()
    assert f"{invoice.total}" == "1170.40"
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("button", name="OK, sign 1 invoice").click()
    expect(page.locator(".queue-bar .current")).to_contain_text("Admin Queue")
    expect(page.get_by_role("img", name="Drawn signature of Mai Tran")).to_be_visible()


def test_a_manager_draws_the_signature(log_in: LogIn, admin: User) -> None:
    invoice = make_invoice(signed=False)
    page = log_in(invoice.job.project_manager, f"/invoices/{invoice.pk}/sign/")
    box = page.get_by_role("img", name=re.compile("^Drawn signature")).bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + 20 + 15 * (step % 2))
    page.mouse.up()
    page.get_by_role("button", name="OK, sign 1 invoice").click()
    expect(page.get_by_role("img", name=re.compile("^Drawn signature of"))).to_be_visible()
    invoice.refresh_from_db()
    assert len(strokes(invoice.signature)[0]) == 6
    assert invoice.queue == "admin"


def test_the_form_is_not_left_by_accident(log_in: LogIn, admin: User, job: Job) -> None:
    page = log_in(admin, f"/invoices/new/?job={job.pk}")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("PO number").fill("4500")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page).to_have_url(re.compile("/invoices/new/"))
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Recalculate").last.click()
    expect(page.get_by_label("PO number")).to_have_value("4500")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_label("PO number")).to_have_value("4500")
    assert asked == ["beforeunload"] * 2


def test_a_save_that_was_stopped_can_be_pressed_again(log_in: LogIn, admin: User, job: Job) -> None:
    page = log_in(admin, f"/invoices/new/?job={job.pk}")
    page.locator("#line-0-description").fill("Survey")
    page.locator("#line-0-price").fill("1000")
    held: list[Route] = []
    address = re.compile(r"/invoices/new/(\?|$)")
    page.route(address, lambda route: held.append(route))
    with page.expect_request(address):
        page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.context.new_cdp_session(page).send("Page.stopLoading")
    page.unroute(address)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoice INV-")
    assert Invoice.objects.count() == 1


def test_a_long_name_of_a_file_widens_no_page(log_in: LogIn, admin: User, job: Job) -> None:
    invoice = make_invoice(job=job, signed=False)
    page = log_in(admin, f"/invoices/{invoice.pk}/", viewport={"width": 390, "height": 800})
    name = f"Subcontractor_timesheets_{'and_receipts_' * 8}.pdf"
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": b"%PDF-1.7\n%%EOF\n"})
    page.get_by_role("button", name="Add file").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_errors_lead_to_their_field_in_its_tab(log_in: LogIn, admin: User, job: Job) -> None:
    invoice = make_invoice(job=job, amounts=["96.00", "12.00"], signed=False)
    page = log_in(admin, f"/invoices/{invoice.pk}/edit/")
    page.locator("#line-1-price").fill("1,5")
    page.get_by_role("link", name=re.compile("^Fixed Price")).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    expect(page.locator("#line-1-price")).to_be_hidden()
    page.get_by_role("link", name=re.compile("^Line 2, unit price")).click()
    expect(page.locator("#line-1-price")).to_be_focused()
    assert violations(page) == []


def test_somebody_elses_change_is_shown_and_there_is_a_way_on(log_in: LogIn, admin: User, job: Job) -> None:
    invoice = make_invoice(job=job, signed=False)
    address = f"/invoices/{invoice.pk}/edit/"
    mine, theirs = log_in(admin, address), log_in(make_user(name="K. Osei"), address)
    for page, price in ((theirs, "20"), (mine, "30")):
        page.locator("#line-0-price").fill(price)
        page.get_by_role("button", name="Save").click()
    summary = mine.get_by_role("alert").filter(has_text="was not saved")
    expect(summary).to_contain_text("by K. Osei at")
    expect(summary.get_by_role("row", name=re.compile("Line in Labour"))).to_contain_text("30.00")
    assert violations(mine) == []
    mine.get_by_role("button", name="Save over that change").click()
    expect(mine.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    assert f"{Invoice.objects.get().subtotal}" == "30.00"


def test_it_works_without_scripts(log_in: LogIn, admin: User, job: Job) -> None:
    page = log_in(admin, f"/invoices/new/?job={job.pk}", java_script_enabled=False)
    page.locator("#line-1-description").fill("Survey")
    page.locator("#line-1-price").fill("1000")
    page.get_by_role("button", name="Recalculate").last.click()
    totals(page, "1,232.00")
    page.get_by_role("button", name="Add line").first.click()
    assert not Invoice.objects.exists()
    page.get_by_role("button", name="Save").click()
    assert f"{Invoice.objects.get().total}" == "1232.00"


def test_axe_finds_nothing(log_in: LogIn, admin: User) -> None:
    job = make_job(project_manager=make_user(Role.PROJECT_MANAGER), invoice_type="ticket_invoice")
    done: dict[str, Any] = {"submitted_on": TODAY, "approved_on": TODAY, "approved_by": admin}
    make_expense(job=job, **done)
    make_record(job=job, **done)
    pm, ticket = make_invoice(job=job, signed=False), make_invoice(job=job, is_ticket=True, signature=DRAWING)
    look = Looker(log_in(admin, "/", reduced_motion="reduce"))
    look.visit(
        "/invoices/new/", f"/invoices/new/?job={job.pk}", f"/invoices/{ticket.pk}/edit/", f"/invoices/{ticket.pk}/"
    )
    look.visit(*(f"/invoices/{pm.pk}/{slug}/" for slug in ("sign", "release", "delete", "credit")))
    look.visit(f"/invoices/{ticket.pk}/client-approve/", "/invoices/?tab=mine")
    assert look.found == []


def test_nothing_is_cut_off_on_a_phone(log_in: LogIn, admin: User, job: Job) -> None:
    invoice = make_invoice(job=job, amounts=["96.00", "12.00"])
    page = log_in(admin, f"/invoices/{invoice.pk}/edit/", viewport={"width": 390, "height": 844})
    for address in (f"/invoices/{invoice.pk}/edit/", f"/invoices/{invoice.pk}/", f"/invoices/{invoice.pk}/credit/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
