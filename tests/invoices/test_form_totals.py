"""The totals beside the form are those that Save stores, to the cent, and asking for them saves nothing."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invoices.models import Invoice
from jobbook.common.models import AuditEntry
from jobbook.common.templatetags.jobbook import money_text
from jobbook.jobs.models import BillingType, Job
from tests.backlog.grids import logged_in, text
from tests.factories import make_company, make_invoice, make_item, make_job, make_tax, make_user
from tests.invoices.test_form import line, sent

pytestmark = pytest.mark.django_db(transaction=True)
TAXES = ("GST", "PST", "QST")


def numbers(places: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most * 10**places).map(lambda n: f"{Decimal(n).scaleb(-places):f}")


ROW = st.fixed_dictionaries(
    {
        "section": st.sampled_from(["labour", "equipment", "fixed_price"]),
        "quantity": numbers(4, 200),
        "price": numbers(4, 500),
        "taxes": st.lists(st.sampled_from(TAXES), unique=True),
        "item": st.just(""),
    }
)
FEE = st.fixed_dictionaries({"percent": numbers(4, 20), "taxes": st.lists(st.sampled_from(TAXES), unique=True)})


@pytest.fixture
def job() -> Job:
    make_company()
    make_item("FIX", section="fixed_price")
    taxes = [make_tax(), make_tax("PST", "7"), make_tax("QST", "9.975")]
    return make_job(billing_type=BillingType.FIXED_PRICE, taxes=taxes)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=6), fees=st.lists(FEE, max_size=2), over=st.none() | numbers(2, 90_000))
def test_they_are_what_save_stores(job: Job, rows: list[Any], fees: list[Any], over: str | None) -> None:
    client = logged_in(make_user())
    lines = [line(index, **row) for index, row in enumerate(rows)]
    for index, fee in enumerate(fees, start=len(rows)):
        lines.append(line(index, section="fee", item="", quantity="", price="", description="Fee", **fee))
    data = sent(*lines, fixed_subtotal=over or "")
    before = Invoice.objects.count(), AuditEntry.objects.count()
    shown = text(client.post(f"/invoices/new/totals/?job={job.pk}", data))
    assert (Invoice.objects.count(), AuditEntry.objects.count()) == before
    response = client.post(f"/invoices/new/?job={job.pk}", data)
    if 'Total</th><td><span class="neg">' in shown:  # a tax on an adjustment may come to more than the lines
        assert response.status_code == 409
        assert "that is a credit note, not an invoice" in text(response)
        return
    assert response.status_code == 302, text(response)
    invoice = Invoice.objects.latest("pk")
    cells = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', shown)
    plain = {label: re.sub(r"<.*?>|minus ", "", amount) for label, amount in cells}
    assert plain["Subtotal"] == money_text(invoice.subtotal)
    assert plain["Total"] == money_text(invoice.total)
    for tax in invoice.invoice_taxes.all():
        assert any(label.startswith(f"{tax.name} ") and plain[label] == money_text(tax.amount) for label in plain)
    amounts = sorted(each.amount for each in invoice.lines.filter(is_adjustment=False))
    outputs = re.findall(r'<output id="line-\d+-amount" hx-swap-oob="true">([\d,.]+)</output>', shown)
    assert sorted(Decimal(each.replace(",", "")) for each in outputs) == amounts


def test_a_row_with_a_fault_is_named_and_left_out(job: Job) -> None:
    client = logged_in(make_user())
    answer = client.post(f"/invoices/new/totals/?job={job.pk}", sent(line(), line(1, price="1,5")))
    assert answer.status_code == 200
    assert "Left out until mended" in text(answer)
    assert "Line 2, unit price" in text(answer)
    assert "21.00" in text(answer)


def test_the_totals_of_an_invoice_that_exists(job: Job) -> None:
    invoice = make_invoice(job=job)
    answer = logged_in(make_user()).post(f"/invoices/{invoice.pk}/totals/", sent())
    assert "21.00" in text(answer)
    assert Invoice.objects.get().subtotal == Decimal("100.00")
