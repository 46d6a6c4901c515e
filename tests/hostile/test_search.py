"""F74: SQL in search, sort, filter and group finds what a harmless unknown text finds: nothing, and changes nothing."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from invoices.models import Invoice
from tests.backlog.grids import HTMX, logged_in, rows, text
from tests.factories import make_company, make_invoice
from tests.hostile.corpus import NAMES, SQL, TEXTS

pytestmark = pytest.mark.django_db
GRIDS = ("/invoices/backlog/", "/invoices/")


@pytest.fixture
def client() -> Client:
    make_company()
    for _ in range(2):
        make_invoice()
    return logged_in()


def ask(client: Client, grid: str, **query: str) -> tuple[int, list[str]]:
    response = client.get(f"{grid}?{urlencode(query)}")
    assert "<script>" not in text(response)
    return response.status_code, rows(response)


@pytest.mark.parametrize("grid", GRIDS)
def test_in_the_search_box(client: Client, grid: str) -> None:
    assert len(ask(client, grid)[1]) == 2
    for attack in (*SQL, *TEXTS):
        assert ask(client, grid, q=attack) == (200, []), attack
    assert Invoice.objects.count() == 2


@pytest.mark.parametrize(
    "name", ["sort", "group", "order", "tab", "client", "job", "pm", "check", "month", "total_min", "date_from"]
)
@pytest.mark.parametrize("grid", GRIDS)
def test_in_every_other_parameter(client: Client, grid: str, name: str) -> None:
    """No rows, and a sentence about it: never all rows, never a 500."""
    for attack in SQL:
        response = client.get(f"{grid}?{urlencode({name: attack})}", headers=HTMX)  # the grid without its frame
        assert (response.status_code, rows(response)) == (200, []), attack
        assert "data-problems" in text(response), attack


@pytest.mark.parametrize("grid", GRIDS)
def test_names_of_columns_are_no_filters(client: Client, grid: str) -> None:
    for name in NAMES:
        response = client.get(f"{grid}?{urlencode({name: 'a'})}", headers=HTMX)
        assert (response.status_code, rows(response)) == (200, []), name
        assert "data-problems" in text(response), name


@pytest.mark.parametrize("name", ["page", "size", "closed"])
@pytest.mark.parametrize("grid", GRIDS)
def test_what_falls_back_to_the_first_page(client: Client, grid: str, name: str) -> None:
    for attack in (*SQL, "0", "-1", "9" * 30, "9" * 5000):
        assert client.get(f"{grid}?{urlencode({name: attack})}").status_code == 200, attack
    for place in ("/batches/", "/runs/"):
        assert client.get(f"{place}?{urlencode({'page': '9' * 5000})}").status_code == 200


@pytest.mark.parametrize("attack", SQL)
def test_in_what_is_posted(client: Client, attack: str) -> None:
    """Filters of a selection, the path of a group, the page an answer is rendered for."""
    bad = urlencode({"client": attack, attack: "1"})
    for data in ({"mode": "all", "filters": bad}, {"mode": attack, "ids": "1"}):
        assert client.post("/invoices/backlog/process/", data).status_code == 400
    group = {"query": "group=client", "filters": "", "within": attack}
    assert client.post("/invoices/backlog/rows/", group).status_code == 400
    assert client.post("/invoices/backlog/rows/", {"query": bad, "filters": ""}).status_code == 400
    assert client.post("/invoices/backlog/page-size/", {"size": attack, "query": bad}).status_code == 302
    headers = HTMX | {"HX-Current-URL": f"http://testserver/invoices/backlog/?{bad}"}
    assert client.post("/invoices/backlog/process/confirm/", {"intent": attack}, headers=headers).status_code == 409
    assert Invoice.objects.admin_queue().count() == 2


@pytest.mark.parametrize("attack", [*SQL, *TEXTS])
def test_in_forms(client: Client, attack: str) -> None:
    """A note is kept as typed or refused; log-in and preferences answer with a form."""
    invoice = Invoice.objects.order_by("pk")[0]
    client.post(f"/invoices/{invoice.pk}/reference/", {"accounting_reference": attack})
    kept = Invoice.objects.get(pk=invoice.pk).accounting_reference
    assert kept in {"", attack.strip()}
    assert client.post("/preferences/", {"theme": attack, "page_size": attack, "next": attack}).status_code in {
        302,
        422,
    }
    assert Client().post("/log-in/", {"username": attack, "password": attack, "next": attack}).status_code == 422
    answer = client.post("/password/", {"old_password": attack, "new_password1": attack, "new_password2": attack})
    assert answer.status_code == 422
