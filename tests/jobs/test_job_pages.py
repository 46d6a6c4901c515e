"""Jobs: the form with taxes, fees and items, what stays once there is work, the clone, the page, who sees which."""

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.forms import model_to_dict

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import Client, ClientAddress, Job, JobFee, JobItem
from tests.commands import assert_sound
from tests.factories import (
    TODAY,
    make_client,
    make_expense,
    make_invoice,
    make_item,
    make_job,
    make_rate_sheet,
    make_record,
    make_tax,
    make_user,
)
from tests.jobs.posting import Rows, as_it_is, browser, errors, job_data

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER, name="A. Beaulieu")


@pytest.fixture
def client() -> Client:
    return make_client(name="Kestrel")


def shown(user: User, path: str) -> str:
    return html.unescape(browser(user).get(path).content.decode())


def edit(user: User, job: Job, **fields: Any) -> Any:
    return browser(user).post(f"/jobs/{job.pk}/edit/", as_it_is(job, **fields))


ENTERED: dict[str, Any] = {
    "status": "On hold",
    "invoice_type": "ticket_invoice",
    "line_item_type": "summarized",
    "po_number": "45",
}
ENTERED |= {"client_project_number": "AFE 7", "location": "LSD 06"}
AMOUNTS: dict[str, Any] = {"po_amount": D(25000), "contract_amount": D("30000.5")}
DAYS: dict[str, Any] = {"order_date": date(2026, 11, 1), "due_date": date(2026, 12, 1)}


def test_all_that_is_entered_is_kept(admin: User, manager: User, client: Client) -> None:
    sheet, plant = make_rate_sheet(), ClientAddress.objects.create(client=client, label="Plant")
    chosen: dict[str, Any] = {"rate_sheet": sheet.pk, "billing_address": plant.pk}
    data = job_data(client, manager, **ENTERED, **AMOUNTS, **DAYS, **chosen, po_required="on", active=None)
    response = browser(admin).post("/jobs/new/", data)
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert model_to_dict(job, exclude=["id", "taxes", "office"]) == {
        "job_number": "27-1",
        "project_name": "Pipe",
        "client": client.pk,
        "project_manager": manager.pk,
        "billing_type": "time_and_material",
        "po_required": True,
        "active": False,
        "version": 1,
        **ENTERED,
        **AMOUNTS,
        **DAYS,
        **chosen,
    }
    assert_sound()


def test_all_rows_that_are_entered_are_kept(admin: User, manager: User, client: Client) -> None:
    gst, pst = make_tax("GST"), make_tax("PST", "7")
    labour, fuel = make_item(hourly_price=D(96)), make_item("FUEL", section="equipment")
    fees = [{"item": "FUEL", "description": "Fuel surcharge", "percent": "3.5"}]
    prices = {"unit_price": "110", "hourly_price": "110", "budget_quantity": "40"}
    items = [{"item": "LAB", **prices}, {"item": "FUEL"}, {"item": ""}]
    taxes: Rows = [{"tax": pst.pk}, {"tax": ""}, {"tax": gst.pk}]
    browser(admin).post("/jobs/new/", job_data(client, manager, taxes=taxes, fees=fees, items=items))
    job = Job.objects.get()
    assert list(job.job_taxes.values_list("tax__code", "position")) == [("PST", 1), ("GST", 2)]
    assert list(job.fees.values_list("item", "description", "percent")) == [(fuel.pk, "Fuel surcharge", D("3.5"))]
    names = ("item", "unit_price", "hourly_price", "budget_quantity", "position")
    kept = [(labour.pk, D(110), D(110), D(40), 1), (fuel.pk, None, None, None, 2)]
    assert list(job.billable_items.values_list(*names)) == kept
    assert_sound()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"job_number": ""}, "Job number: This field is required."),
        ({"job_number": "26-1"}, "Job number: Another job has this number."),
        ({"project_name": " "}, "Project name: This field is required."),
        ({"client": ""}, "Client: This field is required."),
        ({"client": "999999999"}, "Client: Select a valid choice."),
        ({"project_manager": ""}, "Project manager: This field is required."),
        ({"billing_type": "barter"}, "Billing type: Select a valid choice."),
        ({"invoice_type": ""}, "Invoice type: This field is required."),
        ({"line_item_type": "x"}, "Invoice lines: Select a valid choice."),
        ({"po_amount": "-1"}, "PO amount: 0 is the least."),
        ({"po_amount": "1.005"}, "PO amount: At most 2 decimals."),
        ({"contract_amount": "NaN"}, "Contract amount: Digits and a point, as in 1250.50."),
        ({"contract_amount": "100000000001"}, "Contract amount: 100000000000 is the most."),
        ({"order_date": "01/02/2026"}, "Order date: Enter a valid date."),
        ({"order_date": "2026-12-02", "due_date": "2026-12-01"}, "Due date: The due date is before the order date."),
        ({"billing_address": "@foreign"}, "Billing address: Theirs is an address of Other Ltd., not of Kestrel."),
        ({"location": "x" * 501}, "Location: Ensure this value has at most 500 characters"),
        ({"taxes": [{"tax": "@gst"}, {"tax": "@gst"}]}, "Tax 2, Tax: GST stands twice."),
        ({"fees": [{"item": "LAB", "description": "", "percent": "1"}]}, "Fee 1, Description: This field is required."),
        ({"fees": [{"item": "NO", "description": "x", "percent": "1"}]}, "Fee 1, Item, for its account: There is no"),
        ({"fees": [{"item": "LAB", "description": "x", "percent": "-101"}]}, "Fee 1, Percent: -100 is the least."),
        ({"items": [{"item": "nothing"}]}, "Billable item 1, Item: There is no item “nothing”."),
        ({"items": [{"item": "LAB"}, {"item": "LAB"}]}, "Billable item 2, Item: LAB stands twice."),
        ({"items": [{"item": "", "unit_price": "5"}]}, "Billable item 1, Item: This field is required."),
        ({"items": [{"item": "LAB", "unit_price": "90"}]}, "Billable item 1, Hourly price: LAB is booked by the hour"),
        ({"items": [{"item": "LAB", "hourly_price": "90"}]}, "Billable item 1, Unit price: Give LAB the price"),
        ({"items": [{"item": "LAB", "budget_quantity": "-1"}]}, "Billable item 1, Budget quantity: 0 is the least."),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    admin: User, manager: User, client: Client, fields: dict[str, Any], error: str
) -> None:
    make_item(hourly_price=D(96))
    other = make_client(name="Other Ltd.")
    make_job(job_number="26-1", client=client)
    named = {"@foreign": ClientAddress.objects.create(client=other, label="Theirs").pk, "@gst": make_tax().pk}
    text: dict[str, Any] = {name: named.get(value, value) for name, value in fields.items() if isinstance(value, str)}
    rows = {
        name: [{key: named.get(cell, cell) for key, cell in row.items()} for row in value]
        for name, value in fields.items()
        if isinstance(value, list)
    }
    response = browser(admin).post("/jobs/new/", job_data(client, manager, **text, **rows))
    assert response.status_code == 422
    assert [html.unescape(each)[: len(error)] for each in errors(response)] == [error]
    assert Job.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_nobody_but_managers_and_administrators_may_be_given_a_job(admin: User, client: Client) -> None:
    technician = make_user(Role.TECHNICIAN)
    assert errors(browser(admin).post("/jobs/new/", job_data(client, technician)))[0].startswith("Project manager:")
    gone = make_user(Role.PROJECT_MANAGER, is_active=False)
    job = make_job(client=client, project_manager=gone)
    assert edit(admin, job, status="On hold").status_code == 302  # who has it already may keep it


def test_rows_far_too_many_are_refused(admin: User, manager: User, client: Client) -> None:
    data = job_data(client, manager) | {"items-TOTAL_FORMS": "99999"}
    assert browser(admin).post("/jobs/new/", data).status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize("work", ["record", "invoice"])
def test_the_billing_type_stays_once_there_is_work(admin: User, work: str) -> None:
    job = make_job()
    make_record(job=job) if work == "record" else make_invoice(job=job)
    response = edit(admin, job, billing_type="fixed_price")
    assert response.status_code == 422
    there = "1 DWR" if work == "record" else "1 invoice"
    expected = f"Billing type: It stays Time & Material, because the job has {there}."
    assert [html.unescape(each) for each in errors(response)] == [expected]
    job.refresh_from_db()
    assert (job.billing_type, job.version) == ("time_and_material", 1)
    assert edit(admin, job, status="On hold").status_code == 302


def test_the_client_stays_once_there_are_invoices(admin: User) -> None:
    job, other = make_job(), make_client()
    make_record(job=job)
    assert edit(admin, job, client=other.pk).status_code == 302
    job.refresh_from_db()
    make_invoice(job=job)
    response = edit(admin, job, client=make_client().pk)
    assert errors(response) == [f"Client: It stays {other}, because the job has 1 invoice."]
    job.refresh_from_db()
    assert (job.client, job.version) == (other, 2)


def test_without_work_both_may_change(admin: User) -> None:
    job, other = make_job(), make_client()
    assert edit(admin, job, client=other.pk, billing_type="overhead").status_code == 302
    job.refresh_from_db()
    assert (job.client, job.billing_type) == (other, "overhead")


def test_the_client_and_its_address_are_changed_in_one_save(admin: User) -> None:
    """The form offers the addresses of every client below its name, the job's own first."""
    job, other = make_job(client=make_client(name="Kestrel")), make_client(name="Alder")
    plant = ClientAddress.objects.create(client=job.client, label="Plant")
    yard = ClientAddress.objects.create(client=other, label="Yard")
    choice = re.search(r'<select name="billing_address".*?</select>', shown(admin, f"/jobs/{job.pk}/edit/"), re.DOTALL)
    assert choice is not None
    assert '<option value="" selected>The client' in choice[0]
    named = re.findall(r'<optgroup label="(.*?)">\s*<option value="([0-9]+)">(.*?)<', choice[0])
    assert named == [("Kestrel", str(plant.pk), "Plant"), ("Alder", str(yard.pk), "Yard")]
    changed = as_it_is(job, client=other.pk, billing_address=yard.pk)
    assert browser(admin).post(f"/jobs/{job.pk}/edit/", changed).status_code == 302
    job.refresh_from_db()
    assert (job.client, job.billing_address) == (other, yard)


def test_a_conflict_shows_both_values(admin: User, manager: User) -> None:
    job = make_job(po_number="1", taxes=[make_tax("GST")])
    mine = as_it_is(job, po_number="3")
    pst = make_tax("PST", "7")
    theirs = as_it_is(job, po_number="2") | {"taxes-TOTAL_FORMS": "2", "taxes-1-tax": str(pst.pk)}
    browser(make_user(name="M. Tran")).post(f"/jobs/{job.pk}/edit/", theirs)
    response = browser(admin).post(f"/jobs/{job.pk}/edit/", mine)
    page = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "it was changed by M. Tran at " in page
    cells = re.findall(r'<th scope="row">(.*?)</th><td class="text">(.*?)</td><td class="text">(.*?)</td>', page)
    assert cells == [("PO number", "2", "3"), ("Taxes", "GST; PST", "GST")]
    assert '<input type="hidden" name="version" value="2"' in page


def test_without_a_version_nothing_is_saved(admin: User) -> None:
    job = make_job()
    data = as_it_is(job, status="On hold")
    del data["version"]
    assert browser(admin).post(f"/jobs/{job.pk}/edit/", data).status_code == 422
    job.refresh_from_db()
    assert job.status == ""


def test_a_clone_is_a_form_without_number_and_dates(admin: User, manager: User, client: Client) -> None:
    item = make_item()
    job = make_job(client=client, project_manager=manager, order_date=TODAY, due_date=TODAY, status="On hold",
                   taxes=[make_tax("GST"), make_tax("PST", "7")], po_amount=D(100))  # fmt: skip
    JobFee.objects.create(job=job, item=item, description="Fuel surcharge", percent=D("3.5"), position=1)
    JobItem.objects.create(job=job, item=item, budget_quantity=D(40), position=1)
    page = shown(admin, f"/jobs/{job.pk}/clone/")
    fields = dict(re.findall(r'<input type="\w+" name="([\w-]+)" value="([^"]*)"', page))
    assert {name: fields.get(name) for name in ("job_number", "order_date", "due_date", "status", "po_amount")} == {
        "job_number": None,
        "order_date": None,
        "due_date": None,
        "status": "On hold",
        "po_amount": "100.00",
    }
    assert (fields["fees-0-description"], fields["items-0-budget_quantity"]) == ("Fuel surcharge", "40.00")
    assert 'action="/jobs/new/"' in page
    chosen = re.findall(r"<option value=\"\d+\" selected>(.*?)</option>", page)
    assert [each for each in chosen if "%" in each] == ["GST: GST, 5 %", "PST: PST, 7 %"]
    assert (Job.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_a_new_job_begins_with_the_client_it_was_asked_for(admin: User, client: Client) -> None:
    make_client(name="Zed")
    assert f'<option value="{client.pk}" selected>Kestrel</option>' in shown(admin, f"/jobs/new/?client={client.pk}")
    for odd in ("x", "99", "9" * 30, "²"):
        assert browser(admin).get("/jobs/new/", {"client": odd}).status_code == 200


def test_the_page_tells_what_waits_and_where(admin: User, manager: User) -> None:
    job = make_job(project_manager=manager)
    make_record(job=job)
    for _ in range(2):
        make_record(job=job, submitted_on=TODAY)
    make_record(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=manager)
    make_record(submitted_on=TODAY)
    make_expense(job=job, submitted_on=TODAY)
    make_invoice(job=job, amounts=["1000.00"])
    page = re.sub(r"<[^>]+>", "", shown(admin, f"/jobs/{job.pk}/"))
    for text in ("1 DWR not submitted", "2 DWRs to approve", "1 DWR to invoice", "1 expense to approve"):
        assert text in page
    assert "1,050.00" in page
    assert f"/invoices/?tab=all&job={job.pk}" in shown(admin, f"/jobs/{job.pk}/")


def test_budgets_show_what_is_recorded_and_what_is_left(admin: User) -> None:
    job, item = make_job(), make_item(unit_price=D(96))
    JobItem.objects.create(job=job, item=item, budget_quantity=D(20), position=1)
    make_record(job=job, hours="8")
    make_record(job=job, hours="4.5")
    make_record(hours="100")
    row = re.search(r"<tr><th scope=\"row\">LAB .*?</tr>", shown(admin, f"/jobs/{job.pk}/"))
    assert row
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row[0])]
    assert cells[0] == "96.00 / h"
    assert cells[3:] == ["20", "12.5", "7.5"]


def test_an_item_without_any_price_is_warned_of(admin: User) -> None:
    job = make_job()
    JobItem.objects.create(job=job, item=make_item(), position=1)
    assert "No price" in shown(admin, f"/jobs/{job.pk}/")


@pytest.mark.parametrize(
    ("billing_type", "role", "offered"),
    [
        ("time_and_material", Role.ADMINISTRATOR, True),
        ("fixed_price", Role.ADMINISTRATOR, True),
        ("overhead", Role.ADMINISTRATOR, False),
        ("non_chargeable", Role.ADMINISTRATOR, False),
        ("time_and_material", Role.PROJECT_MANAGER, False),
    ],
)
def test_an_invoice_is_offered_where_one_may_be_made(
    monkeypatch: pytest.MonkeyPatch, billing_type: str, role: Role, offered: bool
) -> None:
    """The page for it comes from the invoices app, so its address is put in place here."""
    monkeypatch.setattr("jobbook.jobs.pages.job_page.page_url", lambda name: f"/{name}/")
    user = make_user(role)
    manager = user if role == Role.PROJECT_MANAGER else make_user(Role.PROJECT_MANAGER)
    job = make_job(billing_type=billing_type, project_manager=manager)
    assert (f"/invoice_new/?job={job.pk}" in shown(user, f"/jobs/{job.pk}/")) == offered


def test_a_manager_reads_own_jobs_and_no_others(manager: User) -> None:
    mine, theirs = make_job(project_manager=manager), make_job()
    page = shown(manager, "/jobs/")
    assert mine.job_number in page
    assert theirs.job_number not in page
    page = shown(manager, f"/jobs/{mine.pk}/")
    for forbidden in ("Change job", "Clone job"):
        assert forbidden not in page
    assert browser(manager).get(f"/jobs/{theirs.pk}/").status_code == 404
    assert edit(manager, mine, status="x").status_code == 403


def test_the_list_filters(admin: User) -> None:
    made = make_job(billing_type="fixed_price", po_number="45001", client=make_client(name="Kestrel"))
    other, gone = make_job(), make_job(active=False)
    for query in ("billing_type=fixed_price", "q=45001", "q=kestrel", f"q={made.project_name.replace(' ', '+')}"):
        page = shown(admin, f"/jobs/?{query}")
        assert made.job_number in page
        assert other.job_number not in page
    assert gone.job_number not in shown(admin, "/jobs/")
    assert gone.job_number in shown(admin, "/jobs/?active=no")


def test_history_names_fields_and_both_values(admin: User) -> None:
    job = make_job(po_number="1")
    edit(admin, job, po_number="2", contract_amount="12.5")
    page = re.sub(r"<[^>]+>", "", shown(admin, f"/jobs/{job.pk}/"))
    assert "PO number: 1 → 2" in page
    assert "Contract amount: 12.50" in page
    assert AuditItem.objects.get().entry.actor_name == "K. Osei"
