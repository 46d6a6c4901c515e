"""Invoice Selected DWRs: the window lists an invoice for each job, its button makes exactly these."""

import re
from typing import Any

import pytest
from django.test import Client

from backlog import invoicing_views
from invoices.making import invoicing_intent
from invoices.models import Invoice, InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import Intent
from jobbook.jobs.models import DailyWorkRecord, Job
from tests.backlog.work import INVOICING_URL, htmx, numbers, selection, words
from tests.commands import assert_sound
from tests.factories import TODAY, make_company, make_expense, make_job, make_record, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(client: Client) -> User:
    make_company()
    user = make_user(name="M. Tran")
    client.force_login(user)
    return user


@pytest.fixture
def records(admin: User) -> list[DailyWorkRecord]:
    """Two DWRs of one job, one of another, which has a pending expense."""
    first, second = make_job(job_number="26-A", project_name="Pad 7"), make_job(job_number="26-B")
    make_expense(job=second, submitted_on=TODAY)
    return [approved(admin, first), approved(admin, first), approved(admin, second)]


def approved(admin: User, job: Job) -> DailyWorkRecord:
    return make_record(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=admin)


def window(client: Client, records: list[DailyWorkRecord]) -> str:
    response = client.post(f"{INVOICING_URL}make/", selection(records), headers=htmx(INVOICING_URL))
    assert response.status_code == 200, response.content
    return response.content.decode()


def confirm(client: Client, html: str) -> Any:
    found = re.search(r'name="intent" value="([0-9a-f-]+)"', html)
    assert found, html
    return client.post(f"{INVOICING_URL}make/confirm/", {"intent": found[1]}, headers=htmx(INVOICING_URL))


def test_the_plan_is_of_what_was_frozen_when_another_user_was_quicker_by_a_moment(
    client: Client, records: list[DailyWorkRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the selected DWRs is approved, and so joins the selection, between the freezing and the plan."""
    late = records[1]
    DailyWorkRecord.objects.filter(pk=late.pk).update(approved_on=None, approved_by=None)

    def then_the_other(**given: Any) -> Intent:
        intent = invoicing_intent(**given)
        DailyWorkRecord.objects.filter(pk=late.pk).update(approved_on=TODAY, approved_by=late.approved_by)
        return intent

    monkeypatch.setattr(invoicing_views, "invoicing_intent", then_the_other)
    html = window(client, records)
    assert "2 DWRs make 2 invoices" in words(html)
    assert re.search(r'26-A[^/]*</span></th><td class="num">1</td><td class="num">768.00</td>', html)


def test_the_window_lists_an_invoice_for_each_job(client: Client, records: list[DailyWorkRecord]) -> None:
    html = window(client, records)
    said = words(html)
    assert "3 DWRs make 2 invoices" in said
    assert "OK, make 2 invoices" in said
    assert "26-A Pad 7" in said
    assert re.search(r'26-A.*?<td class="num">2</td><td class="num">1,536.00</td>', html)
    assert re.search(r'26-B.*?<td class="num">1</td><td class="num">768.00</td><td class="num">1</td>', html)
    assert re.search(r'before fees and taxes</th><td class="num">3</td><td class="num">2,304.00</td>', html)
    assert "1 pending expense of these jobs" in said


def test_its_button_makes_them_and_the_line_opens_each(client: Client, records: list[DailyWorkRecord]) -> None:
    response = confirm(client, window(client, records))
    assert response["HX-Trigger-After-Settle"] == "grid:done"
    invoices = list(Invoice.objects.order_by("number"))
    assert [(each.job_number, each.subtotal) for each in invoices] == [("26-A", 1536), ("26-B", 768)]
    html = response.content.decode()
    assert "2 invoices made:" in html
    for invoice in invoices:
        assert f'href="/invoices/{invoice.pk}/">Open<span class="vh"> {invoice.number}</span></a>' in html
    assert numbers(response) == []
    assert InvoicedRecord.objects.count() == 3
    assert_sound()


def test_the_same_window_again_makes_nothing_new(client: Client, records: list[DailyWorkRecord]) -> None:
    html = window(client, records)
    confirm(client, html)
    again = words(confirm(client, html))
    assert "Already done. 2 invoices made:" in again
    assert Invoice.objects.count() == 2


def test_a_job_with_a_dwr_in_the_way_is_named_and_the_other_made(
    client: Client, records: list[DailyWorkRecord]
) -> None:
    html = window(client, records)
    DailyWorkRecord.objects.filter(pk=records[0].pk).update(approved_on=None, approved_by=None)
    said = words(confirm(client, html))
    assert "1 invoice made:" in said
    assert f"Not invoiced:DWR {records[0].dwr_number}: it is not approved any more" in said
    assert Invoice.objects.get().job_number == "26-B"


def test_when_none_can_be_made_the_window_says_why(client: Client, records: list[DailyWorkRecord]) -> None:
    html = window(client, records[2:])
    confirm(client, window(client, records[2:]))
    response = confirm(client, html)
    assert (response.status_code, response["HX-Retarget"]) == (409, "#window")
    assert f"it is on invoice {Invoice.objects.get()} already" in words(response)


def test_a_form_sent_without_htmx_leads_back(client: Client, records: list[DailyWorkRecord]) -> None:
    found = re.search(r'name="intent" value="([^"]+)"', window(client, records))
    assert found
    response = client.post(f"{INVOICING_URL}make/confirm/", {"intent": found[1]})
    assert (response.status_code, response["Location"]) == (302, INVOICING_URL)
    assert Invoice.objects.count() == 2


@pytest.mark.parametrize("address", ["make/", "make/confirm/"])
@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN])
def test_only_an_administrator(client: Client, role: str, address: str) -> None:
    client.force_login(make_user(role))
    assert client.post(f"{INVOICING_URL}{address}").status_code == 403


def test_nothing_selected_is_400(client: Client, admin: User) -> None:
    response = client.post(f"{INVOICING_URL}make/", selection([]), headers=htmx(INVOICING_URL))
    assert response.status_code == 400


def test_what_was_invoiced_meanwhile_is_named_and_left_out(client: Client, records: list[DailyWorkRecord]) -> None:
    confirm(client, window(client, records[:2]))
    said = words(window(client, records))
    assert "1 DWR makes 1 invoice" in said
    assert f"DWR {records[0].dwr_number} was invoiced by M. Tran" in said


def test_the_window_takes_the_same_queries_for_any_number_of_jobs(
    client: Client, admin: User, django_assert_max_num_queries: Any
) -> None:
    many = [approved(admin, make_job()) for _ in range(60)]
    with django_assert_max_num_queries(16):
        html = window(client, many)
    assert "60 DWRs make 60 invoices" in html
    assert "and 10 more" in html
