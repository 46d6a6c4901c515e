"""The whole main job in Chromium, with a real worker beside it: find, export, download, process, undo, untick."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from exports.models import ExportRun
from invoices.models import Invoice, ProcessBatch, Queue
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.money import format_money
from tests.browser.conftest import LogIn
from tests.commands import assert_sound
from tests.exports.csv_reader import read
from tests.exports.runs import built
from tests.factories import PASSWORD, TODAY, make_client, make_company, make_invoice, make_job, make_user
from tests.processes import start_manage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKLOG = "/invoices/backlog/"
BUTTONS = ("Export Selected Invoices", "Download Selected PDFs", "Process Selected Invoices")
DONE = 30_000  # milliseconds for the worker


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER, name="J. Lavoie")


@pytest.fixture
def admin(manager: User) -> User:
    """An administrator; 5 invoices of Alder Mills and 4 of Birchline Energy, one of them a credit note."""
    make_company()
    alder = make_job(client=make_client(name="Alder Mills Ltd."), project_manager=manager)
    birch = make_job(client=make_client(name="Birchline Energy"), project_manager=make_user(Role.PROJECT_MANAGER))
    for index in range(5):
        make_invoice(job=alder, number=f"INV-2000{index}", amounts=[f"{index + 1}00.10", "50.55"], invoice_date=TODAY)
    for index, amount in enumerate(["1200.00", "80.05", "-80.05", "310.40"]):
        make_invoice(job=birch, number=f"INV-3000{index}", amounts=[amount], invoice_date=TODAY)
    return make_user(email="mai@example.com", name="Mai Tran")


@pytest.fixture
def worker(transactional_db: Any) -> Iterator[subprocess.Popen[str]]:
    """`manage.py run_exports`, as `make run` starts it."""
    process = start_manage("run_exports")
    yield process
    process.terminate()
    process.communicate(timeout=30)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def tick(page: Page, number: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^Select {number},"))


def numbers(page: Page) -> list[str]:
    return page.locator("#results tr.r .inv a").all_inner_texts()


def cents(text: str) -> str:
    """The first amount in a text, as it is shown."""
    found = re.search(r"\d[\d,]*\.\d\d", text)
    assert found, text
    return found[0]


def shown_total(**conditions: Any) -> str:
    """The sum of invoices, as the page must show it."""
    return format_money(Invoice.objects.filter(**conditions).aggregate(sum=Sum("total"))["sum"])


def test_the_whole_story(log_in: LogIn, admin: User, worker: subprocess.Popen[str], tmp_path: Path) -> None:
    page = open_by_password(log_in)
    from_the_dashboard_to_the_backlog(page)
    look_around(page)
    for number in ("INV-20000", "INV-20001", "INV-30000", "INV-30002"):
        tick(page, number).check()
    selected = shown_total(number__in=["INV-20000", "INV-20001", "INV-30000", "INV-30002"])
    expect(page.locator("[data-sum]")).to_have_text(f"4 selected of 9 · {selected}")
    export(page, tmp_path / "file.csv", selected)
    pdfs(page, tmp_path / "file.zip")
    process(page, selected)
    undo(page)
    untick_one_found_by_hand(page)
    assert worker.poll() is None
    assert_sound()


def open_by_password(log_in: LogIn) -> Page:
    """A person who is not logged in asks for the backlog's address: the log-in page, and from there on."""
    nobody = make_user(Role.TECHNICIAN, is_active=False)
    page = log_in(nobody, BACKLOG, viewport={"width": 1440, "height": 900}, accept_downloads=True)
    expect(page).to_have_url(re.compile(r"/log-in/\?next=/invoices/backlog/$"))
    page.goto("/")
    page.get_by_label("E-mail").fill("mai@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def from_the_dashboard_to_the_backlog(page: Page) -> None:
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    middle = page.locator(".cards > ul").nth(1).locator("> li")
    assert middle.nth(middle.count() // 2).get_attribute("data-card") == "workflow"
    link = page.get_by_role("link", name=re.compile("^Invoice Process Backlog 9"))
    expect(link).to_contain_text(shown_total(queue=Queue.ADMIN))
    link.click()
    expect(page.get_by_role("heading", name="Invoice Process Backlog")).to_be_visible()
    for name in BUTTONS:
        expect(button(page, name)).to_be_disabled()
    expect(button(page, "Undo Last Process Batch")).to_be_disabled()
    expect(page.locator("#grid-undo")).to_contain_text("No batch to undo")


def look_around(page: Page) -> None:
    """Filter, sort by two keys, group, expand."""
    page.get_by_role("searchbox").fill("Alder")
    expect(page.locator("#results tr.r")).to_have_count(5)
    expect(page.locator("tfoot")).to_contain_text(shown_total(client_name="Alder Mills Ltd."))
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#results tr.r")).to_have_count(9)
    page.get_by_role("link", name="Client", exact=True).click()
    page.get_by_role("link", name="Then sort by Total").click()
    expect(page).to_have_url(re.compile(r"sort=client&sort=-total"))
    totals = Invoice.objects.order_by("client_name", "-total", "pk").values_list("number", flat=True)
    expect(page.locator("#results tr.r .inv a").first).to_have_text(totals[0])
    assert numbers(page) == list(totals)
    group_by_client(page)
    page.get_by_role("button", name="Accounting detail for INV-20004").click()
    detail = page.get_by_role("group", name="Accounting detail for INV-20004")
    expect(detail.get_by_role("row", name=re.compile("^Subtotal"))).to_contain_text("550.65")


def group_by_client(page: Page) -> None:
    page.locator("#group-button").click()
    page.locator("#group-menu").get_by_role("link", name="Client", exact=True).first.click()
    heads = page.locator("#results tr.g1")
    expect(heads).to_have_count(2)
    expect(heads.nth(0)).to_contain_text("5 invoices")
    expect(heads.nth(0)).to_contain_text(shown_total(client_name="Alder Mills Ltd."))
    expect(heads.nth(1)).to_contain_text(shown_total(client_name="Birchline Energy"))


def export(page: Page, target: Path, selected: str) -> None:
    """The download starts by itself; what is in it adds up to what the bar says."""
    with page.expect_download(timeout=DONE) as download:
        button(page, BUTTONS[0]).click()
    download.value.save_as(target)
    run = ExportRun.objects.get(format="csv")
    assert download.value.suggested_filename == f"invoices-run-{run.number}.csv"
    documents = read(target.read_bytes())
    assert {document["document_number"] for document in documents} == {
        "INV-20000",
        "INV-20001",
        "INV-30000",
        "INV-30002",
    }
    total = sum((document.amount("document_total") for document in documents), Decimal())
    assert format_money(total) == selected == format_money(run.total or Decimal())
    expect(page.locator("#run-line")).to_contain_text("Download 4 invoices")
    assert Invoice.objects.filter(queue=Queue.ADMIN).count() == 9
    expect(page.locator("[data-sum]")).to_contain_text("4 selected of 9")


def pdfs(page: Page, target: Path) -> None:
    with page.expect_download(timeout=DONE) as download:
        button(page, BUTTONS[1]).click()
    download.value.save_as(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith(".pdf") and name != "index.pdf"]
        texts = {name[:9]: PdfReader(BytesIO(archive.read(name))).pages[0].extract_text() for name in names}
        assert "INV-30002" in PdfReader(BytesIO(archive.read("index.pdf"))).pages[0].extract_text()
        index = archive.read("index.csv").decode("utf-8-sig").splitlines()
    assert sorted(texts) == ["INV-20000", "INV-20001", "INV-30000", "INV-30002"]
    for number, text in texts.items():
        assert number in text
    assert [line.split(",")[0] for line in index[1:]] == sorted(texts)


def process(page: Page, selected: str) -> None:
    button(page, BUTTONS[2]).click()
    window = page.get_by_role("alertdialog", name="Process 4 invoices?")
    expect(window.get_by_role("button", name="Cancel")).to_be_focused()
    expect(window.get_by_role("row", name=re.compile("^Already exported"))).to_contain_text("4 of 4")
    assert cents(window.get_by_role("row", name=re.compile("^Total")).inner_text()) == selected
    window.get_by_role("button", name="OK, process 4 invoices", exact=True).click()
    line = page.locator("#result-line")
    expect(line).to_be_focused()
    batch = ProcessBatch.objects.get()
    expect(line).to_contain_text(f"Batch #{batch.number} processed: 4 invoices, {selected}")
    expect(window).to_have_count(0)
    expect(page.locator("#results tr.r")).to_have_count(5)
    for number in ("INV-20000", "INV-20001", "INV-30000", "INV-30002"):
        expect(tick(page, number)).to_have_count(0)
    expect(page.locator("#results tr.g1").first).to_contain_text(
        shown_total(client_name="Alder Mills Ltd.", queue=Queue.ADMIN)
    )
    expect(page.locator("#grid-summary")).to_contain_text(
        f"5 invoices in the Admin Queue, {shown_total(queue=Queue.ADMIN)}"
    )
    for name in BUTTONS:
        expect(button(page, name)).to_be_disabled()
    page.reload()
    expect(page.locator("#results tr.r")).to_have_count(5)
    expect(page.locator("[data-sum]")).to_contain_text("Select invoices")


def undo(page: Page) -> None:
    batch = ProcessBatch.objects.get()
    expect(page.locator("#grid-undo")).to_contain_text(
        f"Last batch #{batch.number}: 4 invoices, {format_money(batch.total)}"
    )
    button(page, "Undo Last Process Batch").click()
    window = page.get_by_role("alertdialog", name=f"Undo batch {batch.number}?")
    expect(window.get_by_role("button", name="Cancel")).to_be_focused()
    expect(window.get_by_role("row", name=re.compile("^Total"))).to_contain_text(format_money(batch.total))
    expect(window).to_contain_text("accounting may already have imported")
    window.get_by_role("button", name=f"OK, undo batch {batch.number}", exact=True).click()
    expect(page.locator("#result-line")).to_be_focused()
    expect(page.locator("#result-line")).to_contain_text("4 invoices returned")
    expect(page.locator("#results tr.r")).to_have_count(9)
    assert Invoice.objects.filter(queue=Queue.ADMIN, batch=None, processed_on=None).count() == 9


def untick_one_found_by_hand(page: Page) -> None:
    """Process two, find one of them in the list, untick it: it returns, the other stays."""
    for number in ("INV-20003", "INV-30003"):
        tick(page, number).check()
    button(page, BUTTONS[2]).click()
    button(page, "OK, process 2 invoices").click()
    expect(page.locator("#results tr.r")).to_have_count(7)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Invoices", exact=True).click()
    page.get_by_role("navigation", name="Queues").get_by_role("link", name=re.compile("^Processed")).click()
    page.get_by_role("searchbox").fill("INV-30003")
    expect(page.locator("#results tr.r")).to_have_count(1)
    page.get_by_role("link", name="INV-30003").click()
    page.get_by_role("link", name="Untick Processed").click()
    button(page, "OK, untick 1 invoice").click()
    expect(page.locator("main")).to_contain_text("INV-30003 is in the Admin Queue again.")
    page.goto(BACKLOG)
    expect(page.locator("#results tr.r")).to_have_count(8)
    expect(tick(page, "INV-30003")).to_have_count(1)
    expect(tick(page, "INV-20003")).to_have_count(0)


def test_others_see_what_is_theirs(log_in: LogIn, admin: User, manager: User) -> None:
    """A project manager sees own rows and no buttons; addresses of actions 403; files of others 404; nobody logs in."""
    run = foreign_run(admin)
    page = log_in(manager, BACKLOG)
    expect(page.locator("#results tr.r")).to_have_count(5)
    expect(page.get_by_text("An administrator exports and processes these invoices.")).to_be_visible()
    for name in (*BUTTONS, "Undo Last Process Batch"):
        expect(button(page, name)).to_have_count(0)
    expect(page.get_by_role("checkbox", name=re.compile("^Select"))).to_have_count(0)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for part in ("export/", "pdfs/", "process/", "process/confirm/", "undo/", "undo/confirm/", "export/start/"):
        answer = page.request.post(BACKLOG + part, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
        assert answer.status == 403, part
    accounting = log_in(make_user(Role.ACCOUNTING), BACKLOG)
    assert accounting.request.get(f"/runs/{run.pk}/download/").status == 404
    assert accounting.goto(f"/runs/{run.pk}/").status == 404  # type: ignore[union-attr]
    expect(accounting.get_by_role("heading", name="Not found")).to_be_visible()


def foreign_run(admin: User) -> ExportRun:
    """A finished run with an invoice that accounting may not see any more."""
    run = built(admin, count=1)
    invoices = Invoice.objects.filter(pk__in=run.items.values("invoice"))
    invoices.filter(number="INV-30003").update(signed_on=None, signed_by="", signed_total=None)
    return run
