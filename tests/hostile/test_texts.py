"""F75, F79: hostile text in every field is shown as text on every page, and comes out of the csv as it went in."""

import re
import unicodedata
import zipfile
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.db.models import QuerySet
from django.test import Client
from pypdf import PdfReader

from exports import files
from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.models import User
from tests.backlog.grids import HTMX, logged_in, rows, text
from tests.exports.csv_reader import read
from tests.factories import make_user
from tests.hostile.corpus import SCRIPTS, TEXTS
from tests.hostile.world import act_on, fill

pytestmark = pytest.mark.django_db
GRIDS = ("/invoices/backlog/", "/invoices/?tab=all", "/invoices/backlog/?group=client&group=job&sort=-client")


class Elements(HTMLParser):
    """The elements of a page: what a browser would make of it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.wrong.append(f"<{tag} {values}>")
        if tag in {"img", "style", "object", "embed", "iframe", "base", "template"}:
            self.wrong.append(f"<{tag} {values}>")
        self.wrong += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "hx-get", "hx-post"):
            if values.get(name) and not re.match(r"[/?#]", values[name] or ""):
                self.wrong.append(f"{tag} {name}={values[name]}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def squeezed(value: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", value)).strip()


@pytest.fixture
def admin() -> User:
    return make_user(name=SCRIPTS[0])


def addresses(invoices: list[Invoice], batch: int, run: ExportRun) -> list[str]:
    one = [f"/invoices/{invoice.pk}/{part}" for invoice in invoices for part in ("", "detail/", "edit/", "credit/")]
    acts = [f"/invoices/{invoices[0].pk}/untick/", f"/invoices/{invoices[2].pk}/process/"]
    runs = [f"/runs/{key}/" for key in ExportRun.objects.values_list("pk", flat=True)]
    return ["/", "/profile/", *GRIDS, *one, *acts, "/batches/", f"/batches/{batch}/", "/runs/", *runs]


def test_every_page_shows_it_as_text(admin: User) -> None:
    invoices = fill(TEXTS)
    batch, run = act_on(invoices, admin, SCRIPTS[0])
    client = logged_in(admin)
    for address in addresses(invoices, batch.number, run):
        for headers in ({}, HTMX):
            response = client.get(address, headers=headers)
            if response.status_code == 200:
                assert Elements(text(response)).wrong == [], address
    windows(client, invoices[2:])


def windows(client: Client, invoices: list[Invoice]) -> None:
    """What answers with names of invoices, in the process, export and undo windows and when rows left."""
    ids = ",".join(str(invoice.pk) for invoice in invoices)
    for part in ("process/", "export/"):
        page = client.post(f"/invoices/backlog/{part}", {"mode": "ids", "ids": ids, "window": "1"}, headers=HTMX)
        assert page.status_code == 200, part
        assert Elements(text(page)).wrong == [], part
    assert Elements(text(client.post("/invoices/backlog/undo/", {"batch": "1"}))).wrong == []


def test_what_is_shown_is_what_was_typed(admin: User) -> None:
    """The client's name in the row, the description in the detail, the memo on the page: whole, nothing run."""
    invoices = fill(TEXTS)
    client = logged_in(admin)
    backlog = squeezed("".join(Elements(text(client.get("/invoices/backlog/?size=50"))).text))
    for invoice, typed in zip(invoices, TEXTS, strict=True):
        assert squeezed(typed[:190]) in backlog, typed
        page = squeezed("".join(Elements(text(client.get(f"/invoices/{invoice.pk}/"))).text))
        assert page.count(squeezed(typed)) >= 3, typed
        detail = squeezed("".join(Elements(text(client.get(f"/invoices/{invoice.pk}/detail/", headers=HTMX))).text))
        assert squeezed(typed) in detail, typed


def test_a_search_for_it_finds_it(admin: User) -> None:
    invoices = fill(TEXTS)
    client = logged_in(admin)
    for invoice, typed in zip(invoices, TEXTS, strict=True):
        found = rows(client.get("/invoices/backlog/", {"q": typed[:60]}))
        assert invoice.number in found, typed


def exported(admin: User, rows: "QuerySet[Invoice]") -> ExportRun:
    """A csv run, built as far as it goes."""
    run = start_run(slug="csv", invoices=rows, by=admin)
    work_on(run.pk)
    return ExportRun.objects.get(pk=run.pk)


def test_the_csv_holds_exactly_what_was_typed(admin: User) -> None:
    """Read back by an independent reader. What a text file cannot hold is refused by name, and nothing is dropped."""
    invoices = fill(TEXTS)
    marked = [invoice for invoice, typed in zip(invoices, TEXTS, strict=True) if "\ufeff" in typed]
    refused = exported(admin, Invoice.objects.all())
    assert refused.state == "failed"
    assert f"{marked[0].number}: memo: the character U+FEFF cannot stand in the file" in refused.error
    run = exported(admin, Invoice.objects.exclude(pk__in=[each.pk for each in marked]))
    assert run.state == "succeeded", run.error
    documents = {each["document_number"]: each for each in read(files.path_of(run).read_bytes())}
    assert len(documents) == len(TEXTS) - len(marked)
    for invoice, typed in zip(invoices, TEXTS, strict=True):
        if invoice not in marked:
            expected = unicodedata.normalize("NFC", typed)
            assert documents[invoice.number].rows[0]["description"] == expected
            assert documents[invoice.number]["memo"] == expected


@pytest.mark.pdf
def test_from_the_page_to_the_pdf_and_the_zip(admin: User) -> None:
    """Nothing but our font and drawing is inside; what can be drawn stands there as typed."""
    invoices = fill(SCRIPTS)
    client = logged_in(admin)
    response = client.post(
        "/invoices/backlog/pdfs/",
        {"mode": "ids", "ids": ",".join(str(invoice.pk) for invoice in invoices)},
        headers=HTMX,
    )
    assert response.status_code == 200
    run = ExportRun.objects.get()
    work_on(run.pk)
    body = b"".join(client.get(f"/runs/{run.pk}/download/"))
    with zipfile.ZipFile(BytesIO(body)) as archive:
        names = archive.namelist()
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)
        pdfs = {name.split("_")[0].removesuffix(".pdf"): archive.read(name) for name in names if name.endswith(".pdf")}
    for invoice, typed in zip(invoices, SCRIPTS, strict=True):
        reader = PdfReader(BytesIO(pdfs[invoice.number]))
        shown = "".join(page.extract_text() for page in reader.pages)
        assert re.sub(r"\s", "", typed)[:40] in re.sub(r"\s", "", shown), typed
        assert not reader.attachments
        assert b"/URI" not in pdfs[invoice.number]
        assert b"root:" not in pdfs[invoice.number]
        assert pdfs[invoice.number] == client.get(f"/invoices/{invoice.pk}/pdf/").content


def test_a_very_long_text_is_shown_and_exported(admin: User) -> None:
    """200,000 characters of description in one line, with and without blanks."""
    invoices = fill(("short", "words"))
    for invoice, part in zip(invoices, ("x", "lorem <b>ipsum</b> "), strict=True):
        InvoiceLine.objects.filter(invoice=invoice).update(description=(part * 200_000)[:200_000])
    client = logged_in(admin)
    for invoice in invoices:
        for address in (f"/invoices/{invoice.pk}/", f"/invoices/{invoice.pk}/detail/"):
            page = text(client.get(address))
            assert len(page) > 200_000
            assert "<b>ipsum" not in page
            assert "lorem <b>ipsum" in unescape(page) or "xxxx" in page
    run = exported(admin, Invoice.objects.all())
    assert (run.state, run.attempts) == ("succeeded", 1)
    lengths = [len(each.rows[0]["description"]) for each in read(files.path_of(run).read_bytes())]
    assert lengths == [200_000, 200_000]
