"""An invoice form left open: what somebody else did meanwhile to its DWRs and expenses is seen when it is saved."""

import re
import uuid
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from invoices.making import make_invoice as make_by_hand
from invoices.models import Invoice, LineSource
from jobbook.accounts.models import User
from jobbook.jobs.models import DailyWorkRecord, Expense, Item, Job, LineItemType
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.records import EnteredRecord, correct_record, delete_record, reopen_record
from jobbook.jobs.work_lines import EnteredLine
from tests.approvals import approve_all
from tests.backlog.grids import logged_in, text
from tests.commands import assert_sound
from tests.factories import make_company, make_invoice, make_job, make_user
from tests.invoicing import approved, approved_expense, invoice_all, lump

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="M. Tran")


@pytest.fixture
def other(admin: User) -> User:
    """Who was quicker."""
    return make_user(name="K. Osei")


@pytest.fixture
def job(admin: User) -> Job:
    return make_job()


@pytest.fixture
def record(job: Job, admin: User) -> DailyWorkRecord:
    return approved(job, admin)


@pytest.fixture
def client(admin: User) -> Client:
    return logged_in(admin)


@pytest.fixture(params=["new", "edit"])
def address(request: Any, job: Job) -> str:
    if request.param == "new":
        return f"/invoices/new/?job={job.pk}"
    return f"/invoices/{make_invoice(job=job, signed=False).pk}/edit/"


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser sends of the form in the page, without its buttons."""
    found: dict[str, list[str]] = {}
    form = page.partition('<form id="invoice-form"')[2].partition("</form>")[0]
    for tag in re.findall(r"<input[^>]*>", form):
        named = re.search(r' name="([^"]+)"', tag)
        if named and " disabled" not in tag and ('type="checkbox"' not in tag or " checked" in tag):
            value = re.search(r' value="([^"]*)"', tag)
            found.setdefault(named[1], []).append(unescape(value[1]) if value else "")
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = [unescape(value)]
    chosen = re.search(r'<option value="(\w+)" selected', form)
    return found | {"line_item_type": [chosen[1] if chosen else "detailed"]}


def press(client: Client, address: str, page: str, act: str, **typed: Any) -> Any:
    return client.post(address, {**fields_of(page), "act": act, **typed})


def opened(client: Client, address: str, *records: DailyWorkRecord) -> str:
    """The page with the lines of these DWRs."""
    page = text(client.get(address))
    return text(press(client, address, page, "records", add_records=[each.pk for each in records]))


def summary(response: Any) -> str:
    found = re.search(r'<div class="summary".*?</div>', text(response), re.DOTALL)
    return unescape(found[0]) if found else ""


def now(record: DailyWorkRecord) -> DailyWorkRecord:
    return DailyWorkRecord.objects.get(pk=record.pk)


def reopen(record: DailyWorkRecord, by: User) -> None:
    reopen_record(record.pk, version=now(record).version, by=by)


def correct(record: DailyWorkRecord, by: User, *hours: str) -> None:
    """Reopened, corrected and approved again, with a line for each of these hours."""
    Item.objects.update(unit_price=Decimal(96))
    item = record.lines.all()[0].item
    reopen(record, by)
    lines = tuple(EnteredLine("labour", item, "J. Lavoie", hours=Decimal(each)) for each in hours)
    entered = EnteredRecord(job=record.job, date=record.date, lines=lines)
    correct_record(record.pk, entered, key=uuid.uuid4(), version=now(record).version, by=by)
    approve_all(RECORDS, by, [now(record)])


def test_a_dwr_invoiced_meanwhile_is_not_billed_twice(
    client: Client, other: User, record: DailyWorkRecord, address: str
) -> None:
    page = opened(client, address, record)
    (theirs,) = invoice_all(other, [record]).invoices
    refused = press(client, address, page, "save", po_number="PO 77")
    assert refused.status_code == 409
    assert f"DWR {record.dwr_number}: it is on invoice {theirs.number} already" in summary(refused)
    assert 'value="PO 77"' in text(refused)
    assert press(client, address, text(refused), "save").status_code == 409  # also when it is pressed again
    out = press(client, address, text(refused), f"anew:{record.pk}")
    assert "sources" not in text(out)
    assert f"DWR {record.dwr_number}" not in text(out)
    assert press(client, address, text(out), "save").status_code == 302
    assert LineSource.objects.get().invoice == theirs
    assert_sound()


def test_a_dwr_reopened_or_deleted_meanwhile(
    client: Client, other: User, record: DailyWorkRecord, address: str
) -> None:
    page = opened(client, address, record)
    reopen(record, other)
    refused = press(client, address, page, "save")
    assert f"DWR {record.dwr_number}: it is not approved any more" in summary(refused)
    DailyWorkRecord.objects.update(submitted_on=None)
    delete_record(record.pk, version=now(record).version, by=record.created_by)
    refused = press(client, address, page, "save")
    assert "a DWR is not there any more" in summary(refused)
    assert "Take its lines out" in text(refused)
    out = press(client, address, text(refused), f"anew:{record.pk}")
    assert press(client, address, text(out), "save").status_code == 302
    assert not LineSource.objects.exists()


def test_a_dwr_only_ticked_is_not_dropped_either(
    client: Client, other: User, record: DailyWorkRecord, address: str
) -> None:
    page = text(client.get(address))
    (theirs,) = invoice_all(other, [record]).invoices
    refused = press(client, address, page, "save", add_records=[record.pk])
    assert f"it is on invoice {theirs.number} already" in summary(refused)
    added = press(client, address, page, "records", add_records=[record.pk])
    assert f"it is on invoice {theirs.number} already" in text(added)


def test_a_dwr_corrected_meanwhile_is_billed_as_it_is_now(
    client: Client, other: User, record: DailyWorkRecord, address: str
) -> None:
    page = opened(client, address, record)
    correct(record, other, "2", "5")
    refused = press(client, address, page, "save")
    assert refused.status_code == 409
    assert f"DWR {record.dwr_number}: it was changed since its lines were added" in summary(refused)
    assert re.search(r'-quantity" value="8"', text(refused))
    assert press(client, address, text(refused), "save").status_code == 409
    anew = press(client, address, text(refused), f"anew:{record.pk}")
    assert not re.search(r'-quantity" value="8"', text(anew))
    assert press(client, address, text(anew), "save").status_code == 302
    billed = dict(LineSource.objects.values_list("work_line__hours", "line__quantity"))
    assert billed == {Decimal(2): Decimal(2), Decimal(5): Decimal(5)}
    assert_sound()


def test_a_dwr_that_came_onto_this_very_invoice_is_not_taken_out_of_it(
    client: Client, job: Job, record: DailyWorkRecord
) -> None:
    address = f"/invoices/{make_invoice(job=job, signed=False).pk}/edit/"
    page = opened(client, address, record)
    assert press(client, address, page, "save").status_code == 302
    theirs = press(client, address, page, "save", memo="Mine")
    assert "Save writes yours over theirs" in text(theirs)
    refused = press(client, address, text(theirs), "save")
    assert f"DWR {record.dwr_number}: it is on invoice" in summary(refused)
    assert f'href="{address}">Drop mine and start from' in text(refused)
    assert "Take its lines out" not in text(refused)
    assert LineSource.objects.get().line is not None


def test_lines_that_a_dwr_lost_are_taken_out_with_it(
    client: Client, other: User, record: DailyWorkRecord, address: str
) -> None:
    correct(record, other, "3", "4")
    page = opened(client, address, now(record))
    correct(record, other, "1")
    refused = press(client, address, page, "save")
    out = text(press(client, address, text(refused), f"anew:{record.pk}"))
    assert [value for name, (value, *_) in fields_of(out).items() if name.endswith("-quantity")][-1] == "1"
    assert out.count('-sources" value') == 1


def test_dwrs_rolled_up_with_a_changed_one_are_drawn_up_again_too(
    client: Client, admin: User, other: User, job: Job
) -> None:
    Job.objects.update(line_item_type=LineItemType.SUMMARIZED)
    first, second = approved(job, admin, hours="8"), approved(job, admin, hours="4")
    second.lines.update(item=first.lines.get().item)
    address = f"/invoices/new/?job={job.pk}"
    page = opened(client, address, first, second)
    assert re.search(r'-quantity" value="12"', page)
    invoice_all(other, [first])
    refused = press(client, address, page, "save")
    anew = press(client, address, text(refused), f"anew:{first.pk}")
    assert press(client, address, text(anew), "save").status_code == 302
    mine = Invoice.objects.latest("pk")
    assert [line.quantity for line in mine.lines.all()] == [Decimal(4)]
    assert [each.record for each in mine.invoiced_records.all()] == [second]
    assert_sound()


def test_an_expense_accounted_for_meanwhile_is_named(
    client: Client, admin: User, other: User, job: Job, address: str
) -> None:
    expense = approved_expense(job, admin)
    page = text(client.get(address))
    theirs = make_by_hand(job.pk, values={}, lines=[lump("10.00")], expenses=[expense.pk], by=other)
    typed = {"line-90-section": "equipment", "line-90-description": "Hotel", "line-90-price": "42.50"}
    refused = press(client, address, page, "save", expenses=[expense.pk], **typed)
    assert refused.status_code == 409
    assert f"invoice {theirs.number} accounts for it already" in summary(refused)
    assert "Hotel" in text(refused)
    left = text(refused)
    assert fields_of(left)["expenses"] == [str(expense.pk)]  # ticked, with the reason, to be unticked
    assert press(client, address, left, "save", expenses=[]).status_code == 302


def test_an_expense_that_lost_its_approval_can_be_unticked(client: Client, admin: User, job: Job, address: str) -> None:
    expense = approved_expense(job, admin)
    page = text(client.get(address))
    Expense.objects.update(approved_on=None, approved_by=None)
    refused = press(client, address, page, "save", expenses=[expense.pk])
    assert "only an approved expense can be ticked" in summary(refused)
    assert fields_of(text(refused))["expenses"] == [str(expense.pk)]
    Expense.objects.all().delete()
    refused = press(client, address, text(refused), "save")
    assert "an expense is not there any more" in summary(refused)
    assert press(client, address, text(refused), "save", expenses=[]).status_code == 302


def test_what_was_never_there_is_refused_in_words(client: Client, address: str) -> None:
    page = text(client.get(address))
    typed: dict[str, Any] = {"records": ["999999:1", "x", "7:y:z", "9" * 30], "expenses": ["999999", "-1"]}
    refused = press(client, address, page, "save", **typed)
    assert refused.status_code == 409
    assert "a DWR is not there any more" in summary(refused)
    for pk in (7, 999999):
        refused = press(client, address, text(refused), f"anew:{pk}")
    assert press(client, address, text(refused), "save", expenses=[]).status_code == 302
