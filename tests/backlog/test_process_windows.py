"""The windows of Process and Undo: what they show is what their button does."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from backlog import process_views
from exports.models import ExportMark
from exports.start import start_run
from exports.work import work_on
from invoices.intents import make_intent
from invoices.models import Invoice, ProcessBatch
from invoices.transitions import mark_paid, untick_processed
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import Intent
from tests.commands import assert_sound, process, queues
from tests.factories import TODAY, make_expense, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/invoices/backlog/"}


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user(name="M. Tran")
    client.force_login(user)
    return user


def ids(invoices: list[Invoice]) -> dict[str, str]:
    return {"mode": "ids", "ids": ",".join(str(invoice.pk) for invoice in invoices), "excluded": "", "filters": ""}


def window(client: Client, invoices: list[Invoice], **more: str) -> str:
    response = client.post("/invoices/backlog/process/", {**ids(invoices), **more}, headers=HTMX)
    assert response.status_code == 200, response.content
    return response.content.decode()


def intent_in(html: str) -> str:
    found = re.search(r'name="intent" value="([0-9a-f-]+)"', html)
    assert found, html
    return found[1]


def confirm(client: Client, html: str, act: str = "process") -> HttpResponse:
    return client.post(f"/invoices/backlog/{act}/confirm/", {"intent": intent_in(html)}, headers=HTMX)  # type: ignore[return-value]


def cells(html: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', html))


def test_g31_the_window_counts_what_it_would_do(client: Client, admin: User) -> None:
    job = make_job()
    invoices = [make_invoice(job=job), make_invoice(job=job), make_invoice(amounts=["50.00"])]
    html = window(client, invoices)
    assert "Process 3 invoices?" in html
    assert "OK, process 3 invoices" in html
    assert cells(html) == {
        "Selected": "3",
        "Already exported": "0 of 3",
        "Clients": "2",
        "Total including tax": "262.50",
    }


def test_the_window_names_warnings_and_leaves_them_out_on_request(client: Client, admin: User) -> None:
    good, bad = make_invoice(), make_invoice()
    work_on(start_run(slug="csv", invoices=Invoice.objects.filter(pk__in=[good.pk, bad.pk]), by=admin).pk)
    assert ExportMark.objects.count() == 2
    make_expense(job=bad.job, date=TODAY, submitted_on=TODAY)
    html = window(client, [good, bad])
    assert f"<li>{bad.number}: Expenses pending</li>" in html
    assert "Leave out the 1 invoice with warnings" in html
    smaller = window(client, [good, bad], leave_out="1", refreshed="1")
    assert cells(smaller)["Left out"] == "1"
    assert "OK, process 1 invoice<" in smaller
    confirm(client, smaller)
    assert queues([good, bad]) == ["processed", "admin"]


def test_not_exported_is_a_warning_with_the_first_four_named(client: Client, admin: User) -> None:
    html = window(client, [make_invoice() for _ in range(6)])
    assert html.count("not exported</li>") == 4
    assert "and 2 more" in html


def test_the_numbers_agree_when_another_user_was_quicker_by_a_moment(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's command comes in when the selection has been counted and is about to be frozen."""
    invoices = [make_invoice(), make_invoice(), make_invoice()]

    def after_the_other(**given: Any) -> Intent:
        process(make_user(), invoices[:1])
        return make_intent(**given)

    monkeypatch.setattr(process_views, "make_intent", after_the_other)
    html = window(client, invoices)
    assert queues(invoices) == ["processed", "admin", "admin"]
    assert cells(html) == {
        "Selected": "3",
        "Left out": "1",
        "Already exported": "0 of 2",
        "Clients": "2",
        "Total including tax": "210.00",
    }
    assert "2 invoices with warnings" in html
    assert f"{invoices[0].number}: not exported" not in html


def test_g35_the_answer_is_the_grid_without_the_rows_and_a_line(client: Client, admin: User) -> None:
    invoices, stays = [make_invoice(), make_invoice()], make_invoice()
    response = confirm(client, window(client, invoices))
    html = response.content.decode()
    assert response["HX-Trigger-After-Settle"] == "grid:done"
    assert "Batch #1 processed: 2 invoices, 210.00." in re.sub(r"\s+", " ", html)
    assert stays.number in html
    assert invoices[0].number not in html
    assert "Last batch #1" in html
    assert queues([*invoices, stays]) == ["processed", "processed", "admin"]
    assert_sound()


def test_the_same_window_confirmed_twice_shows_the_same_batch(client: Client, admin: User) -> None:
    html = window(client, [make_invoice()])
    confirm(client, html)
    again = confirm(client, html)
    assert again.status_code == 200
    assert "Already done at" in again.content.decode()
    assert ProcessBatch.objects.count() == 1


def test_a_form_sent_without_htmx_leads_back_to_the_page(client: Client, admin: User) -> None:
    invoice = make_invoice()
    intent = intent_in(window(client, [invoice]))
    response = client.post("/invoices/backlog/process/confirm/", {"intent": intent})
    assert (response.status_code, response["Location"]) == (302, "/invoices/backlog/")
    assert queues([invoice]) == ["processed"]


def test_a_stale_window_is_refused_and_names_who_and_when(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    html = window(client, invoices)
    process(make_user(name="K. Osei"), invoices[:1])
    response = confirm(client, html)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#window"
    assert f"{invoices[0].number}</a>: processed by K. Osei at" in response.content.decode()
    assert queues(invoices) == ["processed", "admin"]


def test_rows_that_left_before_the_window_are_named_and_left_out(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    process(make_user(name="K. Osei"), invoices[:1])
    html = window(client, invoices)
    assert f"{invoices[0].number} was processed by K. Osei" in html
    assert "OK, process 1 invoice<" in html


@pytest.mark.parametrize("posted", ["", "x", "1;2", "-1", "0", "１２", "9" * 40, "1_000", "1,2,\x00"])
def test_a_bad_selection_is_400_with_a_sentence(client: Client, admin: User, posted: str) -> None:
    response = client.post("/invoices/backlog/process/", {"mode": "ids", "ids": posted, "filters": ""}, headers=HTMX)
    assert response.status_code == 400
    assert response.content.decode().endswith(".")
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN])
@pytest.mark.parametrize("address", ["process/", "process/confirm/", "undo/", "undo/confirm/"])
def test_only_an_administrator(client: Client, role: str, address: str) -> None:
    client.force_login(make_user(role))
    assert client.post(f"/invoices/backlog/{address}").status_code == 403


def undo_window(client: Client, batch: ProcessBatch | int) -> str:
    number = batch if isinstance(batch, int) else batch.number
    return client.post("/invoices/backlog/undo/", {"batch": number}, headers=HTMX).content.decode()


def test_the_undo_window_names_its_batch_and_brings_it_back(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    html = undo_window(client, batch)
    assert "OK, undo batch 1" in html
    assert cells(html)["Invoices to return"] == "2 of 2"
    response = confirm(client, html, "undo")
    assert "Batch #1 undone: 2 invoices returned" in response.content.decode()
    assert queues(invoices) == ["admin", "admin"]
    assert_sound()


def test_g36_a_paid_invoice_turns_undo_off_and_is_named(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    mark_paid(invoices[0].pk, version=2, paid_on=TODAY, by=admin)
    page = client.get("/invoices/backlog/").content.decode()
    assert "Batch #1 has a paid invoice" in page
    assert re.search(r'id="undo-button" disabled', page)
    html = undo_window(client, batch)
    assert "OK, undo" not in html
    assert f"{invoices[0].number}</a>: marked paid by M. Tran" in html


def test_the_undo_window_says_who_left_the_batch(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    untick_processed(invoices[0].pk, version=2, by=admin)
    html = undo_window(client, batch)
    assert "1 invoice unticked by hand since has left the batch" in html
    assert cells(html)["Invoices to return"] == "1 of 2"


@pytest.mark.parametrize("number", ["", "x", "99", "-1", "１"])
def test_an_unknown_batch_is_404(client: Client, admin: User, number: str) -> None:
    assert client.post("/invoices/backlog/undo/", {"batch": number}).status_code == 404


def test_the_sum_of_the_window_is_the_sum_of_the_batch(client: Client, admin: User) -> None:
    invoices = [make_invoice(amounts=[f"{n}.3{n}"]) for n in range(1, 9)]
    confirm(client, window(client, invoices))
    total = sum((invoice.total for invoice in invoices), Decimal(0))
    assert ProcessBatch.objects.get().total == total
