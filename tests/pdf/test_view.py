"""The PDF's address: who gets it, and with which headers."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from invoices import views
from invoices.document import load
from invoices.models import Invoice
from invoices.pdf.store import read_pdf
from jobbook.accounts.roles import Role
from tests.factories import make_client, make_company, make_invoice, make_job, make_user

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    make_company(paper="a4")


def logged_in(role: str) -> Browser:
    browser = Browser()
    browser.force_login(make_user(role))
    return browser


def address(invoice: Invoice) -> str:
    return reverse("invoice_pdf", args=[invoice.pk])


def test_an_administrator_sees_the_pdf_in_the_browser(client: Browser) -> None:
    invoice = make_invoice(job=make_job(client=make_client(name="Birchline Energy")), number="INV-10443")
    response = logged_in(Role.ADMINISTRATOR).get(address(invoice))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="INV-10443_Birchline-Energy.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    page = PdfReader(BytesIO(response.content), strict=True).pages[0]
    assert round(page.mediabox.width) == 595
    assert "INV-10443" in page.extract_text()


def test_who_may_see_it() -> None:
    invoice = make_invoice()
    unsigned = make_invoice(signed=False)
    assert logged_in(Role.ACCOUNTING).get(address(invoice)).status_code == 200
    assert logged_in(Role.ACCOUNTING).get(address(unsigned)).status_code == 404
    assert logged_in(Role.PROJECT_MANAGER).get(address(invoice)).status_code == 404
    assert logged_in(Role.TECHNICIAN).get(address(invoice)).status_code == 403
    assert "log" in Browser().get(address(invoice))["Location"]
    own = Browser()
    own.force_login(invoice.job.project_manager)
    assert own.get(address(invoice)).status_code == 200
    assert logged_in(Role.ADMINISTRATOR).get(reverse("invoice_pdf", args=[10**9])).status_code == 404
    assert logged_in(Role.ADMINISTRATOR).post(address(invoice)).status_code == 405


def test_an_invoice_that_cannot_be_printed_says_why() -> None:
    invoice = make_invoice()
    invoice.lines.update(description="x" * 1_000_001)
    response = logged_in(Role.ADMINISTRATOR).get(address(invoice))
    assert response.status_code == 422
    assert f"{invoice.number}: 1,000,001 characters" in response.content.decode()


def test_a_very_long_invoice_does_not_hold_up_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    invoice = make_invoice(amounts=["1.00"] * 3)
    browser = logged_in(Role.ADMINISTRATOR)
    response = browser.get(address(invoice))
    assert response.status_code == 503
    assert "in the background" in response.content.decode()
    read_pdf(next(load(Invoice.objects.all())))
    assert browser.get(address(invoice)).status_code == 200


def test_characters_the_font_lacks_are_named_on_the_invoice_s_page() -> None:
    browser = logged_in(Role.ADMINISTRATOR)
    page = reverse("invoice_page", args=[make_invoice().pk])
    assert "white square" not in browser.get(page).content.decode()
    hit = make_invoice(po_number="🚚<b>", project_name="東京のパイプライン")
    html = browser.get(reverse("invoice_page", args=[hit.pk])).content.decode()
    assert "Its PDF shows a white square for 9 characters that the font lacks" in html
    assert "U+6771 CJK UNIFIED IDEOGRAPH-6771 in project name" in html
    assert "and 5 more" in html
