"""The view of a grid as a file: the rows, order and figures of the page, real numbers and days, never more."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from backlog.grid import download
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Job
from tests.backlog.grids import logged_in, text, total_row
from tests.factories import make_client, make_company, make_invoice, make_job, make_user
from tests.reports.firm import FIGURES, figures_of, make_firm, numbers

pytestmark = pytest.mark.django_db
JOBS, LIST = "/jobs/active/", "/invoices/"


@pytest.fixture
def client() -> Client:
    return logged_in()


@pytest.fixture
def jobs() -> list[Job]:
    return make_firm([make_user(Role.PROJECT_MANAGER, name="K. Osei")])


def table(response: Any) -> list[list[str]]:
    """The rows of a CSV file, its head first."""
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def sheet(response: Any) -> tuple[list[str], list[list[Any]]]:
    """The lines over the head of an XLSX file, and its rows from the head on."""
    assert response.status_code == 200
    page = load_workbook(io.BytesIO(response.content)).active
    values = [list(row) for row in page.iter_rows(values_only=True)]
    head = int(re.sub(r"\D", "", page.auto_filter.ref.split(":")[0]))
    return [row[0] for row in values[1 : head - 1] if row[0]], values[head - 1 :]


def plain(value: Any, like: str) -> str:
    """A cell of a workbook as the CSV file writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, (int, float)):
        return f"{Decimal(str(value)):.{len(like.partition('.')[2])}f}"
    return str(value)


@pytest.mark.parametrize(
    "query", ["", "?sort=-used", "?group=billing&group=client&order=sum", "?unbilled_min=1&q=Project"]
)
def test_both_files_hold_what_the_page_shows(client: Client, jobs: list[Job], query: str) -> None:
    page = client.get(f"{JOBS}{query}{'&' if query else '?'}size=200")
    head, *found = table(client.get(f"{JOBS}download/csv/{query}"))
    at = head.index("Job")
    assert [row[at].split()[0] for row in found] == numbers(page)
    lines, (head_too, *values, total) = sheet(client.get(f"{JOBS}download/xlsx/{query}"))
    assert head_too == head
    assert [[plain(v, t) for v, t in zip(vs, ts, strict=True)] for vs, ts in zip(values, found, strict=True)] == found
    assert lines[0].startswith(f"{len(found)} job")
    sums = [f"{value:,.2f}" for value in total if isinstance(value, (int, float))]
    assert sums == total_row(page)
    assert total[0] == f"Total of {len(found)} job{'' if len(found) == 1 else 's'}"


def test_numbers_and_days_are_real_and_the_actions_stay_out(client: Client, jobs: list[Job]) -> None:
    head, *found = table(client.get(f"{JOBS}download/csv/"))
    assert head == [
        *("Job", "Client", "PM", "Status", "Billing type", "Due date", "PO amount", "DWRs of PO", "DWR amount"),
        *("Expenses", "Invoiced", "Processed", "Paid", "Unbilled", "Last invoice", "Days since"),
    ]
    job, row = jobs[0], found[0]
    figures = figures_of(job)
    assert row[:2] == [f"{job.job_number} {job.project_name}", job.client.name]
    assert row[8:14] == ["" if figures[name] is None else f"{figures[name]:.2f}" for name in FIGURES]
    _, (_, first, *_) = sheet(client.get(f"{JOBS}download/xlsx/"))
    assert isinstance(first[5], datetime)
    assert first[5].date() == job.due_date
    assert all(isinstance(value, (int, float)) for value in first[6:13] if value is not None)


def test_groups_lead_in_their_order(client: Client, jobs: list[Job]) -> None:
    head, *found = table(client.get(f"{JOBS}download/csv/?group=manager&group=status"))
    assert head[:3] == ["Project manager", "Status", "Job"]
    assert "PM" not in head
    assert [row[0] for row in found] == sorted(row[0] for row in found)
    assert {row[1] for row in found} == {"Open", "On hold", "No status"}


def test_the_lines_over_the_head_say_what_the_rows_are(client: Client, jobs: list[Job]) -> None:
    lines, _ = sheet(client.get(f"{JOBS}download/xlsx/?billing=fixed_price&q=Project&sort=-paid&group=client"))
    assert lines[:5] == [
        "1 job, active",
        "Search: “Project”",
        "Billing type: Fixed Price",
        "Grouped by Client",
        "Sorted by Paid, descending",
    ]
    assert lines[5] == "Amounts in CAD, of approved work, all amounts before tax"
    assert re.fullmatch(r"As of \d+ \w+ \d{4}, \d\d:\d\d", lines[6])


@pytest.mark.parametrize("query", ["nonsense=1", "sort=nothing", "client=999999", "q=a", "group=x", "tab=x"])
def test_an_address_that_is_wrong_is_no_file_of_everything(client: Client, query: str) -> None:
    make_company()
    make_invoice()
    for url, kind in ((JOBS, "csv"), (LIST, "xlsx")):
        assert client.get(f"{url}download/{kind}/").status_code == 200
        response = client.get(f"{url}download/{kind}/?{query}")
        assert response.status_code == 400
        assert "data-problems" in text(response)
        assert "Content-Disposition" not in response
        assert '<tr class="r"' not in text(response)


def test_too_many_rows_are_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company()
    monkeypatch.setattr(download, "LIMIT", 2)
    for _ in range(2):
        make_job()
    assert len(table(client.get(f"{JOBS}download/csv/"))) == 3
    make_job()
    response = client.get(f"{JOBS}download/csv/")
    assert response.status_code == 400
    assert "A file takes 2 jobs at most, and more than that match. Filter first." in text(response)


def test_the_invoices_list_as_a_file(client: Client) -> None:
    make_company()
    job = make_job(client=make_client(name="=HYPERLINK(1)"))
    made = [make_invoice(job=job, amounts=[amount], invoice_date=date(2026, 11, 3)) for amount in ("100.00", "-20.00")]
    early = make_invoice(signed=False)
    head, *found = table(client.get(f"{LIST}download/csv/?sort=-total"))
    assert [row[0] for row in found] == [invoice.number for invoice in made]
    assert found[1][head.index("Total")] == "-21.00"
    assert found[0][head.index("Client")] == "'=HYPERLINK(1)"
    assert found[0][head.index("Exported")] == ""
    assert "Queue" not in head
    head, *found = table(client.get(f"{LIST}download/csv/?tab=all"))
    assert {row[0]: row[head.index("Queue")] for row in found}[early.number] == "PM Queue"
    lines, (_, first, *_, total) = sheet(client.get(f"{LIST}download/xlsx/"))
    assert lines[0] == "2 invoices, Admin Queue"
    assert first[2] == "=HYPERLINK(1)"  # as text: a formula would be read as one
    assert total[-3:] == [80, 4, 84]
    assert early.number not in [row[0] for row in table(logged_in(Role.ACCOUNTING).get(f"{LIST}download/csv/?tab=all"))]


def test_only_grids_that_say_so_have_files_and_the_menu_names_them(client: Client) -> None:
    make_company()
    make_job()
    page = text(client.get(f"{JOBS}?group=client&page=1"))
    assert 'href="/jobs/active/download/csv/?group=client"' in page
    assert 'href="/jobs/active/download/xlsx/?group=client"' in page
    assert "Download" not in text(client.get("/records/approval/"))
    for missing in ("/invoices/backlog/download/csv/", f"{JOBS}download/pdf/"):
        assert client.get(missing).status_code == 404
    assert "download/csv" not in text(client.get(f"{JOBS}?q=a"))


def test_whole_numbers_have_no_decimals_in_a_csv(client: Client) -> None:
    make_company()
    make_invoice(invoice_date=timezone.localdate() - timedelta(55))
    head, row = table(client.get(f"{LIST}download/csv/"))
    assert row[head.index("Age (days)")] == "55"
