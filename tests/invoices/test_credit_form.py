"""Crediting: whole or in part, never more than was invoiced."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from invoices.drafting import DraftLine
from invoices.editing import edit_invoice
from invoices.models import Invoice, InvoiceKind
from invoices.rows import lines_of
from tests.backlog.grids import logged_in, text
from tests.commands import fresh
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoice() -> Invoice:
    make_company()
    return make_invoice(amounts=["100.00", "33.33"])


@pytest.fixture
def client(invoice: Invoice) -> Client:
    return logged_in(make_user())


def post(client: Client, invoice: Invoice, quantities: list[str | None], **more: Any) -> Any:
    """Credit so much of each line; None leaves it unticked."""
    data = {"act": "save", "version": invoice.version, "invoice_date": "2026-11-21", "memo": "Wrong rate", **more}
    for line, quantity in zip(invoice.lines.all(), quantities, strict=True):
        data |= {f"credit-{line.pk}-text": quantity or "1"} | ({} if quantity is None else {f"credit-{line.pk}": "on"})
    return client.post(f"/invoices/{invoice.pk}/credit/", data)


def test_every_line_is_there_in_full(client: Client, invoice: Invoice) -> None:
    page = text(client.get(f"/invoices/{invoice.pk}/credit/"))
    assert page.count(" checked") == 2
    assert "(140.00)" in page


def test_the_whole_invoice(client: Client, invoice: Invoice) -> None:
    response = post(client, invoice, ["1", "1"])
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert response["Location"] == f"/invoices/{note.pk}/"
    assert (note.total, note.subtotal, note.tax) == (-invoice.total, -invoice.subtotal, -invoice.tax)
    assert (note.credits, note.memo, note.number, note.queue) == (invoice, "Wrong rate", "CN-10001", "pm")
    assert [line.quantity for line in note.lines.all()] == [Decimal(-1), Decimal(-1)]


def test_a_part_of_it(client: Client, invoice: Invoice) -> None:
    shown = text(post(client, invoice, [None, "0.5"], act="totals"))
    assert "(17.50)" in shown
    assert Invoice.objects.count() == 1
    assert post(client, invoice, [None, "0.5"]).status_code == 302
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert (note.subtotal, note.total) == (Decimal("-16.67"), Decimal("-17.50"))


@pytest.mark.parametrize(
    ("quantities", "words"),
    [
        (["2", None], "Work 1: At most 1 was invoiced."),
        (["-1", None], "Work 1: At most 1 was invoiced."),
        ([None, "1,0"], "Work 2: Enter a number"),
        ([None, None], "Tick at least one line."),
        (["0", None], "Tick at least one line."),
    ],
)
def test_what_cannot_be_credited(client: Client, invoice: Invoice, quantities: list[Any], words: str) -> None:
    response = post(client, invoice, quantities)
    assert response.status_code == 422
    assert words in text(response)
    assert Invoice.objects.count() == 1


def test_a_credit_note_is_not_credited(client: Client, invoice: Invoice) -> None:
    note = make_invoice(amounts=["-5.00"])
    assert client.get(f"/invoices/{note.pk}/credit/").status_code == 409


def edited(invoice: Invoice, lines: list[DraftLine]) -> None:
    """Somebody else changes the invoice while the form is open."""
    edit_invoice(invoice.pk, version=fresh(invoice).version, values={}, lines=lines, by=make_user(name="K. Osei"))


def test_an_invoice_changed_meanwhile_is_not_credited_unseen(client: Client, invoice: Invoice) -> None:
    shown = text(client.get(f"/invoices/{invoice.pk}/credit/"))
    assert f'name="version" value="{invoice.version}"' in shown
    first, second = invoice.lines.all()
    sent = {f"credit-{line.pk}": "on" for line in (first, second)} | {f"credit-{first.pk}-text": "0.5"}
    edited(invoice, [line for line in lines_of(invoice) if line.id == first.pk])
    data = {"act": "save", "version": invoice.version, "invoice_date": "2026-11-21", "memo": "Wrong rate", **sent}
    refused = client.post(f"/invoices/{invoice.pk}/credit/", data)
    assert refused.status_code == 409
    assert "it was changed since the page was opened; changed by K. Osei" in text(refused)
    assert "What you typed is still here" in text(refused)
    assert "Wrong rate" in text(refused)
    assert f'name="credit-{first.pk}-text" value="0.5"' in text(refused)
    assert Invoice.objects.count() == 1
    data["version"] = fresh(invoice).version
    assert f'name="version" value="{data["version"]}"' in text(refused)
    assert client.post(f"/invoices/{invoice.pk}/credit/", data).status_code == 302
    assert Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE).subtotal == Decimal("-50.00")


def test_only_the_change_is_named_when_no_line_is_left_to_credit(client: Client, invoice: Invoice) -> None:
    first, second = lines_of(invoice)
    edited(invoice, [second])
    data = {"act": "save", "version": invoice.version, "invoice_date": "", f"credit-{first.id}": "on"}
    refused = client.post(f"/invoices/{invoice.pk}/credit/", data)
    assert refused.status_code == 409
    assert "it was changed since the page was opened" in text(refused)
    assert f'name="credit-{second.id}-text" value="1"' in text(refused)  # it may be ticked
    assert client.post(f"/invoices/{invoice.pk}/credit/", {**data, "act": "recalculate"}).status_code == 200
    assert client.post(f"/invoices/{invoice.pk}/credit/", {**data, "version": "x"}).status_code == 409
