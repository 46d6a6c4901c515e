"""The invoice form: what is typed is what is saved; what is wrong is named, all at once; nothing else is saved."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType, Company, Job, JobFee, Section
from jobbook.jobs.transitions.progress import enter_progress
from tests.backlog.grids import logged_in, text
from tests.factories import (
    TODAY,
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

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    make_company(printed_terms="Payment within 30 days.")
    make_item("FIX", section=Section.FIXED_PRICE, name="Survey", unit_price=Decimal(100))
    return make_user()


@pytest.fixture
def job(admin: User) -> Job:
    return make_job(billing_type=BillingType.FIXED_PRICE, taxes=[make_tax(), make_tax("PST", "7")])


def line(index: int = 0, **changes: Any) -> dict[str, Any]:
    """What a row sends: 2 x 10.50, taxed."""
    values: dict[str, Any] = {"section": "fixed_price", "item": "FIX", "description": "Survey"}
    values |= {"quantity": "2", "price": "10.50", "taxes": ["GST", "PST"], **changes}
    return {f"line-{index}-{name}": value for name, value in values.items()}


def sent(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the whole form sends."""
    data: dict[str, Any] = {
        "act": "save",
        "invoice_date": "2026-11-20",
        "line_item_type": "detailed",
        "terms": "Net 30",
    }
    for row in rows or (line(),):
        data |= row
    return data | changes


def new(client: Client, job: Job, data: dict[str, Any]) -> Any:
    return client.post(f"/invoices/new/?job={job.pk}", data)


def problems(response: Any) -> list[str]:
    """What the summary on top names."""
    summary = re.search(r'<div class="summary".*?</div>', text(response), re.DOTALL)
    return [unescape(each) for each in re.findall(r"data-to-field>(.*?)</a>", summary[0])] if summary else []


def test_what_is_typed_is_saved(admin: User, job: Job) -> None:
    rows = (
        line(0, description="Legal survey\nLot 5", account="4020", date="2026-11-18", taxes=["GST"]),
        line(1, section="labour", item="", description="Overtime", quantity="1.2345", price="96.1234", unit="h"),
        line(2, section="unpriced", item="", description="Crane by client", quantity="", price="", taxes=[]),
        line(3, quantity="", price="12.34"),
    )
    response = new(logged_in(admin), job, sent(*rows, po_number="4500", memo="Hm", printed_terms="None"))
    invoice = Invoice.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/invoices/{invoice.pk}/"
    assert (invoice.po_number, invoice.memo, invoice.printed_terms) == ("4500", "Hm", "None")
    assert (invoice.invoice_date, invoice.due_date) == (TODAY, date(2026, 12, 20))
    assert (invoice.number, invoice.created_by, invoice.job) == ("INV-10001", admin, job)
    found = {each.description: each for each in invoice.lines.all()}
    assert list(found) == ["Overtime", "Legal survey\nLot 5", "Survey", "Crane by client"]
    overtime, survey, lump, note = found.values()
    assert (overtime.quantity, overtime.unit_price) == (Decimal("1.2345"), Decimal("96.1234"))
    assert overtime.amount == Decimal("118.66")
    assert (survey.account_code, survey.service_date, survey.taxes) == ("4020", date(2026, 11, 18), "GST")
    assert (lump.quantity, lump.unit_price, lump.amount) == (None, None, Decimal("12.34"))
    assert (note.section, note.amount, note.taxes) == ("unpriced", 0, "")
    assert invoice.subtotal == Decimal("118.66") + 21 + Decimal("12.34")


WRONG = [
    ("quantity", "1,5", "point for decimals"),
    ("quantity", "1e3", "point for decimals"),
    ("quantity", "+1", "point for decimals"),
    ("quantity", "٢", "point for decimals"),
    ("quantity", "1.23456", "At most 4 decimals"),
    ("quantity", "1234567890", "nine digits"),
    ("price", "nan", "point for decimals"),
    ("price", "0x10", "point for decimals"),
    ("price", "", "Enter a unit price"),
    ("item", "NOPE", "There is no item NOPE"),
    ("date", "20.11.2026", "Enter a date"),
    ("unit", "x" * 21, "At most 20 characters; it has 21"),
    ("account", "x" * 65, "At most 64 characters; it has 65"),
    ("description", "x" * 10_001, "At most 10,000 characters"),
]


@pytest.mark.parametrize(("name", "typed", "words"), WRONG)
def test_each_error_of_a_line_is_named(admin: User, job: Job, name: str, typed: str, words: str) -> None:
    response = new(logged_in(admin), job, sent(line(), line(1, **{name: typed})))
    assert response.status_code == 422
    found = problems(response)
    assert len(found) == 1
    assert found[0].startswith("Line 2, ")
    assert words in found[0]
    assert f'href="#line-1-{name}"' in text(response)
    assert f'id="line-1-{name}"' in text(response)
    assert not Invoice.objects.exists()


def test_all_errors_at_once_and_nothing_typed_is_lost(admin: User, job: Job) -> None:
    rows = (line(0, quantity="x"), line(1, price="1.005", quantity="", description="Keep me"), line(2, item="?"))
    response = new(logged_in(admin), job, sent(*rows, invoice_date="", due_date="soon", fixed_subtotal="1,000"))
    found = problems(response)
    assert [each.partition(":")[0] for each in found] == [
        "Date",
        "Due date",
        "Line 1, quantity",
        "Line 2, unit price",
        "Line 3, item",
        "Fixed-price subtotal",
    ]
    for kept in ("Keep me", 'value="1.005"', 'value="soon"', 'value="1,000"'):
        assert kept in text(response)


def test_dates_that_cannot_be(admin: User, job: Job) -> None:
    client = logged_in(admin)
    response = new(client, job, sent(due_date="2026-11-19"))
    assert problems(response) == ["Due date: The due date lies before the date of the invoice."]
    Company.objects.update(books_closed_through=date(2026, 11, 20))
    response = new(client, job, sent())
    assert problems(response) == ["Date: The books are closed through 20 Nov 2026."]
    invoice = make_invoice(job=job, invoice_date=date(2026, 11, 1))
    response = client.post(f"/invoices/{invoice.pk}/edit/", sent(version="1", invoice_date="2026-12-01"))
    assert problems(response) == ["Date: The books are closed through 20 Nov 2026."]


def test_the_fixed_price_subtotal_may_be_typed_over(admin: User, job: Job) -> None:
    client = logged_in(admin)
    new(client, job, sent(fixed_subtotal="25.00"))
    invoice = Invoice.objects.get()
    adjusting = invoice.lines.get(is_adjustment=True)
    assert (adjusting.amount, invoice.subtotal) == (Decimal("4.00"), Decimal("25.00"))
    assert adjusting.taxes == "GST;PST"
    page = text(client.get(f"/invoices/{invoice.pk}/edit/"))
    assert 'name="fixed_subtotal" id="id_fixed_subtotal" value="25.00"' in page
    assert page.count('aria-label="Line ') == 1  # the adjusting line is no row
    own = str(invoice.lines.get(is_adjustment=False).pk)
    data = sent(line(id=own, account="4010"), version="1", due_date="2026-12-20", fixed_subtotal="25")
    data["printed_terms"] = invoice.printed_terms
    client.post(f"/invoices/{invoice.pk}/edit/", data)
    assert Invoice.objects.get().version == 1  # nothing was changed, the adjusting line is the same one
    assert invoice.lines.get(is_adjustment=True).pk == adjusting.pk
    client.post(f"/invoices/{invoice.pk}/edit/", data | {"fixed_subtotal": ""})
    assert Invoice.objects.get().subtotal == Decimal("21.00")
    assert not InvoiceLine.objects.filter(is_adjustment=True).exists()


def test_the_contract_beside_the_form_is_that_of_today(admin: User, job: Job) -> None:
    Job.objects.update(contract_amount=Decimal(5000))

    def contract() -> str:
        return text(logged_in(admin).get(f"/invoices/new/?job={job.pk}")).partition("<dt>Contract</dt><dd>")[2][:9]

    assert contract() == "5,000.00<"
    today = timezone.localdate()
    enter_progress(job.pk, amount=Decimal(6000), on=today, by=admin)
    enter_progress(job.pk, amount=Decimal(7000), on=today - timedelta(days=9), by=admin)
    assert contract() == "6,000.00<"


def test_fees_of_the_job_stand_in_the_form(admin: User, job: Job) -> None:
    JobFee.objects.create(job=job, item=make_item(), description="Administration", percent=Decimal("7.5"), position=1)
    page = text(logged_in(admin).get(f"/invoices/new/?job={job.pk}"))
    assert 'id="line-0-percent" value="7.5"' in page
    fee = line(1, section="fee", item="LAB", description="Administration", quantity="", price="", percent="7.5")
    new(logged_in(admin), job, sent(line(), fee))
    stored = Invoice.objects.get().lines.get(section="fee")
    assert (stored.fee_percent, stored.amount) == (Decimal("7.5"), Decimal("1.58"))


def test_add_remove_and_recalculate_save_nothing(admin: User, job: Job) -> None:
    job.rate_sheet = make_rate_sheet({make_item(): ("88.5", None)})
    job.save()
    client = logged_in(admin)
    added = new(client, job, sent(act="add:labour", **{"add-labour": "lab"}))
    assert added.status_code == 200
    assert 'id="line-1-item" value="LAB"' in text(added)
    assert 'id="line-1-price" value="88.50"' in text(added)
    assert "data-dirty" in text(added)
    assert problems(added) == []
    removed = new(client, job, sent(line(), line(7), act="remove:0"))
    assert 'name="line-7-item"' in text(removed)
    assert 'name="line-0-item"' not in text(removed)
    assert "23.52" in text(new(client, job, sent(act="recalculate")))
    assert not Invoice.objects.exists()


def test_expenses_bill_nothing_until_added_as_line(admin: User, job: Job) -> None:
    approved = {"submitted_on": TODAY, "approved_on": TODAY, "approved_by": admin}
    ticked = make_expense(job=job, amount=Decimal("42.50"), item="Meals", **approved)
    make_expense(job=job, submitted_on=TODAY)
    client = logged_in(admin)
    page = text(client.get(f"/invoices/new/?job={job.pk}"))
    assert page.count('name="expenses"') == 2
    assert "not approved yet" in page
    added = text(new(client, job, sent(act=f"expense:{ticked.pk}")))
    assert 'id="line-1-price" value="42.50"' in added
    assert "Meals" in added
    new(client, job, sent(expenses=[ticked.pk]))
    invoice = Invoice.objects.get()
    assert invoice.subtotal == Decimal("21.00")
    assert [each.expense for each in invoice.invoiced_expenses.all()] == [ticked]


def test_approved_dwrs_of_the_job_may_go_on_it(admin: User) -> None:
    job = make_job()
    record = make_record(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=admin)
    other = make_record(submitted_on=TODAY, approved_on=TODAY, approved_by=admin)
    client = logged_in(admin)
    page = text(client.get(f"/invoices/new/?job={job.pk}"))
    assert f"DWR {record.dwr_number}" in page
    assert other.dwr_number not in page
    drawn = text(new(client, job, sent(act="records", add_records=[record.pk, other.pk])))
    assert 'id="line-1-quantity" value="8"' in drawn
    assert f'name="records" value="{record.pk}:1"' in drawn
    source = record.lines.get().pk
    row = line(1, section="labour", item="LAB", description="Crew", quantity="7", price="96", sources=str(source))
    response = new(client, job, sent(line(), row, records=[f"{record.pk}:1"]))
    assert response.status_code == 302, problems(response)
    invoice = Invoice.objects.get()
    assert [each.record for each in invoice.invoiced_records.all()] == [record]
    page = text(client.get(f"/invoices/{invoice.pk}/edit/"))
    assert "Changed on the invoice" in page
    assert f"DWR {record.dwr_number}: 8, 768.00" in page
    assert f"DWR {record.dwr_number}: 8, 768.00" in text(client.get(f"/invoices/{invoice.pk}/"))


def test_what_is_never_invoiced_and_what_is_too_late(admin: User) -> None:
    client = logged_in(admin)
    overhead = make_job(billing_type=BillingType.OVERHEAD)
    assert overhead.job_number not in text(client.get("/invoices/new/"))
    response = client.get(f"/invoices/new/?job={overhead.pk}")
    assert response.status_code == 409
    assert "never invoiced" in text(response)
    assert client.get("/invoices/new/?job=999999999").status_code == 404
    assert client.get("/invoices/new/?job=x").status_code == 404


def test_a_form_sent_twice_makes_one_invoice(admin: User, job: Job) -> None:
    client = logged_in(admin)
    page = text(client.get(f"/invoices/new/?job={job.pk}"))
    key = re.search(r'name="form_key" value="([0-9a-f-]{36})"', page)
    assert key
    data = sent(form_key=key[1])
    first, second = (client.post(f"/invoices/new/?job={job.pk}", data, follow=True) for _ in range(2))
    assert "is saved." in text(first)
    assert f"This form was saved already, as {Invoice.objects.get().number}." in text(second)
    wrong = new(client, job, {**data, "invoice_date": ""})
    assert f'name="form_key" value="{key[1]}"' in text(wrong)


def test_a_line_of_another_invoice_is_not_taken(admin: User, job: Job) -> None:
    other, invoice = make_invoice(), make_invoice(job=job)
    foreign = other.lines.get()
    data = sent(line(id=str(foreign.pk)), version="1")
    assert logged_in(admin).post(f"/invoices/{invoice.pk}/edit/", data).status_code == 302
    assert InvoiceLine.objects.get(pk=foreign.pk).invoice == other
    assert invoice.lines.get().description == "Survey"


def test_somebody_elses_change_is_shown_beside_ones_own(admin: User, job: Job) -> None:
    invoice = make_invoice(job=job, signed=False)
    own = str(invoice.lines.get().pk)
    address = f"/invoices/{invoice.pk}/edit/"
    other = make_user(Role.ADMINISTRATOR, name="K. Osei")
    assert logged_in(other).post(address, sent(line(id=own, price="20"), version="1")).status_code == 302
    mine = sent(line(id=own, price="30", description="Mine"), version="1", po_number="77")
    client = logged_in(admin)
    response = client.post(address, mine)
    page = text(response)
    assert response.status_code == 409
    assert "by K. Osei at" in page
    assert "Mine: 2  × 30.00 = 60.00" in page
    assert "Survey: 2  × 20.00 = 40.00" in page
    assert 'id="line-0-price" value="30"' in page
    assert Invoice.objects.get().subtotal == Decimal("40.00")
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert client.post(address, {**mine, "version": version[1]}).status_code == 302
    saved = Invoice.objects.get()
    assert (saved.subtotal, saved.po_number) == (Decimal("60.00"), "77")


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN])
def test_only_administrators_see_the_form(role: str, job: Job) -> None:
    client = logged_in(make_user(role))
    assert client.get(f"/invoices/new/?job={job.pk}").status_code == 403
    assert new(client, job, sent()).status_code == 403
    assert client.post(f"/invoices/new/totals/?job={job.pk}", sent()).status_code == 403


def test_a_date_whose_due_date_the_calendar_does_not_have_is_an_error_of_its_field(admin: User, job: Job) -> None:
    job.client.terms_days = 30
    job.client.save(update_fields=["terms_days"])
    answer = new(logged_in(admin), job, sent(line(), invoice_date="9999-12-31", due_date=""))
    assert answer.status_code == 422
    assert "The calendar ends before the due date." in answer.content.decode()
    assert not Invoice.objects.exists()
