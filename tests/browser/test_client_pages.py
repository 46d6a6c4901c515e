"""Clients, jobs and rate sheets in Chromium: axe in every state, rows that are added, a job by keyboard alone."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.records import change_record
from jobbook.jobs.models import Client, ClientAddress, ClientContact, Job, JobFee, JobItem
from tests.browser.conftest import LogIn
from tests.browser.test_axe import Looker
from tests.factories import (
    TODAY,
    make_client,
    make_company,
    make_expense,
    make_invoice,
    make_item,
    make_job,
    make_rate_sheet,
    make_record,
    make_tax,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="Mai Tran")


@pytest.fixture
def job(admin: User) -> Job:
    """A job with everything on it."""
    item = make_item(unit_price=Decimal(96), hourly_price=Decimal(96))
    sheet = make_rate_sheet({item: ("90", "90")}, name="Kestrel 2027")
    client = make_client(name="Kestrel Midstream Inc.", rate_sheet=sheet, contact="D. Okafor")
    ClientContact.objects.create(client=client, name="R. Cardinal", duty="Accounts payable")
    plant = ClientAddress.objects.create(client=client, label="Plant", city="Hinton")
    made = make_job(client=client, billing_address=plant, po_required=True, taxes=[make_tax(), make_tax("PST", "7")])
    JobFee.objects.create(job=made, item=item, description="Fuel surcharge", percent=Decimal("3.5"), position=1)
    JobItem.objects.create(job=made, item=item, budget_quantity=Decimal(4), position=1)
    make_record(job=made, submitted_on=TODAY)
    make_expense(job=made, submitted_on=TODAY)
    make_invoice(job=made)
    return made


def test_no_violation_on_any_page(log_in: LogIn, admin: User, job: Job) -> None:
    look = Looker(log_in(admin, "/", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"))
    look.visit("/clients/", "/clients/?q=nobody", f"/clients/{job.client_id}/", f"/clients/{job.client_id}/edit/")
    look.visit("/jobs/", f"/jobs/{job.pk}/", f"/jobs/{job.pk}/edit/", f"/jobs/{job.pk}/clone/")
    sheet = f"/rate-sheets/{job.client.rate_sheet_id}"
    look.visit("/rate-sheets/", f"{sheet}/edit/", f"{sheet}/clone/", "/rate-sheets/new/")
    assert look.found == []


def test_no_violation_in_a_form_that_is_refused(log_in: LogIn, admin: User, job: Job) -> None:
    look = Looker(log_in(admin, f"/clients/{job.client_id}/edit/", viewport={"width": 1440, "height": 900}))
    page = look.page
    page.get_by_role("button", name="Add contact").click()
    page.get_by_role("button", name="Add address").click()
    look("rows added")
    page.locator("#id_name").fill("")
    page.locator("#id_contacts-1-email").fill("nobody")
    save(page)
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_visible()
    look("problems")
    page.goto(f"/clients/{job.client_id}/edit/")
    page.locator("#id_terms").fill("Net 10")
    change_record(Client, job.client_id, {"terms": "Net 45"}, noun="client", version=1, by=admin)
    save(page)
    expect(page.get_by_role("cell", name="Net 45")).to_be_visible()
    look("conflict")
    assert look.found == []


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


@pytest.mark.parametrize("javascript", [True, False])
def test_rows_are_added_with_and_without_javascript(log_in: LogIn, admin: User, javascript: bool) -> None:
    make_item("TRUCK", section="equipment")
    make_client(name="Kestrel")
    manager = make_user(Role.PROJECT_MANAGER, name="A. Beaulieu")
    page = log_in(admin, "/jobs/new/", java_script_enabled=javascript)
    page.locator("#id_job_number").fill("27-1")
    page.locator("#id_project_name").fill("Pipe")
    page.locator("#id_client").select_option(label="Kestrel")
    page.locator("#id_project_manager").select_option(label=manager.name)
    page.locator("#id_billing_type").select_option("time_and_material")
    for number in range(2):
        page.get_by_role("button", name="Add billable item").click()
        page.locator(f"#id_items-{number}-item").fill(["TRUCK", "LAB"][number])
    make_item()
    page.get_by_role("group", name="Billable item 1").get_by_label("Budget quantity").fill("5")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Job 27-1 Pipe")
    rows = Job.objects.get().billable_items.values_list("item__code", "budget_quantity")
    assert list(rows) == [("TRUCK", Decimal(5)), ("LAB", None)]


def test_a_job_is_made_by_keyboard_alone(log_in: LogIn, admin: User) -> None:
    make_item("TRUCK", section="equipment")
    make_tax()
    make_client(name="Kestrel")
    make_user(Role.PROJECT_MANAGER, name="A. Beaulieu")
    page = log_in(admin, "/jobs/new/", viewport={"width": 1024, "height": 600})
    keys = page.keyboard
    walk(page, {"id_job_number": "27-1", "id_project_name": "Pipe", "id_client": "Kes", "id_project_manager": "A. B"})
    walk(page, {"id_billing_type": "Time", "id_taxes-0-tax": "GST"})
    to(page, "Add fee")
    keys.press("Enter")
    assert focused(page) == "id_fees-0-item"
    keys.type("TRUCK")
    walk(page, {"id_fees-0-description": "Fuel surcharge", "id_fees-0-percent": "3.5"})
    to(page, "Add billable item")
    keys.press("Enter")
    keys.type("TRUCK")
    keys.press("Tab")
    keys.type("185")
    keys.press("Enter")  # in a field: Save, not the nearest button
    expect(page.get_by_role("heading", level=1)).to_have_text("Job 27-1 Pipe")
    job = Job.objects.get()
    assert (str(job.client), str(job.project_manager)) == ("Kestrel", "A. Beaulieu")
    assert job.billing_type == "time_and_material"
    assert [each.description for each in job.fees.all()] == ["Fuel surcharge"]
    assert [each.unit_price for each in job.billable_items.all()] == [Decimal(185)]
    assert [each.tax.code for each in job.job_taxes.all()] == ["GST"]


def walk(page: Page, texts: dict[str, str]) -> None:
    """Tab on to each field and type; what has the focus is never hidden under the head of the form."""
    for target, text in texts.items():
        to(page, target)
        page.keyboard.type(text)


def to(page: Page, target: str) -> None:
    for _ in range(80):
        if focused(page) == target:
            return
        page.keyboard.press("Tab")
        assert is_seen(page), focused(page)
    raise AssertionError(f"{target} is not reached by Tab")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def is_seen(page: Page) -> bool:
    """Does the middle of the focused element lie on top?"""
    script = """() => {
      const element = document.activeElement, box = element.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const seen = top && (element.contains(top) || top.contains(element));
      return element === document.body || element.matches(".skip") || Boolean(seen);
    }"""
    return bool(page.evaluate(script))


def test_a_section_is_reached_from_the_menu_and_stands_below_it(log_in: LogIn, admin: User, job: Job) -> None:
    for width in (1440, 390):
        page = log_in(admin, f"/jobs/{job.pk}/edit/", viewport={"width": width, "height": 700})
        page.get_by_role("navigation", name="Sections of this form").get_by_role("link", name="Fees").click()
        heading, head = page.locator("#title-fees").bounding_box(), page.locator(".form-head").bounding_box()
        assert heading
        assert head
        assert head["y"] <= 1
        assert head["height"] < 140
        assert head["y"] + head["height"] <= heading["y"] < 700
