"""The pages of the WIP Report: every number opens the rows that make it, and every file says the same."""

import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from jobbook.accounts.roles import Role
from jobbook.reports.wip import views
from tests.backlog.grids import logged_in
from tests.factories import make_user
from tests.reports.wip_firm import Firm, ago, make_firm, many_jobs
from tests.reports.wip_page import amount, csv_rows, links, page, table, told_sum

pytestmark = pytest.mark.django_db
BY_JOB, INVOICES, AGES = "Recorded work by job", "From work to invoices", "Unbilled by age of the work"


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def test_every_number_opens_rows_that_add_up_to_it(firm: Firm) -> None:
    client = logged_in(firm.admin)
    report = page(client, f"/wip/?{firm.address}")
    jobs = re.findall(r'href="(/wip/jobs/[^"]*)"', report)
    assert len(set(jobs)) == 2
    found = opened(client, report + page(client, jobs[0].replace("&amp;", "&")))
    assert len(found) > 60
    for address, number in found.items():
        if "of_job" in address:
            continue  # the files of a few are enough
        kept = csv_rows(client.get(address.replace("/?", "/csv/?")))
        column = "Amount" if "/work/" in address else list(kept[0])[-1]
        assert sum(Decimal(row[column].lstrip("'")) for row in kept) == number, address


def opened(client: Client, body: str) -> dict[str, Decimal]:
    """Each address that the numbers of a page open, with the sum it tells, which is each of those numbers."""
    told: dict[str, Decimal] = {}
    for address, number in links(body):
        if address not in told:
            told[address] = told_sum(page(client, address))
        assert told[address] == number, address
    return told


def test_numbers_of_a_filtered_report_of_another_day_open_the_same(firm: Firm) -> None:
    """Neither a filter nor a day is lost on the way."""
    client, job = logged_in(firm.admin), firm.jobs[0]
    filters = f"client={job.client.pk}&manager={firm.first.pk}&office={job.office_id}&job=J-1"
    report = page(client, f"/wip/?from={ago(60)}&to={ago(9)}&as_of={ago(15)}&billing=time_and_material&{filters}")
    assert len(table(report, BY_JOB)) == 2
    assert len(opened(client, report)) > 20


def test_each_column_of_the_report_is_there(firm: Firm) -> None:
    """So that the walk above meets them all: nothing of the first job is zero."""
    body = page(logged_in(firm.admin), f"/wip/?{firm.address}")
    (first, *_, total) = [row for row in table(body, BY_JOB) if "J-1" in row[0] or row[0] == "Total"]
    assert "0.00" not in first + total
    assert "0.00" not in table(body, INVOICES)[0]
    # Seven hours at 96.55 four times over, trucks for 500.00 twice; five times three hours a job on invoices.
    assert [str(amount(cell)) for cell in total[1:6]] == ["6599.90", "675.85", "675.85", "2351.70", "3703.40"]
    assert amount(total[-2]) == Decimal("2896.50")


def test_screen_and_files_say_the_same(firm: Firm) -> None:
    client = logged_in(firm.admin)
    shown = table(page(client, f"/wip/?{firm.address}"), BY_JOB)
    invoiced = table(page(client, f"/wip/?{firm.address}"), INVOICES)
    rows = csv_rows(client.get(f"/wip/files/csv/?{firm.address}"))
    assert [[Decimal(row[name].lstrip("'")) for name in list(row)[3:-1]] for row in rows] == numbers(shown[:-1], -1)
    book = load_workbook(io.BytesIO(client.get(f"/wip/files/xlsx/?{firm.address}").content))
    assert book.sheetnames == ["By job", "By line item", "Invoices", "Fixed price", "Unbilled by age"]
    assert in_sheet(book["By job"], 3, -1) == numbers(shown, -1)
    assert in_sheet(book["Invoices"], 3) == numbers(invoiced)
    assert in_sheet(book["By line item"], 5, -1)[-1] == numbers(shown, -1)[-1]


def numbers(rows: list[list[str]], end: int | None = None) -> list[list[Decimal]]:
    return [[amount(cell) for cell in row[1:end]] for row in rows]


def in_sheet(sheet: object, first: int, end: int | None = None) -> list[list[Decimal]]:
    """The numbers of a sheet from a column on, its total too."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
    top = next(at for at, row in enumerate(rows) if row[0] == "Job")
    return [[Decimal(str(value)).quantize(Decimal("0.01")) for value in row[first:end]] for row in rows[top + 1 :]]


def pdf(client: Client, firm: Firm) -> PdfReader:
    response = client.get(f"/wip/files/pdf/?{firm.address}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


@pytest.mark.pdf
def test_paper_says_what_the_screen_says(firm: Firm) -> None:
    client = logged_in(firm.admin)
    body = page(client, f"/wip/?{firm.address}")
    printed = re.sub(r"\s+", " ", "".join(each.extract_text() for each in pdf(client, firm).pages))
    for row in [*table(body, BY_JOB), *table(body, INVOICES), *table(body, "Fixed-price jobs to date")]:
        assert " ".join(cell for cell in row[1:] if cell != "Billed over") in printed, row
    ages = [amount for row in table(body, AGES) for amount in row]
    assert len(ages) == 6
    assert " ".join(ages) in printed


@pytest.mark.pdf
def test_paper_lies_wide_and_comes_out_the_same_twice(firm: Firm) -> None:
    client = logged_in(firm.admin)
    first = pdf(client, firm)
    assert first.pages[0].mediabox.width > first.pages[0].mediabox.height
    address = f"/wip/files/pdf/?{firm.address}"
    assert client.get(address).content == client.get(address).content


def test_fixed_price_is_of_the_whole_job_whatever_the_days(firm: Firm) -> None:
    client = logged_in(firm.admin)
    body = page(client, f"/wip/?from={ago(1)}&to={ago(0)}")
    (row,) = table(body, "Fixed-price jobs to date")
    assert row[1:] == ["10,000.01", "33.3333 %", ago(100).isoformat(), "3,333.33", "4,000.00", "666.67", "Billed over"]
    (billed,) = [(url, number) for url, number in links(body) if "fixed_price" in url]
    assert told_sum(page(client, billed[0])) == billed[1] == Decimal("4000.00")


def test_a_manager_sees_the_own_jobs_and_accounting_all(firm: Firm) -> None:
    seen = {}
    for user in (firm.first, firm.second, make_user(Role.ACCOUNTING)):
        body = page(logged_in(user), f"/wip/?{firm.address}")
        seen[user.role, user.pk] = [row[0][:3] for row in table(body, BY_JOB)[:-1]]
    assert sorted(map(sorted, seen.values())) == [["J-1"], ["J-1", "J-2"], ["J-2"]]
    other = page(logged_in(firm.second), f"/wip/work/?{firm.address}&of_job={firm.jobs[0].pk}")
    assert "This is not a job of the report." in other


def test_accounting_reads_numbers_of_what_it_may_not_open(firm: Firm) -> None:
    client = logged_in(Role.ACCOUNTING)
    early = page(client, f"/wip/invoices/?{firm.address}&queue=pm")
    assert "INV-" in early
    assert re.findall(r'href="/invoices/\d+/"', early) == []
    late = page(client, f"/wip/invoices/?{firm.address}&queue=paid")
    assert len(re.findall(r'href="/invoices/\d+/"', late)) == 2
    work = page(client, f"/wip/work/?{firm.address}")
    assert re.findall(r'href="/records/\d+/"', work) == []
    pages = set(re.findall(r'href="(/(?:invoices|jobs|records)/\d+/)"', early + late + work))
    assert {client.get(address).status_code for address in pages} == {200}


def test_the_number_of_queries_is_constant(firm: Firm) -> None:
    client, measured = logged_in(firm.admin), []
    paths = (f"/wip/?{firm.address}", f"/wip/work/?{firm.address}", f"/wip/files/xlsx/?{firm.address}")
    for more in (0, 30):
        many_jobs(more, firm.first)
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                page(client, path) if "files" not in path else client.get(path)
            counts.append(len(captured))
        measured.append(counts)
    assert measured[0] == measured[1]
    assert max(measured[0]) <= 20, measured


def test_a_page_of_many_jobs_has_the_totals_of_all(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    client = logged_in(firm.admin)
    whole = table(page(client, f"/wip/?{firm.address}"), BY_JOB)
    monkeypatch.setattr(views, "JOBS_SHOWN", 1)
    first, second = (page(client, f"/wip/?{firm.address}&page={number}") for number in (1, 2))
    assert "Jobs 1–1 of 2; charts, totals and files are of all of them." in first
    assert table(first, BY_JOB)[-1] == table(second, BY_JOB)[-1] == whole[-1]
    assert [*table(first, BY_JOB)[:-1], *table(second, BY_JOB)[:-1]] == whole[:-1]
    assert csv_rows(client.get(f"/wip/files/csv/?{firm.address}"))[1]["Job"] == "J-1"
