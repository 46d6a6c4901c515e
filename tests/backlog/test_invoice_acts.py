"""Signing, the client's approval, releasing: what is asked, what is offered where, and what stands on the page."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from invoices.models import Invoice
from invoices.transitions import mark_paid
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.jobs.models import Job
from tests.backlog.grids import logged_in, text
from tests.commands import fresh, process
from tests.factories import TODAY, make_company, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)
DRAWING = "10,20 300,40;5,5"
PATH = "M10 20L300 40 M5 5L5 5"


@pytest.fixture
def manager() -> User:
    make_company()
    return make_user(Role.PROJECT_MANAGER, name="R. Abe", signature=DRAWING)


@pytest.fixture
def job(manager: User) -> Job:
    return make_job(project_manager=manager)


@pytest.fixture
def client(manager: User) -> Client:
    return logged_in(manager)


def act(client: Client, invoice: Invoice, slug: str, **data: Any) -> Any:
    invoice.refresh_from_db()
    return client.post(f"/invoices/{invoice.pk}/{slug}/", {"version": invoice.version, **data}, follow=True)


def offered(client: Client, invoice: Invoice) -> list[str]:
    page = text(client.get(f"/invoices/{invoice.pk}/"))
    acts = re.search(r'<div class="push acts">(.*?)</div>', page, re.DOTALL)
    assert acts
    return [re.sub(r"<.*?>", "", each).strip() for each in re.findall(r"<a [^>]*>(.*?)</a>", acts[1])]


def test_what_is_offered_follows_queue_and_role(manager: User, job: Job, client: Client) -> None:
    admin, office = logged_in(make_user()), logged_in(make_user(Role.ACCOUNTING))
    pm = make_invoice(job=job, signed=False)
    ticket = make_invoice(job=job, is_ticket=True)
    done = make_invoice(job=job)
    free = make_invoice(job=job, signed=False, released_by="K", released_on=TODAY, release_reason="r")
    gone = make_invoice(job=job)
    process(make_user(), [gone])
    assert offered(client, pm) == ["Sign", "View PDF"]
    assert offered(client, ticket) == ["Take signature off", "Client Approved Ticket", "View PDF", "View ticket"]
    assert offered(client, done) == ["Take signature off", "View PDF"]
    assert offered(client, gone) == ["View PDF"]
    assert offered(admin, pm) == ["Sign", "Release", "Edit", "View PDF", "Delete"]
    assert offered(admin, done) == ["Take signature off", "Tick Processed", "Edit", "Credit", "View PDF", "Delete"]
    assert offered(admin, free) == ["Take release back", "Tick Processed", "Edit", "Credit", "View PDF", "Delete"]
    assert offered(admin, gone) == ["Untick Processed", "Mark paid", "Credit", "View PDF"]
    assert offered(office, done) == ["View PDF"]


def test_a_manager_signs_with_the_stored_signature(job: Job, client: Client) -> None:
    invoice = make_invoice(job=job, signed=False)
    asked = text(client.get(f"/invoices/{invoice.pk}/sign/"))
    assert "Add My Signature" in asked
    assert f'd="{PATH}"' in asked
    page = text(act(client, invoice, "sign", signed_by="R. Abe", add_mine="on"))
    invoice.refresh_from_db()
    assert (invoice.signature, invoice.signed_by, invoice.queue) == (DRAWING, "R. Abe", "admin")
    assert invoice.signed_total == invoice.total
    assert f'd="{PATH}"' in page
    assert "Drawn signature of R. Abe" in page


def test_or_draws_it_or_leaves_the_name_alone(job: Job, client: Client) -> None:
    drawn, named = make_invoice(job=job, signed=False), make_invoice(job=job, signed=False)
    act(client, drawn, "sign", signed_by="R. Abe", add_mine="on", signature="1,2 3,4")
    act(client, named, "sign", signed_by="R. Abe")
    drawn.refresh_from_db()
    named.refresh_from_db()
    assert (drawn.signature, named.signature) == ("1,2 3,4", "")
    assert named.signed_by == "R. Abe"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"signed_by": ""}, "Name: This field is required."),
        ({"signed_by": "A", "signature": '1,2"><script>'}, "The drawing is damaged. Draw it again."),
        ({"signed_by": "A", "signature": "1001,0"}, "The drawing leaves its box. Draw it again."),
    ],
)
def test_a_signature_that_is_none(job: Job, client: Client, data: dict[str, str], words: str) -> None:
    invoice = make_invoice(job=job, signed=False)
    assert words in text(act(client, invoice, "sign", **data))
    invoice.refresh_from_db()
    assert invoice.queue == "pm"


def test_nothing_was_paid_on_a_day_to_come(job: Job, client: Client) -> None:
    admin = make_user()
    invoice = make_invoice(job=job)
    process(admin, [invoice])
    page = text(act(logged_in(admin), invoice, "paid", paid_on="2099-01-01"))
    assert "This day is still to come." in page
    assert fresh(invoice).paid_on is None
    with pytest.raises(Refused, match="1 Jan 2099 is still to come"):
        mark_paid(invoice.pk, version=2, paid_on=date(2099, 1, 1), by=admin)


def test_nobody_adds_a_signature_that_is_not_stored(job: Job) -> None:
    invoice, admin = make_invoice(job=job, signed=False), logged_in(make_user())
    assert "Add My Signature" not in text(admin.get(f"/invoices/{invoice.pk}/sign/"))
    act(admin, invoice, "sign", signed_by="A", add_mine="on")
    invoice.refresh_from_db()
    assert (invoice.signed_by, invoice.signature) == ("A", "")


def test_the_client_approves_a_ticket(job: Job, client: Client) -> None:
    invoice = make_invoice(job=job, is_ticket=True)
    assert "still to come" in text(act(client, invoice, "client-approve", approved_on="2099-01-01"))
    assert "whose signature" in text(
        act(client, invoice, "client-approve", approved_on="2026-11-20", signature=DRAWING)
    )
    page = text(
        act(client, invoice, "client-approve", approved_on="2026-11-20", approved_by="D. Okafor", signature=DRAWING)
    )
    invoice.refresh_from_db()
    assert (invoice.client_approved_by, invoice.client_signature, invoice.queue) == ("D. Okafor", DRAWING, "admin")
    assert "by D. Okafor" in page
    assert "Drawn signature of D. Okafor" in page
    act(client, invoice, "client-unapprove")
    invoice.refresh_from_db()
    assert (invoice.client_approved_on, invoice.client_signature, invoice.queue) == (None, "", "ticket")


def test_a_release_has_a_reason_and_is_taken_back(job: Job, client: Client) -> None:
    admin, invoice = logged_in(make_user(name="Mai Tran")), make_invoice(job=job, signed=False)
    assert act(client, invoice, "release", reason="x").status_code == 403
    assert "Reason: This field is required." in text(act(admin, invoice, "release", reason=" "))
    page = text(act(admin, invoice, "release", reason="On leave"))
    assert "not signed: released by Mai Tran" in page
    invoice.refresh_from_db()
    assert invoice.queue == "admin"
    act(admin, invoice, "take-back")
    invoice.refresh_from_db()
    assert (invoice.queue, invoice.release_reason) == ("pm", "")


def test_somebody_was_faster(job: Job, client: Client) -> None:
    invoice = make_invoice(job=job, signed=False)
    answer = client.post(f"/invoices/{invoice.pk}/sign/", {"version": "9", "signed_by": "A"})
    assert answer.status_code == 409
    invoice.refresh_from_db()
    assert invoice.signed_on is None


def test_a_draft_is_deleted_and_its_page_is_gone(job: Job) -> None:
    admin, invoice = logged_in(make_user()), make_invoice(job=job, signed=False)
    answer = act(admin, invoice_of(invoice), "delete")
    assert answer.redirect_chain[-1][0] == "/invoices/"
    assert f"{invoice.number} is deleted." in text(answer)
    assert not Invoice.objects.exists()


def invoice_of(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)
