"""Filters: what they find, and that nothing invalid or unknown ever shows a row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backlog.checks import CHECKS
from invoices.models import InvoiceLine
from jobbook.accounts.roles import Role
from tests.backlog.grids import HTMX, URL, logged_in, make_entry, mark_exported, rows, text
from tests.factories import TODAY, make_client, make_company, make_expense, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db


def found(**params: object) -> list[str]:
    return rows(logged_in().get(URL, params))  # type: ignore[arg-type]


def test_g11_the_search_reads_every_named_field() -> None:
    job = make_job(client=make_client(name="Birchline Energy"), job_number="26-1100", project_name="Pad 7 tie-in")
    invoice = make_invoice(job=job, number="INV-777", po_number="4538", accounting_reference="QB-55")
    make_invoice()
    for words in ("inv-777", "BIRCHLINE", "26-1100", "pad 7", "4538", "qb-55"):
        assert found(q=words) == [invoice.number], words


def test_g11_each_filter_finds_its_rows() -> None:
    today = timezone.localdate()
    job = make_job(client=make_client(name="Alder"), po_number="9")
    one = make_invoice(job=job, amounts=["100.00"], invoice_date=today - timedelta(40), office_name="Edson")
    two = make_invoice(amounts=["900.00"], invoice_date=today - timedelta(2), office_name="Calgary")
    mark_exported(two)
    day = (today - timedelta(10)).isoformat()
    assert found(date_before=day) == [one.number]
    assert found(date_after=day) == [two.number]
    assert found(client=job.client_id) == [one.number]
    assert found(job=job.pk) == [one.number]
    assert found(manager=job.project_manager_id) == [one.number]
    assert found(office="Edson") == [one.number]
    assert found(total_min="500.00") == [two.number]
    assert found(total_max="105.00") == [one.number]
    assert found(exported="yes") == [two.number]
    assert found(exported="no") == [one.number]
    assert found(age_min="30") == [one.number]
    assert found(age_max="30") == [two.number]


def test_g11_several_values_are_one_chip_with_its_own_remove() -> None:
    clients = [make_client(name=name) for name in ("Alder", "Birch", "Cedar")]
    for client in clients:
        make_invoice(job=make_job(client=client))
    response = logged_in().get(f"{URL}?client={clients[0].pk}&client={clients[1].pk}&sort=-total")
    assert len(rows(response)) == 2
    page = text(response)
    assert page.count('class="chipf"') == 1
    assert "<b>Alder, Birch</b>" in page
    assert '<a href="?sort=-total" data-grid-link><svg' in page


def test_g11_a_range_is_one_chip() -> None:
    make_invoice()
    page = text(logged_in().get(URL, {"date_after": "2026-09-01", "date_before": "2026-11-20"}))
    assert "<b>1 Sep 2026 – 20 Nov 2026</b>" in page


BAD = [
    {"total_min": "abc"},
    {"total_min": "NaN"},
    {"total_min": "1.005"},
    {"totl_min": "5"},
    {"date_after": "2026-13-01"},
    {"date_after": ["2026-01-01", "2026-02-01"]},
    {"client": "0"},
    {"client": "-1"},
    {"client": "9" * 40},
    {"client": "１２"},
    {"client": "1_000"},
    {"client": "1;drop table"},
    {"client": "999999"},
    {"office": "Nowhere"},
    {"checks": "nonsense"},
    {"exported": "maybe"},
    {"age_min": "-5"},
    {"age_min": "999999999999"},
    {"q": "x"},
    {"q": "a\x00b"},
    {"q": "y" * 101},
    {"sort": "pk;drop"},
    {"sort": "--total"},
    {"sort": "job__client__name"},
    {"group": "password"},
    {"group": ["client", "job", "month"]},
    {"order": "sideways"},
    {"tab": "admin"},
    {"__all": "1"},
    {"queue": "paid"},
]


@pytest.mark.parametrize("params", BAD, ids=lambda params: "&".join(f"{k}={v}"[:40] for k, v in params.items()))
def test_g13_f74_what_is_invalid_or_unknown_shows_a_message_and_no_rows(params: dict[str, object]) -> None:
    make_invoice()
    client = logged_in()
    response = client.get(URL, params)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert rows(response) == []
    assert "These filters can't be used" in text(response)
    part = client.get(URL, params, headers=HTMX)  # type: ignore[arg-type]
    assert (part["HX-Retarget"], rows(part)) == ("#grid-problems", [])
    assert not part.has_header("HX-Push-Url")


def test_g13_the_message_stands_by_the_field() -> None:
    panel = text(logged_in().get(f"{URL}filters/", {"total_min": "abc"}))
    assert '<div class="error" id="error-total_min">Enter an amount as 1250.00.</div>' in panel


def test_a_client_of_another_manager_is_not_a_choice() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    mine, other = make_job(project_manager=manager), make_job()
    make_invoice(job=mine)
    client = logged_in(manager)
    assert "not one of the choices" in text(client.get(URL, {"client": other.client_id}))
    panel = text(client.get(f"{URL}filters/"))
    assert mine.client.name in panel
    assert other.client.name not in panel


def invoice_failing(slug: str) -> str:
    """An invoice with one failed check."""
    job = make_job(po_required=slug == "po")
    fields: dict[str, object] = {}
    if slug == "unsigned":
        fields = {"signed": False, "released_by": "M. Tran", "released_on": TODAY, "release_reason": "client waits"}
    if slug == "resigned":
        fields = {"signed_total": 1}
    if slug == "address":
        fields = {f"bill_to_{n}": "" for n in range(1, 7)}
    if slug == "zero":
        fields = {"amounts": ["0.00"]}
    if slug == "period":
        fields = {"invoice_date": TODAY - timedelta(1), "due_date": TODAY}
    if slug == "expenses":
        make_expense(job=job, date=TODAY, submitted_on=TODAY, approved_on=TODAY)
    invoice = make_invoice(job=job, **fields)  # type: ignore[arg-type]
    if slug != "client":
        make_entry("client", job.client.client_number)
    if slug == "lines":
        InvoiceLine.objects.filter(invoice=invoice).update(item_code="NEW")
    if slug == "changed":
        mark_exported(invoice, content_version=invoice.content_version + 1)
    return invoice.number


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.slug)
def test_each_check_finds_its_invoice_and_no_other(check: object) -> None:
    make_company(default_format="quickbooks-online", books_closed_through=TODAY - timedelta(1))
    good = make_invoice(job=make_job(po_required=True, po_number="1"))
    mark_exported(good)
    make_entry("client", good.job.client.client_number)
    make_entry("item", "LAB")
    make_expense(job=good.job, date=TODAY + timedelta(1), submitted_on=TODAY)
    make_expense(job=good.job, date=TODAY, submitted_on=TODAY, approved_on=TODAY, processed_on=TODAY)
    make_expense(job=good.job, date=TODAY)
    bad = invoice_failing(check.slug)  # type: ignore[attr-defined]
    assert found(checks=check.slug) == [bad]  # type: ignore[attr-defined]
    assert found(checks="any") == [bad]
    assert found(checks="ready") == [good.number]
    page = text(logged_in().get(URL, {"group": "checks"}))
    assert f"{check.label} <span" in page  # type: ignore[attr-defined]
