"""The ZIP of PDFs: same bytes again, safe unique names, an index that agrees with what is in it."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from exports.formats import PDF_ZIP, get_format
from exports.formats.base import CompanyFacts, Context, FormatError
from exports.formats.profile import Profile
from exports.models import RunState
from exports.snapshot import freeze, thaw
from exports.start import start_run
from exports.work import work_on
from invoices.document import InvoiceData, load
from invoices.models import Invoice
from invoices.pdf import store
from invoices.pdf.names import MAX_BYTES, pdf_name
from invoices.pdf.render import document_key
from tests.factories import make_client, make_company, make_invoice, make_job, make_user
from tests.pdf.documents import make_document, make_line

pytestmark = pytest.mark.pdf
FORMAT = get_format(PDF_ZIP)
HOSTILE_NAMES = [
    "../../x", "a/b", "a\\b", "CON", "Ä", "A\u0308", "ä", "x" * 300, "\u202egpj.exe", "", "..", "東京", "=1+1",
    "NUL.txt", "name\n.pdf", "C:\\Windows", "-rf *", "%2e%2e/", "`id`", "'", '"; rm',
]  # fmt: skip


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that differ by document, in place of pages: these tests are about the archive."""
    monkeypatch.setattr(store, "render_pdf", lambda document, paper, assets: f"%PDF {document} {paper}".encode())


def archive_of(documents: Iterable[InvoiceData], **context: Any) -> bytes:
    """A ZIP with the CSV index alone: what is printed has tests of its own."""
    out = io.BytesIO()
    context = {"profile": Profile({"index": "csv"}), **context}
    FORMAT.write(out, documents, Context(1, CompanyFacts("Northfork", "CAD", "letter"), **context))
    return out.getvalue()


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def index_of(data: bytes) -> list[list[str]]:
    text = opened(data).read("index.csv").decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))


def some(count: int = 3) -> list[InvoiceData]:
    return [make_document((make_line(n),), id=n, number=f"INV-{n:05}") for n in range(1, count + 1)]


@pytest.mark.usefixtures("no_rendering")
def test_the_same_documents_give_the_same_bytes() -> None:
    first = archive_of(some())
    assert archive_of(some()) == first
    assert archive_of(some(4)) != first


@pytest.mark.usefixtures("no_rendering")
def test_entries_carry_no_clock_and_are_stored() -> None:
    archive = opened(archive_of(some()))
    assert archive.testzip() is None
    assert [entry.filename for entry in archive.infolist()] == [
        "INV-00001_Kestrel-Midstream-Inc.pdf",
        "INV-00002_Kestrel-Midstream-Inc.pdf",
        "INV-00003_Kestrel-Midstream-Inc.pdf",
        "index.csv",
    ]
    for entry in archive.infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.create_system == 3
        assert entry.external_attr >> 16 == 0o100644
        assert entry.compress_type == zipfile.ZIP_STORED


@pytest.mark.usefixtures("no_rendering")
def test_the_index_is_equal_to_what_is_in_it() -> None:
    credit = make_document(
        (make_line(quantity="-1"),), id=4, number="CN-1", client_name="=cmd()", total=Decimal("-100.80")
    )
    data = archive_of([*some(), credit])
    archive = opened(data)
    head, *rows = index_of(data)
    assert head == ["number", "client", "date", "total", "what", "file", "sha256", "remark"]
    assert [row[5] for row in rows] == archive.namelist()[:-1]
    assert [row[4] for row in rows] == ["invoice"] * 3 + ["credit note"]
    for row in rows:
        assert hashlib.sha256(archive.read(row[5])).hexdigest() == row[6]
    assert rows[0][:4] == ["INV-00001", "Kestrel Midstream Inc.", "2026-10-30", "806.40"]
    assert rows[3][:4] == ["CN-1", "'=cmd()", "2026-10-30", "-100.80"]


@pytest.mark.usefixtures("no_rendering")
def test_f44_names_are_safe_and_unique() -> None:
    documents = [
        make_document(id=n, number=number, client_name=name)
        for n, (number, name) in enumerate(
            [(f"INV-{i}", name) for i, name in enumerate(HOSTILE_NAMES)]
            + [
                ("A/1", "x"),
                ("a-1", "X"),
                ("A 1", "x"),
                ("CON", "x"),
                ("com1", ""),
                ("../../etc/x", ".."),
                ("9" * 300, "y" * 300),
            ]
        )
    ]
    names = opened(archive_of(documents)).namelist()
    assert len({name.casefold() for name in names}) == len(names) == len(documents) + 1
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    reserved = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
    for name in names:
        assert set(name) <= allowed
        assert len(name.encode()) <= MAX_BYTES
        assert name.split(".")[0].lower() not in reserved
        assert name.count(".") == 1
        assert not name.startswith(("-", ".", "_"))


def test_a_name_without_letters_is_still_a_name() -> None:
    assert pdf_name(make_document(number="東", client_name="東京")) == "document_client.pdf"
    assert (
        pdf_name(make_document(number="INV-10443", client_name="Birchline Energy")) == "INV-10443_Birchline-Energy.pdf"
    )


@pytest.mark.usefixtures("no_rendering")
def test_one_document_at_a_time_is_taken_and_counted() -> None:
    taken: list[int] = []
    seen: list[tuple[int, int]] = []

    def stream() -> Iterable[InvoiceData]:
        for document in some(5):
            taken.append(document.id)
            yield document

    archive_of(stream(), progress=lambda done: seen.append((done, len(taken))))
    assert seen == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]


def test_a_file_without_any_document_is_no_file() -> None:
    bad = make_document((make_line(description="x" * 1_000_001),), id=9, number="INV-9")
    with pytest.raises(FormatError) as raised:
        archive_of([bad])
    assert [problem.number for problem in raised.value.problems] == ["INV-9"]
    assert "characters" in str(raised.value)
    assert [problem.invoice_id for problem in FORMAT.problems(bad, Profile())] == [9]
    assert FORMAT.problems(make_document(), Profile()) == []


@pytest.mark.usefixtures("no_rendering")
def test_totals_are_read_back_from_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(archive_of(some()))
    totals = FORMAT.read_totals(file, Profile())
    assert (totals.count, totals.total) == (3, Decimal("2419.20"))
    assert (totals.first, totals.last) == ("INV-00001", "INV-00003")


@pytest.mark.usefixtures("no_rendering")
@pytest.mark.parametrize("fault", ["truncated", "flipped", "index", "lost", "twice"])
def test_a_wrong_archive_is_refused(fault: str, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    data = archive_of(some())
    if fault == "truncated":
        data = data[:-100]
    elif fault == "flipped":
        data = data.replace(b"%PDF", b"%PDG", 1)
    else:
        data = _rebuilt(data, fault)
    file.write_bytes(data)
    with pytest.raises(ValueError, match=r"archive|entry|index|same name|cannot be read"):
        FORMAT.read_totals(file, Profile())


def _rebuilt(data: bytes, fault: str) -> bytes:
    out = io.BytesIO()
    with opened(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist()[1 if fault == "lost" else 0 :]:
            if fault == "index" and name == "index.csv":
                continue
            new.writestr(name, old.read(name))
            if fault == "twice" and name != "index.csv":
                new.writestr(name.upper(), old.read(name))
    return out.getvalue()


@pytest.mark.django_db
def test_a_frozen_document_is_the_one_whose_pdf_is_kept() -> None:
    """Else every ZIP would render again what the idle worker rendered ahead."""
    make_invoice(amounts=["100.00", "0.33"])
    document = next(load(Invoice.objects.all()))
    assert thaw(freeze(document)) == document
    assert document_key(thaw(freeze(document)), paper="a4") == document_key(document, paper="a4")


@pytest.mark.django_db(transaction=True)
def test_a_run_makes_the_same_zip_twice(files: Path) -> None:
    make_company()
    for name in ("Birchline Energy", "../../x", "Ä/CON"):
        make_invoice(job=make_job(client=make_client(name=name)), amounts=["100.00", "-3.10"])
    make_invoice(amounts=["-20.00"], invoice_date=date(2026, 1, 5))
    admin = make_user()
    first, second = (work_on(start_run(slug=PDF_ZIP, invoices=Invoice.objects.all(), by=admin).pk) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.state == second.state == RunState.SUCCEEDED, first.error
    assert first.sha256 == second.sha256
    rows = index_of((files / second.file).read_bytes())[1:]
    expected = [(i.number, f"{i.total}") for i in Invoice.objects.order_by("invoice_date", "number")]
    assert [(row[0], row[3]) for row in rows] == expected


@pytest.mark.django_db(transaction=True)
def test_the_page_of_its_run_names_characters_the_font_lacks(client: Browser, no_rendering: None) -> None:
    make_company()
    admin = make_user()
    client.force_login(admin)
    make_invoice()
    make_invoice(po_number="東")
    for slug, times in ((PDF_ZIP, 1), ("csv", 0)):
        run = start_run(slug=slug, invoices=Invoice.objects.all(), by=admin)
        work_on(run.pk)
        Invoice.objects.update(po_number="東2")  # what was sent counts
        html = client.get(f"/runs/{run.pk}/").content.decode()
        assert html.count("White squares") == html.count("U+6771 CJK UNIFIED IDEOGRAPH-6771 in po number") == times
