"""Kept PDFs: rendered once, whole or absent, made again when damaged or superseded."""

import os
import time
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from invoices.document import InvoiceData
from invoices.models import Invoice
from invoices.pdf import store
from invoices.pdf.prerender import Prerender
from invoices.pdf.render import document_key, render_html, render_pdf
from invoices.pdf.store import is_kept, pdf_path, read_pdf
from tests.factories import TODAY, make_company, make_invoice
from tests.pdf.documents import make_document

pytestmark = pytest.mark.pdf
NOT_PRINTED = ("version", "accounting_id", "client_number", "client_email", "memo", "records")


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the documents rendered."""
    numbers: list[str] = []

    def counted(document: Any, **options: Any) -> bytes:
        numbers.append(document.number)
        return render_pdf(document, **options)

    monkeypatch.setattr(store, "render_pdf", counted)
    return numbers


def test_a_pdf_is_rendered_once_and_kept(renders: list[str]) -> None:
    document = make_document()
    first = read_pdf(document, paper="letter")
    assert first == read_pdf(document, paper="letter") == pdf_path(document, paper="letter").read_bytes()
    assert renders == ["INV-10456"]
    assert is_kept(document, paper="letter")
    assert not is_kept(document, paper="a4")


@pytest.mark.parametrize("damage", ["truncate", "flip"])
def test_a_damaged_file_is_found_and_made_again(damage: str, renders: list[str]) -> None:
    document = make_document()
    path = pdf_path(document, paper="letter")
    whole = path.read_bytes()
    broken = whole[:-500] if damage == "truncate" else whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:]
    path.write_bytes(broken)
    assert read_pdf(document, paper="letter") == whole
    assert path.read_bytes() == whole
    assert len(renders) == 2


def test_the_key_follows_what_is_printed_and_nothing_else() -> None:
    document = make_document()
    key, page = document_key(document, paper="letter"), render_html(document)
    assert document_key(document, paper="a4") != key
    others: dict[str, Any] = {
        "version": 9,
        "accounting_id": "X",
        "client_number": "X",
        "client_email": "X",
        "memo": "X",
    }
    line = replace(document.lines[0], account_code="X", taxes=document.taxes)
    for same in [*({name: value} for name, value in others.items()), {"lines": (line,)}]:
        assert document_key(replace(document, **same), paper="letter") == key
        assert render_html(replace(document, **same)) == page


@pytest.mark.parametrize("name", [field.name for field in fields(InvoiceData) if field.name not in NOT_PRINTED])
def test_every_printed_value_is_in_the_key(name: str) -> None:
    document = make_document()
    value = getattr(document, name)
    values: dict[type, Any] = {str: "other", int: 7, tuple: (), Decimal: Decimal("1.23")}
    other = values.get(type(value), TODAY)
    key = document_key(document, paper="letter")
    assert document_key(replace(document, **{name: other}), paper="letter") != key


def test_a_new_content_version_has_its_own_file_and_old_ones_go_after_a_day() -> None:
    document = make_document()
    old = pdf_path(document, paper="letter")
    newer = pdf_path(replace(document, content_version=2, po_number="7"), paper="letter")
    assert old.exists()
    yesterday = time.time() - 90_000
    os.utime(old, (yesterday, yesterday))
    pdf_path(replace(document, content_version=3, po_number="8"), paper="letter")
    assert not old.exists()
    assert newer.exists()


def test_a_failed_render_leaves_nothing(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        read_pdf(make_document(), paper="letter")
    assert [file for file in files.rglob("*") if file.is_file()] == []


@pytest.mark.django_db
def test_missing_pdfs_are_made_newest_first(renders: list[str]) -> None:
    make_company()
    old = make_invoice(invoice_date=TODAY.replace(day=1))
    new = make_invoice()
    make_invoice(signed=False)
    ahead = Prerender()
    assert ahead.render(1) == 1
    assert renders == [new.number]
    assert ahead.render(5) == 1
    assert renders == [new.number, old.number]
    assert ahead.render(5) == 0
    Invoice.objects.filter(pk=old.pk).update(content_version=2, po_number="changed")
    ahead.next_look = 0
    assert ahead.render(5) == 1
    assert renders[-1] == old.number
    again = Prerender()  # another process: looks, renders nothing
    assert again.render(5) == 0


@pytest.mark.django_db
def test_one_bad_document_does_not_stop_the_others(renders: list[str]) -> None:
    make_company()
    make_invoice()
    bad = make_invoice(invoice_date=TODAY)
    bad.lines.update(description="x" * 1_000_001)
    ahead = Prerender()
    assert ahead.render(5) == 1
    assert ahead.render(5) == 0
