"""A ZIP as the firm wants it: names by a pattern, folders, DWRs as backup, an index for people, and bad PDFs apart."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client as Browser
from pypdf import PdfReader

from exports import profiles
from exports.files import path_of
from exports.formats import PDF_ZIP, get_format
from exports.formats.base import CompanyFacts, Context
from exports.formats.pdf_zip_names import Names
from exports.formats.profile import Profile
from exports.models import ExportRun, RunState
from exports.start import make_again, start_run
from exports.work import work_on
from invoices.document import InvoiceData
from invoices.models import Invoice, InvoicedRecord
from invoices.pdf import store
from invoices.pdf.names import MAX_BYTES, name_by, pattern_refusal
from jobbook.common.audit import Operation
from jobbook.common.printing.assets import PdfError
from jobbook.jobs.models import Company
from jobbook.reports.management.commands.check_invariants import violations
from tests.exports.windows import PDFS, intent_in, post, start, text_of
from tests.factories import make_company, make_invoice, make_record, make_user
from tests.pdf.documents import make_document

pytestmark = pytest.mark.pdf
FORMAT = get_format(PDF_ZIP)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bytes that differ by document in place of its pages; none for the number INV-BAD."""

    def render(document: InvoiceData, paper: str, assets: object) -> bytes:
        if document.number.startswith("INV-BAD"):
            raise PdfError(f"{document.number}: the page has no end.")
        return f"%PDF {document.number} {paper}".encode()

    monkeypatch.setattr(store, "render_pdf", render)
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def archive_of(documents: list[InvoiceData], **settings: str) -> zipfile.ZipFile:
    out = io.BytesIO()
    ctx = Context(1, CompanyFacts("Northfork", "CAD", "letter"), Profile({"index": "csv", **settings}))
    FORMAT.write(out, documents, ctx)
    return zipfile.ZipFile(out)


def index_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read("index.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def archive_at(run: ExportRun) -> zipfile.ZipFile:
    return zipfile.ZipFile(path_of(run))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{number}_{client}", "INV-7_Kestrel-Midstream-Inc"),
        ("{client} {date} {number}", "Kestrel-Midstream-Inc 2026-10-30 INV-7"),
        ("{number}_{po}_{project}", "INV-7_A-1"),
        ("{number}-{job}", "INV-7-26-1128"),
    ],
)
def test_a_pattern_makes_the_name_and_empty_fields_leave_no_gap(pattern: str, name: str) -> None:
    document = make_document(number="INV-7", po_number="A/1", project_name="", job_number="26-1128")
    assert pattern_refusal(pattern) == ""
    assert name_by(pattern, document) == name


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "{number} must stand in it"),
        ("{client}", "{number} must stand in it"),
        ("{number}{total}", "there is no {total}"),
        ("{number}/{client}", "only letters, digits"),
        ("..{number}", "only letters, digits"),
        ("{number} {client} {number}", "twice"),
        ("{number}" + "x" * 31, "at most 30 characters"),
        ("{number}\u202e", "only letters, digits"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str, reason: str) -> None:
    assert reason in pattern_refusal(pattern)


@pytest.mark.parametrize("pattern", ["{client}{po}{number}", "{project} {number}", "{number}_{client}"])
@pytest.mark.parametrize("folders", ["flat", "client"])
def test_f44_any_pattern_keeps_names_safe_unique_and_short(pattern: str, folders: str) -> None:
    hostile = ["../../x", "CON", "Ä", "A\u0308", "ä", "x" * 300, "\u202egpj.exe", "", "東京", "index"]
    numbers = [*hostile, "A/1", "a-1", "A 1", "9" * 300, "index"]
    names = Names({"names": pattern, "folders": folders, "backup": "records"})
    found = []
    for n, number in enumerate(numbers):
        text = hostile[n % len(hostile)]
        document = make_document(
            number=number, client_name=text, client_number=str(n), po_number=text, project_name=text
        )
        found.append(names.give(document))
        found.append(names.backup(found[-1], "9" * 40))
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        parts = name.split("/")
        assert len(parts) == (2 if folders == "client" else 1)
        assert all(part.strip(" .") == part and len(part.encode()) <= MAX_BYTES for part in parts)
        assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_. /")
        assert "con" not in {part.partition(".")[0].casefold() for part in parts}
        assert name.casefold() not in {"index.pdf", "index.csv"}


def test_the_number_is_never_shortened_for_the_rest() -> None:
    document = make_document(number="INV-10443", client_name="x" * 300, project_name="y" * 300)
    name = name_by("{client}_{project}_{number}", document)
    assert name.endswith("_INV-10443")
    assert len(name) <= MAX_BYTES - 4


def test_no_document_takes_the_name_of_the_index() -> None:
    names = archive_of(
        [make_document(id=n, number=number) for n, number in enumerate(("index", "INDEX-1"))], names="{number}"
    )
    assert names.namelist() == ["doc-index.pdf", "doc-INDEX-1.pdf", "index.csv"]


def test_a_folder_is_one_client_whatever_its_invoices_call_it() -> None:
    rows = [("C-1", "A/B"), ("C-2", "a-b"), ("C-1", "A/B Renamed")]
    documents = [
        make_document(id=n, number=f"INV-{n}", client_number=number, client_name=name)
        for n, (number, name) in enumerate(rows)
    ]
    names = archive_of(documents, folders="client").namelist()
    assert [name.partition("/")[0] for name in names[:-1]] == ["A-B", "a-b-2", "A-B"]


def test_one_bad_pdf_does_not_stop_the_others_and_the_index_names_it(tmp_path: Path) -> None:
    good = [make_document(id=n, number=f"INV-{n}", total=Decimal("10.00")) for n in (1, 3)]
    bad = make_document(id=2, number="INV-BAD", total=Decimal("99.00"))
    archive = archive_of([good[0], bad, good[1]])
    assert len(archive.namelist()) == 3
    rows = index_of(archive)
    assert [row["number"] for row in rows] == ["INV-1", "INV-BAD", "INV-3"]
    assert rows[1]["file"] == rows[1]["sha256"] == ""
    assert rows[1]["remark"] == "not in this ZIP: cannot be printed: the page has no end."
    (tmp_path / "x.zip").write_bytes(archive.fp.getvalue())  # type: ignore[union-attr]
    totals = FORMAT.read_totals(tmp_path / "x.zip", Profile())
    assert (totals.count, totals.total, totals.last) == (2, Decimal("20.00"), "INV-3")


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_on_the_page_of_the_run_and_can_be_tried_again(client: Browser) -> None:
    make_company()
    admin = make_user()
    client.force_login(admin)
    make_invoice(number="INV-1")
    make_invoice(number="INV-BAD")
    run = work_on(start_run(slug=PDF_ZIP, invoices=Invoice.objects.all(), by=admin).pk)
    assert run is not None
    assert (run.state, run.done, run.total) == (RunState.SUCCEEDED, 1, Decimal("105.00"))
    words = text_of(client.get(f"/runs/{run.pk}/"))
    assert "1 of 2 could not be made and is not in the file" in words
    assert "cannot be printed: the page has no end." in words
    assert "Retry the 1 that failed" in words
    assert "Download 1 PDF (" in words
    assert violations() == []
    make_again(run, by=admin)
    assert work_on(run.pk).state == RunState.SUCCEEDED  # type: ignore[union-attr]
    Invoice.objects.filter(number="INV-BAD").update(number="INV-MENDED")
    client.post(f"/runs/{run.pk}/retry-failed/")
    again = work_on(ExportRun.objects.get(retry_of=run).pk)
    assert again is not None
    assert [row["number"] for row in index_of(archive_at(again))] == ["INV-MENDED"]


@pytest.mark.django_db(transaction=True)
def test_when_every_pdf_is_bad_there_is_no_file_and_all_can_be_tried_again(client: Browser) -> None:
    make_company()
    admin = make_user()
    client.force_login(admin)
    make_invoice(number="INV-BAD")
    run = work_on(start_run(slug=PDF_ZIP, invoices=Invoice.objects.all(), by=admin).pk)
    assert run is not None
    assert run.state == RunState.FAILED
    assert "INV-BAD" in run.error
    words = text_of(client.get(f"/runs/{run.pk}/"))
    assert "Retry the 1 that failed" in words
    assert "without those" not in words


@pytest.mark.django_db(transaction=True)
def test_the_signed_dwrs_follow_their_invoice_and_the_zip_can_be_made_again(client: Browser) -> None:
    make_company(name="Northfork")
    admin = make_user()
    client.force_login(admin)
    first, second = make_invoice(number="INV-1"), make_invoice(number="INV-2")
    for number, signed in (("8002", "A. Roy"), ("8001", ""), ("8003", "B. Roy")):
        record = make_record(job=first.job, dwr_number=number, signed_by=signed)
        InvoicedRecord.objects.create(record=record, invoice=first)
    choices = {"names": "{number}", "folders": "flat", "backup": "records", "index": "both"}
    window = post(client, PDFS, [first, second], window="1")
    assert "INV-1_Client" in text_of(window)
    shown = client.post("/invoices/backlog/pdfs/preview/", {"intent": intent_in(window), **choices})
    assert "INV-1_DWR-8003.pdf" in text_of(shown)
    start(client, window, **choices)
    run = work_on(ExportRun.objects.get().pk)
    assert run is not None
    assert run.state == RunState.SUCCEEDED, run.error
    archive = archive_at(run)
    assert archive.namelist() == [
        "INV-1.pdf", "INV-1_DWR-8002.pdf", "INV-1_DWR-8003.pdf", "INV-2.pdf", "index.pdf", "index.csv",
    ]  # fmt: skip
    text = PdfReader(io.BytesIO(archive.read("INV-1_DWR-8002.pdf"))).pages[0].extract_text()
    assert all(words in text for words in ("Northfork", "8002", "A. Roy", "J. Lavoie"))
    assert archive.read("index.pdf").startswith(b"%PDF-")
    assert [row["what"] for row in index_of(archive)] == ["invoice", "DWR 8002", "DWR 8003", "invoice"]
    assert index_of(archive)[0]["remark"] == "not signed and not here: DWR 8001"
    Company.objects.update(name="Renamed since")
    make_again(run, by=admin)
    assert work_on(run.pk).state == RunState.SUCCEEDED, "the same bytes, whatever happened since"  # type: ignore[union-attr]
    assert profiles.current(PDF_ZIP)["names"] == "{number}", "the next download proposes the same"


@pytest.mark.django_db(transaction=True)
def test_choices_that_cannot_be_used_come_back_with_the_window(client: Browser) -> None:
    make_company()
    client.force_login(make_user())
    window = post(client, PDFS, [make_invoice()], window="1")
    wrong = {"names": "{total}", "folders": "client", "backup": "none", "index": "csv"}
    answer = start(client, window, **wrong)
    words, html = text_of(answer), answer.content.decode()
    assert "Names of the files: there is no {total}" in words
    assert 'value="{total}"' in html
    assert '<option value="client" selected>' in html
    assert not ExportRun.objects.exists()
    assert profiles.current(PDF_ZIP)["names"] == "{number}_{client}"


def test_the_printed_index_is_cut_into_parts_and_names_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.formats.pdf_zip_index.PRINTED", 2)
    documents = [replace(make_document(id=n, number=f"INV-{n}")) for n in range(3)]
    first = archive_of(documents, index="both")
    assert first.namelist()[3:] == ["index-1.pdf", "index-2.pdf", "index.csv"]


@pytest.mark.django_db(transaction=True)
def test_a_dwr_in_the_zip_names_the_day_that_its_page_names(client: Browser) -> None:
    """Wherever the sun stands in UTC, one of these two zones has another day."""
    zone = next(name for name in ("Pacific/Kiritimati", "Etc/GMT+12") if day_in(name) != day_in("UTC"))
    make_company(time_zone=zone)
    admin, invoice = make_user(), make_invoice(number="INV-1")
    client.force_login(admin)
    record = make_record(job=invoice.job, dwr_number="8001", client_signed_by="D. Okafor")
    InvoicedRecord.objects.create(record=record, invoice=invoice)
    for action, hours in (("record.create", "8 h"), ("record.correct", "7 h")):
        with transaction.atomic():
            operation = Operation(admin, action)
            operation.item("dwr", record.pk, before={"lines": []}, after={"lines": [hours]}).save()
            operation.close()
    choices = {"names": "{number}", "folders": "flat", "backup": "records", "index": "csv"}
    start(client, post(client, PDFS, [invoice], window="1"), **choices)
    run = work_on(ExportRun.objects.get().pk)
    assert run is not None
    assert run.state == RunState.SUCCEEDED, run.error
    printed = PdfReader(io.BytesIO(archive_at(run).read("INV-1_DWR-8001.pdf"))).pages[0].extract_text()
    said = f"after the client signed: {admin.name}, {day_in(zone)}"
    assert said in " ".join(printed.split())
    assert said in text_of(client.get(f"/records/{record.pk}/"))


def day_in(zone: str) -> str:
    now = datetime.now(ZoneInfo(zone))
    return f"{now.day} {now:%b %Y}"
