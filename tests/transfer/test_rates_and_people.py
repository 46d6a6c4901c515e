"""Employees, rate sheets, contacts, addresses, billable items and fees of an import."""

import json
from decimal import Decimal

import pytest

from jobbook.common.models import AuditItem
from jobbook.jobs.models import Client, Employee, Job, JobItem, RateSheet
from jobbook.jobs.prices import Price, prices_of
from tests.commands import assert_sound
from tests.transfer.folders import RATES, SMALL, import_texts, problems_of, replaced

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm() -> Job:
    assert not import_texts(SMALL).problems
    assert not import_texts(RATES).problems
    return Job.objects.select_related("client").get(job_number="26-1")


def test_everything_is_there(firm: Job) -> None:
    employee = Employee.objects.select_related("user", "item").get(name="J. Lavoie")
    assert employee.user is not None
    assert (employee.user.email, str(employee.item), employee.employee_number) == ("tech@example.com", "LAB", "17")
    assert [str(contact) for contact in firm.client.contacts.all()] == ["A. Zed", "B. Ames"]
    assert firm.billing_address is not None
    assert (firm.billing_address.city, firm.location) == ("Hinton", "LSD 4-12-53-18")
    items = firm.billable_items.values_list("item__code", "position", "unit_price", "budget_quantity")
    assert list(items) == [("TRUCK", 1, Decimal(175), Decimal(40)), ("LAB", 2, None, Decimal("120.5"))]
    assert [(fee.description, fee.percent, fee.position) for fee in firm.fees.all()] == [
        ("Environmental fee", Decimal("2.5"), 1)
    ]
    assert_sound()


def test_the_nearest_price_wins(firm: Job) -> None:
    items = {item.code: item for item in (row.item for row in firm.billable_items.select_related("item"))}
    prices = prices_of(firm, items.values())
    assert prices[items["TRUCK"].pk] == Price(Decimal(175), None)  # of the job
    assert prices[items["LAB"].pk] == Price(Decimal(99), None)  # of the job's rate sheet, not of the client's


def test_a_second_import_changes_nothing(firm: Job) -> None:
    versions = (firm.version, RateSheet.objects.get(name="Kestrel 2026").version)
    result = import_texts(RATES)
    assert {name: (count.made, count.updated) for name, count in result.counts.items()} == dict.fromkeys(RATES, (0, 0))
    firm.refresh_from_db()
    assert (firm.version, RateSheet.objects.get(name="Kestrel 2026").version) == versions


def test_a_changed_line_is_a_change_of_what_it_belongs_to(firm: Job) -> None:
    dearer = {"rate_lines.csv": replaced(RATES["rate_lines.csv"], "LAB,99,", "LAB,101.25,")}
    assert import_texts(dearer).counts["rate_lines.csv"].updated == 1
    sheet = RateSheet.objects.get(name="Standard 2026")
    assert sheet.lines.get().unit_price == Decimal("101.25")
    item = AuditItem.objects.filter(object_type="rate_sheet", object_id=sheet.pk).latest("entry_id")
    assert (item.version_before, item.version_after, sheet.version) == (1, 2, 2)
    assert json.loads(item.after) == {"lines": {"LAB": {"unit_price": "101.25"}}}


def test_a_new_billable_item_stands_last(firm: Job) -> None:
    import_texts({"job_items.csv": "job_number,item_code\n26-1,FREE\n26-3,LAB\n"})
    places = JobItem.objects.order_by("job", "position").values_list("job__job_number", "item__code", "position")
    assert list(places) == [("26-1", "TRUCK", 1), ("26-1", "LAB", 2), ("26-1", "FREE", 3), ("26-3", "LAB", 1)]


WRONG = {
    "employee's user": (
        "employees.csv",
        "tech@example.com",
        "nobody@example.com",
        'employees.csv:2: email: there is no user "nobody@example.com"',
    ),
    "sheet of a line": (
        "rate_lines.csv",
        "Standard 2026,LAB",
        "Standard 2027,LAB",
        'rate_lines.csv:4: rate_sheet: there is no rate_sheet "Standard 2027"',
    ),
    "line twice": (
        "rate_lines.csv",
        "Kestrel 2026,TRUCK",
        "Kestrel 2026,LAB",
        'rate_lines.csv:3: item_code: "Kestrel 2026" "LAB" stands in line 2 already',
    ),
    "client of a contact": (
        "client_contacts.csv",
        "C-1,A. Zed",
        "C-7,A. Zed",
        'client_contacts.csv:3: client_number: there is no client "C-7"',
    ),
    "another client's address": (
        "jobs.csv",
        "Field office",
        "Head office",
        'jobs.csv:2: billing_address: client "C-1" has no address "Head office"',
    ),
    "price with five decimals": (
        "job_items.csv",
        "TRUCK,175",
        "TRUCK,175.00001",
        'job_items.csv:2: unit_price: "175.00001" is not a number (digits, a point, at most 4 decimals)',
    ),
    "fee without its item": (
        "job_fees.csv",
        "FREE",
        "FEE",
        'job_fees.csv:2: item_code: there is no item "FEE"',
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_and_nothing_is_written(case: str) -> None:
    import_texts(SMALL)
    file, old, new, problem = WRONG[case]
    assert problems_of({**RATES, file: replaced(RATES[file], old, new)}) == [problem]
    assert not Employee.objects.exists()
    assert not Client.objects.filter(rate_sheet__isnull=False).exists()


def test_who_approved_a_ticket_needs_the_day() -> None:
    head, first, *_ = SMALL["invoices.csv"].splitlines()
    row = f"{head},client_approved_by\n{first},B. Ames\n"
    wrong = problems_of({**SMALL, "invoices.csv": row})
    assert "invoices.csv:2: client_approved_on: is empty, but somebody approved it" in wrong
