"""F72, F73: malformed, foreign, duplicate and very many ids, at every address that takes one. Never a 500."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from invoices.models import Invoice, ProcessBatch
from jobbook.accounts.models import User
from tests.backlog.grids import logged_in
from tests.factories import make_company, make_invoice, make_job, make_user
from tests.hostile.corpus import IDS
from tests.site import BACKLOG, Person

WINDOWS = ("process/", "export/", "pdfs/")


@pytest.fixture
def invoice() -> Invoice:
    make_company()
    return make_invoice()


@pytest.fixture
def client(invoice: Invoice) -> Client:
    return logged_in()


def readable(response: Any) -> bool:
    """A sentence for the user, or a page: no trace of the program, and what was sent is not run."""
    text = response.content.decode()
    return bool(text) and "Traceback" not in text and "<script>" not in text.replace('<script src="', "")


@pytest.mark.django_db
@pytest.mark.parametrize("window", [*WINDOWS, "rows/"])
def test_malformed_ids_are_refused_in_a_sentence(client: Client, invoice: Invoice, window: str) -> None:
    for bad in IDS:
        for ids in (bad, f"{invoice.pk},{bad}"):
            response = client.post(BACKLOG + window, {"mode": "ids", "ids": ids, "query": ""})
            harmless = window == "rows/" and bad.isascii() and bad.isdigit() and len(bad) < 19
            assert response.status_code == (200 if harmless and bad != "0" else 400), (ids[:60], response.content[:200])
            assert readable(response)


@pytest.mark.django_db
@pytest.mark.parametrize("window", WINDOWS)
def test_malformed_exclusions_are_refused_too(client: Client, invoice: Invoice, window: str) -> None:
    for bad in IDS:
        response = client.post(BACKLOG + window, {"mode": "all", "filters": "", "excluded": bad})
        fits = re.fullmatch(r"[1-9][0-9]{0,17}", bad, re.ASCII)
        assert response.status_code == (200 if fits else 400), (bad[:60], response.content[:200])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{}, {"mode": "ids"}, {"mode": "ids", "ids": ""}, {"mode": "ids", "ids": ",,,"}, {"mode": "x"}]
)
@pytest.mark.parametrize("window", WINDOWS)
def test_an_empty_selection_is_refused(client: Client, window: str, data: dict[str, str]) -> None:
    response = client.post(BACKLOG + window, data)
    assert response.status_code == 400
    assert re.match(r"Nothing is selected|The page sent no selection", response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("window", WINDOWS)
def test_ids_of_others_and_of_nothing_are_not_in_your_list(client: Client, invoice: Invoice, window: str) -> None:
    hidden = make_invoice(signed=False)
    for ids in ("999999999", f"{invoice.pk},999999999"):
        response = client.post(BACKLOG + window, {"mode": "ids", "ids": ids})
        assert response.status_code == 400
        assert "not in your list" in response.content.decode()
    early = client.post(BACKLOG + window, {"mode": "ids", "ids": f"{invoice.pk},{hidden.pk}"})
    assert early.status_code in {200, 302}
    assert "is in PM Queue" in early.content.decode() or early.status_code == 302


@pytest.mark.django_db
def test_duplicates_count_once(client: Client, invoice: Invoice) -> None:
    response = client.post(f"{BACKLOG}process/", {"mode": "ids", "ids": ",".join([str(invoice.pk)] * 500)})
    assert "OK, process 1 invoice<" in response.content.decode()


@pytest.mark.django_db
def test_repeated_fields_have_one_meaning(client: Client, invoice: Invoice) -> None:
    """The last one counts, as in every form; it never adds up."""
    other = make_invoice(job=invoice.job)
    page = client.post(f"{BACKLOG}process/", {"mode": ["all", "ids"], "ids": [str(invoice.pk), str(other.pk)]})
    assert "OK, process 1 invoice<" in page.content.decode()
    assert other.number in page.content.decode()
    assert invoice.number not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["process/confirm/", "undo/confirm/", "export/start/"])
def test_windows_that_never_were(client: Client, part: str) -> None:
    for bad in (*IDS, "2b1f1c1e-0000-4000-8000-000000000000", "2B1F1C1E" * 4):
        response = client.post(BACKLOG + part, {"intent": bad})
        assert response.status_code == 409, bad
        assert "Open it again" in response.content.decode(), bad


@pytest.mark.django_db
def test_batches_that_never_were(client: Client) -> None:
    for bad in IDS:
        assert client.post(f"{BACKLOG}undo/", {"batch": bad}).status_code in {400, 404}, bad


@pytest.mark.django_db
def test_ids_in_addresses(client: Client) -> None:
    places = (
        "/invoices/{}/",
        "/invoices/{}/pdf/",
        "/invoices/{}/detail/",
        "/invoices/{}/untick/",
        "/batches/{}/",
        "/runs/{}/",
    )
    for place in (*places, "/link/{}/set/", "/link/MQ/{}/"):
        for bad in IDS:
            status = client.get(place.format(quote(bad, safe=""))).status_code
            assert status in {404, 410}, f"{place} {bad[:40]!r}: {status}"


@pytest.mark.django_db
def test_versions_that_never_were(client: Client, invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(version=7)  # which none of these can be read as
    for bad in IDS:
        response = client.post(f"/invoices/{invoice.pk}/process/", {"version": bad})
        assert response.status_code in {200, 409}, bad  # 200: the form again, with the error
    assert Invoice.objects.get(pk=invoice.pk).queue == "admin"


@pytest.mark.django_db(transaction=True)
def test_f72_ten_thousand_are_one_field_and_one_batch(live_server: Any) -> None:
    """And more than the limit is refused with the limit named, ticked one by one or all at once."""
    make_company()
    user: User = make_user()
    many(10_000)
    ids = [str(pk) for pk in Invoice.objects.values_list("pk", flat=True)]
    person = Person(live_server.url, user)
    window = person.post(f"{BACKLOG}process/", {"mode": "ids", "ids": ",".join(ids)})
    assert window.status == 200
    assert "Process 10,000 invoices?" in window.text
    done = person.post(f"{BACKLOG}process/confirm/", {"intent": window.intent})
    assert "processed: 10,000 invoices, 1,050,000.00" in done.text.replace("10000", "10,000")
    assert ProcessBatch.objects.get().count == 10_000
    assert not Invoice.objects.admin_queue().exists()
    over = ",".join(str(number) for number in range(1, 20_002))
    for part in WINDOWS:
        refused = person.post(BACKLOG + part, {"mode": "ids", "ids": over})
        assert (refused.status, "20,000 invoices at once" in refused.text) == (400, True), part
    many(20_001)
    refused = person.post(f"{BACKLOG}process/", {"mode": "all", "filters": "", "excluded": ""})
    assert (refused.status, "20,001 invoices are selected; at most 20,000" in refused.text) == (400, True)
    all_but_one = {"mode": "all", "filters": "", "excluded": str(Invoice.objects.admin_queue()[0].pk)}
    assert "Process 20,000 invoices?" in person.post(f"{BACKLOG}process/", all_but_one).text


def many(count: int) -> None:
    """So many invoices of 105.00 in the Admin Queue, without lines: one is copied by the database, which is quick."""
    model = make_invoice(job=make_job())
    kept = [field for field in Invoice._meta.concrete_fields if not field.primary_key and not field.generated]
    names = [str(field.column) for field in kept]
    copied = ", ".join("number || '-' || n" if name == "number" else name for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO invoices_invoice ({', '.join(names)})"
            " WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < %s)"
            f" SELECT {copied} FROM invoices_invoice, series WHERE id = %s",
            [count - 1, model.pk],
        )
        cursor.execute("ANALYZE invoices_invoice")  # as the database does by itself a minute later
