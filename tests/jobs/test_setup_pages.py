"""Offices, employees, items, taxes: the pattern, the rules of each, what the history says."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobbook.accounts.models import User
from jobbook.common.models import AuditEntry
from jobbook.common.records import change_record
from jobbook.jobs.models import Employee, Item, Office, Tax
from tests.commands import assert_sound
from tests.factories import make_employee, make_invoice, make_item, make_job, make_tax, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="Mai Tran")


@pytest.fixture
def asking(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def edit(asking: Client, record: Any, **data: Any) -> Any:
    slug = type(record).__name__.lower()
    data.setdefault("version", record.version)
    return asking.post(reverse(f"{slug}_edit", args=[record.pk]), data)


def test_a_new_office_is_saved_audited_and_told(asking: Client) -> None:
    response = asking.post(reverse("office_new"), {"name": "  Hinton ", "city": "Hinton"}, follow=True)
    office = Office.objects.get()
    assert (office.name, office.city, office.active, office.version) == ("Hinton", "Hinton", True, 1)
    assert "Office Hinton is saved." in text(response)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, len(entry.request_id)) == ("office.create", "Mai Tran", 32)
    page = text(asking.get(reverse("office_edit", args=[office.pk])))
    assert "<b>Made</b>" in page
    assert "Name: Hinton" in page
    assert_sound()


def test_a_tick_takes_out_of_use_and_the_history_tells(asking: Client) -> None:
    office = Office.objects.create(name="Hinton")
    edit(asking, office, name="Hinton")
    office.refresh_from_db()
    assert (office.active, office.version) == (False, 2)
    assert "Inactive" in text(asking.get(reverse("office_list")))
    assert "Active: yes → no" in text(asking.get(reverse("office_edit", args=[office.pk])))
    edit(asking, office, name="Hinton", active="on")
    office.refresh_from_db()
    assert office.active


def test_nothing_changed_writes_nothing(asking: Client) -> None:
    office = Office.objects.create(name="Hinton")
    assert edit(asking, office, name="Hinton", active="on").status_code == 302
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("slug", "data", "words"),
    [
        ("office", {"name": ""}, "Name: This field is required."),
        ("office", {"name": "Edson"}, "Name: Another office has this name."),
        ("office", {"name": "x" * 101}, "Name: Ensure this value has at most 100 characters"),
        ("office", {"name": "a\tb"}, "Name: It has a character that cannot be printed."),
        ("office", {"name": "a\x00b"}, "Name: Null characters are not allowed."),
        ("employee", {"name": "J. Lavoie"}, "Name: Another employee has this name."),
        ("employee", {"name": "N", "user": "999999"}, "Log-in: Select a valid choice."),
        ("employee", {"name": "N", "item": "999999"}, "Usual item: Select a valid choice."),
        ("item", {"code": "LAB", "name": "L", "section": "labour"}, "Code: Another item has this code."),
        ("item", {"code": "L", "name": "L", "section": "fee"}, "Section: Select a valid choice."),
        ("item", {"unit_price": "-1"}, "Unit price: It must not be negative."),
        ("item", {"unit_price": "1.00001"}, "Unit price: At most 4 decimals."),
        ("item", {"hourly_price": "1e12"}, "Hourly price: At most 100000000000."),
        ("item", {"hourly_price": "12,50"}, "Hourly price: Digits and a point"),
        ("item", {"unit_price": "NaN"}, "Unit price: Digits and a point"),
        ("tax", {"code": "A;B", "name": "T", "rate": "5"}, "Code: A tax code has no semicolon."),
        ("tax", {"code": "T", "name": "T"}, "Rate in percent: This field is required."),
        ("tax", {"code": "T", "name": "T", "rate": "-5"}, "Rate in percent: It must not be negative."),
    ],
)
def test_each_wrong_field_is_named(asking: Client, slug: str, data: dict[str, str], words: str) -> None:
    make_job()  # with the office Edson
    make_employee()
    make_item()
    before = AuditEntry.objects.count()
    response = asking.post(reverse(f"{slug}_new"), data)
    assert response.status_code == 422
    assert words in text(response).replace("&#x27;", "'")
    assert AuditEntry.objects.count() == before


def test_a_labour_item_needs_no_hourly_price(asking: Client) -> None:
    data = {"code": "LAB", "name": "Labour", "section": "labour", "unit": "h", "unit_price": "96"}
    assert asking.post(reverse("item_new"), data).status_code == 302
    item = Item.objects.get()
    assert (str(item.unit_price), item.hourly_price, item.tax_exempt) == ("96.0000", None, False)
    assert ">96.00<" in text(asking.get(reverse("item_list")))


def test_an_employee_is_linked_to_a_user_once(asking: Client) -> None:
    linked, free = make_user(name="T. Linked"), make_user(name="T. Free")
    employee = make_employee("T. Linked", user=linked)
    page = text(asking.get(reverse("employee_new")))
    assert "T. Free, " in page
    assert "T. Linked, " not in page
    assert "T. Linked, " in text(asking.get(reverse("employee_edit", args=[employee.pk])))
    item = make_item()
    data = {"name": "T. Free", "employee_number": "7", "user": free.pk, "item": item.pk}
    assert asking.post(reverse("employee_new"), data).status_code == 302
    made = Employee.objects.get(name="T. Free")
    assert (made.user, made.item, made.employee_number) == (free, item, "7")


def test_what_is_not_active_is_offered_no_more_but_kept(asking: Client) -> None:
    item = make_item("OLD", active=False)
    employee = make_employee("J. Lavoie", item=item)
    assert "OLD" not in text(asking.get(reverse("employee_new")))
    assert edit(asking, employee, name="J. Lavoie", item=item.pk, active="on").status_code == 302
    assert Employee.objects.get().item == item


def test_another_change_meanwhile_shows_both_values_and_a_way_on(asking: Client) -> None:
    other = make_user(name="K. Osei")
    office = Office.objects.create(name="Edson", city="Edson")
    seen = office.version
    change_record(Office, office.pk, {"city": "Hinton"}, noun="office", version=1, by=other)
    response = edit(asking, office, name="Edson", city="Jasper", active="on", version=seen)
    page = text(response)
    assert response.status_code == 409
    assert "it was changed by K. Osei at " in page
    assert '<td class="text">Hinton</td><td class="text">Jasper</td>' in page
    assert Office.objects.get().city == "Hinton"
    assert 'name="version" value="2"' in page
    assert edit(asking, office, name="Edson", city="Jasper", active="on", version=2).status_code == 302
    assert Office.objects.get().city == "Jasper"
    assert_sound()


def test_the_same_change_by_another_is_said(asking: Client, admin: User) -> None:
    office = Office.objects.create(name="Edson")
    change_record(Office, office.pk, {"city": "Hinton"}, noun="office", version=1, by=admin)
    response = edit(asking, office, name="Edson", city="Hinton", active="on", version=1)
    assert response.status_code == 409
    assert "What is stored now is what you entered." in text(response)


def test_the_rate_of_a_used_tax_stays(asking: Client) -> None:
    tax = make_tax("GST", "5")
    edit(asking, tax, code="GST", name="GST", rate="6", active="on")
    tax.refresh_from_db()
    assert str(tax.rate) == "6.0000"  # nobody used it
    make_job(taxes=[tax])
    response = edit(asking, tax, code="GST", name="GST", rate="7", active="on")
    assert response.status_code == 422
    assert "GST is in use with 6.00 %. Make a new code for the new rate." in text(response)
    assert edit(asking, tax, code="GST", name="Goods and services tax", rate="6", active="on").status_code == 302
    assert Tax.objects.values_list("rate", flat=True).get() == 6


def test_a_tax_on_an_invoice_alone_is_used_too(asking: Client) -> None:
    tax = make_tax("GST", "5")
    invoice = make_invoice(job=make_job(taxes=[tax]))
    invoice.job.job_taxes.all().delete()
    response = edit(asking, tax, code="GST", name="GST", rate="7", active="on")
    assert "GST is in use" in text(response)
    assert edit(asking, tax, code="HST", name="GST", rate="5", active="on").status_code == 422


def test_a_used_item_keeps_its_code(asking: Client) -> None:
    item, free = make_item("LAB"), make_item("FREE")
    make_invoice()
    data = {"name": "Labour", "section": "labour", "active": "on"}
    response = edit(asking, item, code="LABOUR", **data)
    assert response.status_code == 422
    assert "LAB is in use and keeps its code." in text(response)
    assert edit(asking, free, code="LIBRE", **data).status_code == 302


def test_a_long_list_has_pages_and_a_search(asking: Client) -> None:
    for number in range(60):
        Office.objects.create(name=f"Yard {number:02}", city="Edson", active=number != 7)
    first, second = text(asking.get("/setup/offices/")), text(asking.get("/setup/offices/?page=2"))
    assert "Yard 00" in first
    assert "Yard 07" not in first
    assert second.index("Yard 59") < second.index("Yard 07")  # those in use first
    found = text(asking.get("/setup/offices/?q=yard+07"))
    assert "Yard 07" in found
    assert "Yard 08" not in found
    assert "Nothing matches." in text(asking.get("/setup/offices/?q=%00%27%22;--"))
    assert 'role="search"' not in text(asking.get("/setup/taxes/"))


def test_a_list_costs_the_same_for_many_rows(asking: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        make_employee(f"E {number}", item=make_item(f"I{number}"), user=make_user())
    asking.get("/setup/employees/")
    with django_assert_max_num_queries(8):
        asking.get("/setup/employees/")


def test_the_index_links_what_exists(asking: Client) -> None:
    page = text(asking.get("/setup/"))
    for name in ("company", "office_list", "user_list", "employee_list", "item_list", "tax_list", "import_page"):
        assert f'href="{reverse(name)}"' in page
    assert 'href="/setup/"' in text(asking.get("/"))
