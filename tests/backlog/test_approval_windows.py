"""The windows of the approval backlogs: what they show is what their button does."""

import re
from typing import Any

import pytest
from django.test import Client

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import ApprovalBatch, Job
from jobbook.jobs.transitions.approvable import RECORDS, Approvable
from tests.approvals import BOTH, approve_all, edit, make_work, states
from tests.backlog.work import EXPENSES_URL, RECORDS_URL, cells, confirm, htmx, window, words
from tests.commands import assert_sound
from tests.factories import make_company, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=BOTH, ids=lambda what: what.kind.value)
def what(request: pytest.FixtureRequest) -> Approvable:
    found: Approvable = request.param
    return found


@pytest.fixture
def url(what: Approvable) -> str:
    return RECORDS_URL if what is RECORDS else EXPENSES_URL


@pytest.fixture
def osei(client: Client) -> User:
    user = make_user(Role.PROJECT_MANAGER, name="K. Osei")
    client.force_login(user)
    return user


@pytest.fixture
def job(osei: User) -> Job:
    return make_job(project_manager=osei)


def undo_window(client: Client, url: str, batch: object) -> Any:
    return client.post(f"{url}undo/", {"batch": str(batch)}, headers=htmx(url))


def test_the_window_counts_what_it_would_do(client: Client, what: Approvable, url: str, job: Job) -> None:
    html = window(client, url, [make_work(what, job=job) for _ in range(2)])
    assert f"Approve 2 {what.plural}?" in html
    assert f"OK, approve 2 {what.plural}<" in html
    hours = {"Hours": "16.00", "Amount": "1,536.00"} if what is RECORDS else {"Amount": "85.00"}
    assert cells(html) == {"Selected": "2", **hours}


def test_the_window_warns_of_what_to_look_at(client: Client, what: Approvable, url: str, job: Job, osei: User) -> None:
    row = make_work(what, job=job, created_by=osei)
    said = words(window(client, url, [row]))
    number = getattr(row, what.number)
    assert f"1 written by you: {number}" in said
    assert f"1 {'no representative signature' if what is RECORDS else 'no receipt'}: {number}" in said


def test_where_the_company_forbids_it_own_rows_are_left_out(
    client: Client, what: Approvable, url: str, job: Job, osei: User
) -> None:
    make_company(author_may_approve=False)
    rows = [make_work(what, job=job, created_by=osei), make_work(what, job=job)]
    html = window(client, url, rows)
    assert cells(html)["Left out, written by you"] == "1"
    confirm(client, url, html)
    assert states(what, rows) == ["submitted", "approved"]


def test_g35_the_answer_is_the_grid_without_the_rows_and_a_line(
    client: Client, what: Approvable, url: str, job: Job
) -> None:
    rows, stays = [make_work(what, job=job) for _ in range(2)], make_work(what, job=job)
    response = confirm(client, url, window(client, url, rows))
    assert response["HX-Trigger-After-Settle"] == "grid:done"
    amount = "1,536.00" if what is RECORDS else "85.00"
    said = words(response)
    assert f"Batch #1 approved: 2 {what.plural}, {amount}." in said
    assert f"Last batch #1: 2 {what.plural}, {amount}" in said
    html = response.content.decode()
    assert f'data-id="{stays.pk}"' in html
    assert f'data-id="{rows[0].pk}"' not in html
    assert_sound()


def test_what_was_skipped_is_named_in_the_result_line(client: Client, what: Approvable, url: str, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    html = window(client, url, rows)
    edit(what, rows[0], make_user(Role.TECHNICIAN, name="T. Nguyen"))
    said = words(confirm(client, url, html))
    number = getattr(rows[0], what.number)
    assert f"Left out: {what.label(number)}, changed by T. Nguyen at" in said
    again = words(confirm(client, url, html))
    assert "Already done" in again
    assert f"Left out: {what.label(number)}, changed by T. Nguyen at" in again


def test_nothing_left_is_409_with_who_and_when(client: Client, what: Approvable, url: str, job: Job) -> None:
    rows = [make_work(what, job=job)]
    html = window(client, url, rows)
    approve_all(what, make_user(name="M. Tran"), rows)
    response = confirm(client, url, html)
    assert (response.status_code, response["HX-Retarget"]) == (409, "#window")
    assert "approved by M. Tran at" in words(response)
    assert ApprovalBatch.objects.count() == 1


def test_rows_that_left_before_the_window_are_named(client: Client, what: Approvable, url: str, job: Job) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    approve_all(what, make_user(name="M. Tran"), rows[:1])
    said = words(window(client, url, rows))
    assert f"{what.label(getattr(rows[0], what.number))} was approved by M. Tran" in said
    assert f"OK, approve 1 {what.noun}" in said


def test_rows_of_other_managers_are_no_selection(client: Client, what: Approvable, url: str, osei: User) -> None:
    row = make_work(what)
    data = {"mode": "ids", "ids": str(row.pk), "excluded": "", "filters": ""}
    response = client.post(f"{url}approve/", data, headers=htmx(url))
    assert response.status_code == 400
    assert "not in your list" in response.content.decode()


@pytest.mark.parametrize("posted", ["", "x", "1;2", "-1", "0", "9" * 40, "1,2,\x00"])
def test_a_bad_selection_is_400_with_a_sentence(
    client: Client, what: Approvable, url: str, osei: User, posted: str
) -> None:
    response = client.post(f"{url}approve/", {"mode": "ids", "ids": posted, "filters": ""}, headers=htmx(url))
    assert response.status_code == 400
    assert response.content.decode().endswith(".")


def test_all_matching_takes_the_rows_of_other_pages(client: Client, what: Approvable, url: str, job: Job) -> None:
    for _ in range(60):
        make_work(what, job=job)
    data = {"mode": "all", "ids": "", "excluded": "", "filters": f"job={job.pk}"}
    html = client.post(f"{url}approve/", data, headers=htmx(url)).content.decode()
    assert f"Approve 60 {what.plural}?" in html
    confirm(client, url, html)
    assert ApprovalBatch.objects.get().count == 60


def test_a_form_sent_without_htmx_leads_back(client: Client, what: Approvable, url: str, job: Job) -> None:
    row = make_work(what, job=job)
    intent = re.search(r'name="intent" value="([^"]+)"', window(client, url, [row]))
    assert intent
    response = client.post(f"{url}approve/confirm/", {"intent": intent[1]})
    assert (response.status_code, response["Location"]) == (302, url)
    assert states(what, [row]) == ["approved"]


def test_undo_from_its_window_brings_the_batch_back(
    client: Client, what: Approvable, url: str, job: Job, osei: User
) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    batch = approve_all(what, osei, rows).batch
    html = undo_window(client, url, batch.number).content.decode()
    assert cells(html)["To return"] == "2 of 2"
    response = confirm(client, url, html, "undo")
    assert f"Batch #1 undone: 2 {what.plural} returned" in words(response)
    assert states(what, rows) == ["submitted", "submitted"]
    assert "already undone" in words(confirm(client, url, html, "undo"))


def test_the_undo_button_says_why_it_is_off(client: Client, what: Approvable, url: str, job: Job, osei: User) -> None:
    page = client.get(url).content.decode()
    assert "No batch to undo" in page
    assert re.search(r'id="undo-button" disabled', page)
    rows = [make_work(what, job=job)]
    batch = approve_all(what, osei, rows).batch
    edit(what, rows[0], osei)
    page = client.get(url).content.decode()
    assert f"Batch #1 has a changed {what.noun}" in page
    assert re.search(r'id="undo-button" disabled', page)
    said = words(undo_window(client, url, batch.number))
    assert "OK, undo" not in said
    assert f"{what.label(getattr(rows[0], what.number))}: changed by K. Osei" in said


def test_the_undo_window_of_an_invoiced_dwr_names_the_invoice(client: Client, job: Job, osei: User) -> None:
    row = make_work(RECORDS, job=job)
    batch = approve_all(RECORDS, osei, [row]).batch
    InvoicedRecord.objects.create(record=row, invoice=make_invoice(job=job, number="INV-77"))
    assert "it is on invoice INV-77" in words(undo_window(client, RECORDS_URL, batch.number))
    assert "it is on invoice INV-77" in words(client.get(f"/approvals/{batch.number}/"))


@pytest.mark.parametrize("number", ["", "x", "99", "-1", "１"])
def test_an_unknown_batch_is_404(client: Client, what: Approvable, url: str, osei: User, number: str) -> None:
    assert undo_window(client, url, number).status_code == 404


def test_a_manager_neither_sees_nor_undoes_another_ones_batch(
    client: Client, what: Approvable, url: str, job: Job
) -> None:
    batch = approve_all(what, make_user(name="M. Tran"), [make_work(what, job=job)]).batch
    assert "No batch to undo" in client.get(url).content.decode()
    assert undo_window(client, url, batch.number).status_code == 404
    assert client.get(f"/approvals/{batch.number}/").status_code == 404
    assert "M. Tran" not in words(client.get("/approvals/"))


def test_the_pages_of_batches_say_what_became_of_them(
    client: Client, what: Approvable, url: str, job: Job, osei: User
) -> None:
    rows = [make_work(what, job=job) for _ in range(2)]
    html = window(client, url, rows)
    edit(what, rows[0], make_user(name="M. Tran"))
    confirm(client, url, html)
    page = words(client.get("/approvals/1/"))
    assert f"Approval batch #1 1 {what.noun}" in page
    assert "Left out when it was approved" in page
    assert "would return 1 of them" in page
    assert getattr(rows[1], what.number) in page
    confirm(client, url, undo_window(client, url, 1).content.decode(), "undo")
    assert "Undone" in words(client.get("/approvals/1/"))
    assert "Undone" in words(client.get("/approvals/"))
