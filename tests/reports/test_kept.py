"""Kept WIP Reports: as they were whatever comes later, and against today with what moved."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.spreadsheet import FILES
from jobbook.jobs.models import BillingType, Job
from jobbook.jobs.transitions.progress import enter_progress
from jobbook.reports.kept.keeping import keep_report
from jobbook.reports.kept.moved import compare
from jobbook.reports.kept.sheets import kept_sheets
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.asked import read
from tests.backlog.grids import logged_in
from tests.commands import assert_sound
from tests.factories import make_company, make_invoice, make_job, make_record, make_user
from tests.reports.walk import QUEUES, Walk

pytestmark = pytest.mark.django_db(transaction=True)
EVER = "period=all"


def kept_by(user: User, address: str = EVER) -> KeptReport:
    return keep_report(read(QueryDict(address), user, timezone.localdate()), by=user)


def everything(kept: KeptReport) -> str:
    """All that the report says: each sheet of its file, as text."""
    return repr([(list(sheet.rows), sheet.total, sheet.about) for sheet in kept_sheets(kept)])


def page(client: Client, number: int) -> str:
    return client.get(f"/wip/kept/{number}/").content.decode().partition("<main")[2].partition("</main>")[0]


def served(client: Client, number: int) -> tuple[str, bytes, bytes]:
    """The report as its reader has it: the page, and every byte of its two files."""
    files = [client.get(f"/wip/kept/{number}/{kind}/") for kind in FILES]
    csv, xlsx = (bytes(answer.content) for answer in files)
    assert [answer.status_code for answer in files] == [200, 200]
    return page(client, number), csv, xlsx


def test_a_kept_report_is_what_it_was_whatever_command_comes_later() -> None:
    make_company()
    walk = Walk()
    kept: list[tuple[KeptReport, str, tuple[str, bytes, bytes]]] = []
    client = logged_in(walk.admin)
    for name, expected in walk.steps():
        if name in ("submit", "invoice", "process", "credit"):
            made = kept_by(walk.admin)
            assert made.recorded == 768
            assert made.invoiced == sum(expected.places[queue] for queue in QUEUES)
            kept.append((made, everything(made), served(client, made.number)))
        assert [everything(report) for report, _, _ in kept] == [said for _, said, _ in kept]
    assert [served(client, report.number) for report, _, _ in kept] == [shown for _, _, shown in kept]
    assert_sound()


def test_against_today_names_what_moved() -> None:
    make_company()
    walk = Walk()
    steps = walk.steps()
    next(name for name, _ in steps if name == "sign again")
    kept, today = kept_by(walk.admin), timezone.localdate()
    assert compare(kept, as_of=today, today=today).moved == []
    next(name for name, _ in steps if name == "process again")
    found = compare(kept, as_of=today, today=today)
    assert [(each.label, each.then, each.now) for each in found.changed] == [
        ("On invoices: Admin Queue", Decimal("768.00"), Decimal("0.00")),
        ("On invoices: Processed", Decimal("0.00"), Decimal("768.00")),
        ("Invoiced: Admin Queue", Decimal("768.00"), Decimal("0.00")),
        ("Invoiced: Processed", Decimal("0.00"), Decimal("768.00")),
    ]
    invoice, record = found.moved
    assert (invoice.number, invoice.then, invoice.now) == (walk.invoice.number, "Admin Queue", "Processed")
    assert (record.kind, record.number, record.invoice) == ("DWR", walk.record.dwr_number, walk.invoice.number)
    shown = logged_in(walk.admin).get(f"/wip/kept/{kept.number}/against/today/").content.decode()
    assert walk.invoice.number in shown
    next(name for name, _ in steps if name == "another, as a ticket")
    later = {each.number: each for each in compare(kept, as_of=today, today=today).moved}
    assert later[walk.invoice.number].then == "not there"


def test_what_is_deleted_is_named() -> None:
    make_company()
    walk = Walk()
    steps = walk.steps()
    next(name for name, _ in steps if name == "invoice")
    kept, number, today = kept_by(walk.admin), walk.invoice.number, timezone.localdate()
    next(name for name, _ in steps if name == "delete the draft")
    found = {each.number: each for each in compare(kept, as_of=today, today=today).moved}
    assert (found[number].now, found[number].before, found[number].after) == ("not there", Decimal("768.00"), None)
    assert (found[walk.record.dwr_number].then, found[walk.record.dwr_number].now) == ("PM Queue", "approved")


def test_fixed_price_is_kept_to_date() -> None:
    make_company()
    admin = make_user()
    job = make_job(billing_type=BillingType.FIXED_PRICE, contract_amount=Decimal("10000.00"))
    make_invoice(job=job, amounts=["2500.00"])
    today = timezone.localdate()
    enter_progress(job.pk, percent=Decimal(20), on=today, by=admin)
    kept = kept_by(admin, "period=all&billing=fixed_price")
    enter_progress(job.pk, percent=Decimal(40), on=today, by=admin)
    [change] = compare(kept, as_of=today, today=today).fixed
    assert (change.label, change.then, change.now) == (f"{job.job_number} earned", Decimal(2000), Decimal(4000))
    assert "2,000.00" in page(logged_in(admin), kept.number)


def test_the_file_has_every_row_with_real_numbers() -> None:
    make_company()
    admin = make_user()
    job = make_job()
    for _ in range(3):
        make_record(job=job, submitted_on="2026-11-20")
    make_invoice(job=job, amounts=["100.00", "0.35"])
    kept = kept_by(admin)
    answer: Any = logged_in(admin).get(f"/wip/kept/{kept.number}/xlsx/")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["By job", "Work", "Invoices", "Fixed price"]
    amounts = [row[4].value for row in book["Work"].iter_rows(min_row=7, max_row=9)]
    assert amounts == [768, 768, 768]
    assert book["Work"].cell(7, 1).is_date
    assert logged_in(admin).get(f"/wip/kept/{kept.number}/csv/").status_code == 200


def test_a_kept_report_is_of_its_maker_and_administrators() -> None:
    make_company()
    mine, other = make_user(Role.PROJECT_MANAGER), make_user(Role.PROJECT_MANAGER)
    make_record(job=make_job(project_manager=mine))
    make_record(job=make_job(project_manager=other))
    client = logged_in(mine)
    answer = client.post("/wip/keep/", {"report": EVER})
    kept = KeptReport.objects.get()
    assert (answer.status_code, kept.recorded) == (302, Decimal("768.00"))
    assert [row.job_id for row in kept.jobs.all()] == list(
        Job.objects.filter(project_manager=mine).values_list("pk", flat=True)
    )
    statuses = [logged_in(user).get(answer["Location"]).status_code for user in (mine, make_user(), other)]
    assert statuses == [200, 200, 404]
    assert logged_in(make_user(Role.ACCOUNTING)).get("/wip/kept/").context["page"].paginator.count == 0


def test_an_address_with_problems_keeps_nothing() -> None:
    make_company()
    answer = logged_in().post("/wip/keep/", {"report": "period=never"})
    assert (answer.status_code, answer["Location"]) == (302, "/wip/?period=never")
    assert not KeptReport.objects.exists()
