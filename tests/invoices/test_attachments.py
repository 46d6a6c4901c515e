"""Files of an invoice: what is kept, who gets them, and how the browser is told to treat them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from invoices import attachment_views
from invoices.editing import delete_invoice
from invoices.models import Attachment, Invoice
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditItem
from jobbook.jobs.models import StoredFile
from jobbook.jobs.uploads import keep_picture_or_pdf
from tests.backlog.grids import logged_in, text
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def invoice() -> Invoice:
    make_company()
    return make_invoice(signed=False)


@pytest.fixture
def client(invoice: Invoice) -> Client:
    return logged_in(make_user(name="Mai Tran"))


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def add(client: Client, invoice: Invoice, name: str, data: bytes) -> Any:
    file = SimpleUploadedFile(name, data, content_type="text/html")
    return client.post(f"/invoices/{invoice.pk}/attach/", {"file": file}, follow=True)


def test_a_file_is_kept_listed_and_given_back_as_an_attachment(client: Client, invoice: Invoice) -> None:
    page = text(add(client, invoice, "../../Site plan\u202e.pdf", PDF))
    assert "Site plan.pdf" in page
    assert "Mai Tran" in page
    attachment = Attachment.objects.get()
    answer = client.get(f"/attachments/{attachment.pk}/")
    assert b"".join(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Site-plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    note = AuditItem.objects.get(object_type="invoice")
    assert json.loads(note.after) == {"attachment": "Site plan.pdf"}
    assert Invoice.objects.get().version == invoice.version


def test_a_picture_is_written_anew(client: Client, invoice: Invoice) -> None:
    add(client, invoice, "photo.html", png() + b"<script>alert(1)</script>")
    answer = client.get(f"/attachments/{Attachment.objects.get().pk}/")
    data = b"".join(answer)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    assert b"script" not in data
    assert Image.open(io.BytesIO(data)).size == (40, 30)


@pytest.mark.parametrize("data", [b"<html>", b"MZ\x90", b"", png()[:60]])
def test_anything_else_is_refused_in_words(client: Client, invoice: Invoice, data: bytes) -> None:
    page = text(add(client, invoice, "a.pdf", data))
    assert "a.pdf was not added" in page or "Choose a file first" in page
    assert not Attachment.objects.exists()


def test_a_file_may_be_taken_off_while_the_invoice_is_a_draft(client: Client, invoice: Invoice) -> None:
    add(client, invoice, "a.pdf", PDF)
    late = make_invoice()
    add(client, late, "b.pdf", PDF)
    early_file, late_file = Attachment.objects.order_by("pk")
    assert "a.pdf is taken off." in text(client.post(f"/attachments/{early_file.pk}/remove/", follow=True))
    refused = text(client.post(f"/attachments/{late_file.pk}/remove/", follow=True))
    assert f"{late.number} is in Admin Queue" in refused
    assert list(Attachment.objects.all()) == [late_file]
    assert "/remove/" not in refused


def test_whoever_may_not_see_the_invoice_does_not_see_its_file(client: Client, invoice: Invoice) -> None:
    add(client, invoice, "a.pdf", PDF)
    address = f"/attachments/{Attachment.objects.get().pk}/"
    assert logged_in(make_user(Role.ACCOUNTING)).get(address).status_code == 404
    assert logged_in(make_user(Role.PROJECT_MANAGER)).get(address).status_code == 404
    assert logged_in(make_user(Role.TECHNICIAN)).get(address).status_code == 403
    assert logged_in(invoice.job.project_manager).get(address).status_code == 200


def test_bytes_that_are_gone_are_not_there(client: Client, invoice: Invoice, data_directory: Path) -> None:
    add(client, invoice, "a.pdf", PDF)
    for file in data_directory.rglob("*.pdf"):
        file.unlink()
    assert client.get(f"/attachments/{Attachment.objects.get().pk}/").status_code == 404


def test_a_file_for_an_invoice_that_was_deleted_meanwhile_is_refused_in_words(
    client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is deleted while the file is being read."""

    def then_the_other(*given: Any) -> StoredFile:
        delete_invoice(invoice.pk, version=invoice.version, by=make_user())
        return keep_picture_or_pdf(*given)

    monkeypatch.setattr(attachment_views, "keep_picture_or_pdf", then_the_other)
    page = text(add(client, invoice, "plan.pdf", PDF))
    assert "The invoice is not there any more." in page
    assert not Attachment.objects.exists()
