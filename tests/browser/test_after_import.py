"""Accounting after the import, in Chromium: it confirms, enters references three ways, marks paid; axe on each page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.browser.conftest import LogIn
from tests.browser.test_axe import Looker
from tests.commands import process
from tests.factories import make_company, make_invoice, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "Num;Trans;Amount\nINV-0;L-0;105.00\nINV-1;L-1;105.00\nINV-1;L-2;105.00\nINV-2;L-3;99.00\n"


@pytest.fixture
def accountant() -> User:
    make_company()
    invoices = [make_invoice(number=f"INV-{number}") for number in range(4)]
    admin = make_user(name="Mai Tran")
    work_on(start_run(slug="csv", invoices=Invoice.objects.all(), by=admin).pk)
    process(admin, invoices[:1])
    return make_user(Role.ACCOUNTING, name="R. Whitford")


def test_accounting_does_its_part(log_in: LogIn, accountant: User, tmp_path: Path) -> None:
    run = ExportRun.objects.get()
    page = log_in(accountant, f"/runs/{run.pk}/", reduced_motion="reduce")
    look = Looker(page)
    expect(page.get_by_text("Not confirmed yet")).to_be_visible()
    confirm(page, look)
    paste(page, look)
    upload(page, look, tmp_path)
    page.goto(f"/runs/{run.pk}/manifest/print/")
    expect(page.get_by_role("heading", name="Manifest of run 1")).to_be_visible()
    look("manifest")
    paid(page, Invoice.objects.get(number="INV-0"))
    nothing_else(page)
    assert look.found == []


def confirm(page: Page, look: Looker) -> None:
    """A difference is named, then explained."""
    page.get_by_role("link", name="Confirm the import").click()
    expect(page.get_by_role("heading", name="Confirm the import of run 1")).to_be_visible()
    page.get_by_label("Documents that accounting shows").fill("4")
    page.get_by_label("Total that accounting shows").fill("419.99")
    page.get_by_role("button", name="Confirm the import").click()
    expect(page.get_by_role("alert").first).to_contain_text("the file has 420.00: 0.01 less")
    look("difference")
    page.get_by_label("Why it differs").fill("Rounded there")
    page.get_by_role("button", name="Confirm with this difference").click()
    expect(page.get_by_text("Run 1 is confirmed.")).to_be_visible()
    expect(page.get_by_text("Confirmed with a difference")).to_be_visible()
    look("run")


def paste(page: Page, look: Looker) -> None:
    """A column in the order of the run."""
    page.get_by_role("link", name="Accounting references").click()
    expect(page.get_by_role("heading", name="Accounting references of run 1")).to_be_visible()
    look("references")
    page.get_by_label("Paste accounting’s list").fill("P-0\nP-1\n\nP-3\n")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="OK, enter 3 references").click()
    expect(page.get_by_text("3 accounting references are entered.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^INV-3"))).to_contain_text("P-3")


def upload(page: Page, look: Looker, folder: Path) -> None:
    """One missing, one twice, one different; the fourth is entered."""
    (folder / "ledger.csv").write_text(LIST)
    page.get_by_role("link", name="Accounting references").click()
    page.get_by_label("Or upload it").set_input_files(folder / "ledger.csv")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Accounting’s list beside run 1")).to_be_visible()
    for number, word in enumerate(("Matched", "Twice", "Different", "Missing")):
        expect(page.get_by_role("row", name=re.compile(f"^INV-{number}"))).to_contain_text(word)
    look("list")
    page.get_by_role("button", name="OK, enter 1 reference").click()
    expect(page.get_by_text("1 accounting reference is entered.")).to_be_visible()
    kept = Invoice.objects.order_by("number").values_list("accounting_reference", flat=True)
    assert list(kept) == ["L-0", "P-1", "", "P-3"]


def paid(page: Page, invoice: Invoice) -> None:
    page.goto(f"/invoices/{invoice.pk}/")
    page.get_by_role("link", name="Mark paid").click()
    page.get_by_label("Paid on").fill("2026-11-20")
    page.get_by_role("button", name="OK, mark 1 invoice paid").click()
    expect(page.get_by_text("INV-0 is paid.")).to_be_visible()
    assert str(Invoice.objects.get(pk=invoice.pk).paid_on) == "2026-11-20"
    page.get_by_role("link", name="Clear Paid").click()
    page.get_by_role("button", name="OK, clear Paid of 1 invoice").click()
    expect(page.get_by_text("INV-0 is not paid any more.")).to_be_visible()


def nothing_else(page: Page) -> None:
    """No act that is not its own stands on the invoice or the backlog."""
    expect(page.locator(".head .acts a")).to_have_text(["Mark paid", "View PDF"])
    page.goto("/invoices/backlog/")
    expect(page.get_by_text("An administrator exports and processes these invoices.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Selected|Undo"))).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
