"""The three backlogs of work on the grid: rows by role, filters, sums, groups, queries, details."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backlog.expense_approval import EXPENSE_APPROVAL
from backlog.record_approval import RECORD_APPROVAL
from backlog.record_invoicing import RECORD_INVOICING
from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType, Job, WorkLine
from tests.backlog.grids import HTMX, group_heads, logged_in, pushed, text, total_row
from tests.backlog.work import EXPENSES_URL, INVOICING_URL, RECORDS_URL, numbers, selection, words
from tests.factories import TODAY, make_client, make_expense, make_invoice, make_item, make_job, make_record, make_user

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def submitted(**fields: Any) -> Any:
    return make_record(submitted_on=TODAY, **fields)


def approved(**fields: Any) -> Any:
    fields.setdefault("approved_by", make_user())
    return make_record(submitted_on=TODAY, approved_on=TODAY, **fields)


def spent(**fields: Any) -> Any:
    return make_expense(submitted_on=TODAY, **fields)


GRIDS = [
    pytest.param(RECORDS_URL, submitted, id="records"),
    pytest.param(EXPENSES_URL, spent, id="expenses"),
    pytest.param(INVOICING_URL, approved, id="invoicing"),
]


def number(row: Any) -> str:
    return str(getattr(row, "dwr_number", "") or row.expense_number)


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER)


def test_only_submitted_dwrs_wait_for_approval() -> None:
    row = submitted()
    make_record()
    approved()
    assert numbers(logged_in().get(RECORDS_URL)) == [row.dwr_number]


def test_only_submitted_expenses_wait_for_approval() -> None:
    row = spent()
    make_expense()
    make_expense(submitted_on=TODAY, approved_on=TODAY)
    assert numbers(logged_in().get(EXPENSES_URL)) == [row.expense_number]


def test_only_approved_dwrs_of_time_and_material_jobs_wait_to_be_invoiced() -> None:
    row, invoiced = approved(), approved()
    InvoicedRecord.objects.create(record=invoiced, invoice=make_invoice(job=invoiced.job))
    submitted()
    approved(job=make_job(billing_type=BillingType.FIXED_PRICE))
    assert numbers(logged_in().get(INVOICING_URL)) == [row.dwr_number]


@pytest.mark.parametrize(("url", "make"), GRIDS[:2])
def test_a_manager_sees_own_jobs_others_may_not_open_it(url: str, make: Make, manager: User) -> None:
    mine = make(job=make_job(project_manager=manager))
    make()
    assert numbers(logged_in(manager).get(url)) == [number(mine)]
    assert len(numbers(logged_in().get(url))) == 2
    for role in (Role.ACCOUNTING, Role.TECHNICIAN):
        assert logged_in(role).get(url).status_code == 403


def test_only_an_administrator_invoices() -> None:
    for role in (Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN):
        assert logged_in(role).get(INVOICING_URL).status_code == 403


@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_the_default_order_is_date_then_job_or_employee(url: str, make: Make) -> None:
    b, a = make_job(job_number="26-B"), make_job(job_number="26-A")

    def made(job: Job, day: int, who: str) -> Any:
        return make(job=job, date=date(2026, 11, day), **({"employee": who} if make is spent else {}))

    third, second, first = made(a, 3, "Roy"), made(b, 2, "Roy"), made(a, 2, "lavoie")
    response = logged_in().get(url, {"group": "none"} if url == INVOICING_URL else {})
    assert numbers(response) == [number(row) for row in (first, second, third)]


@pytest.mark.parametrize("url", [RECORDS_URL, INVOICING_URL])
def test_hours_and_amount_are_the_sums_of_the_lines(url: str) -> None:
    make = submitted if url == RECORDS_URL else approved
    row = make(hours="7.3333", price="96")
    equipment = make_item("TRUCK", section="equipment", unit="day")
    WorkLine.objects.create(
        record=row, line_number=2, section="equipment", item=equipment, quantity=1, unit_price=150, amount=150
    )
    make(hours="8", price="10.005")
    response = logged_in().get(url)
    assert total_row(response) == ["15.3333", "934.04"]
    page = text(response)
    assert '<data value="7.3333">7.3333</data>' in page
    assert '<data value="854.00">854.00</data>' in page
    assert f'data-id="{row.pk}" data-cents="85400"' in page
    group = text(logged_in().get(url, {"group": "month"})).partition('class="g g1"')[2].partition("</tr>")[0]
    assert '<data value="15.3333">15.3333</data>' in group
    assert "<b>2 DWRs</b>" in page
    assert "<b>934.04</b>, in CAD" in page


def test_a_dwr_without_lines_counts_zero() -> None:
    row = submitted()
    row.lines.all().delete()
    response = logged_in().get(RECORDS_URL)
    assert total_row(response) == ["0.00", "0.00"]
    assert f'data-id="{row.pk}" data-cents="0"' in text(response)


def test_the_invoice_backlog_is_grouped_by_job_until_told_otherwise() -> None:
    jobs = [make_job(job_number=f"26-{letter}", project_name=f"Pad {letter}") for letter in "AB"]
    for job in (jobs[0], jobs[0], jobs[1]):
        approved(job=job)
    client = logged_in()
    heads = group_heads(client.get(INVOICING_URL))
    assert heads == [("26-A Pad A", "2 DWRs", ["16.0000", "1536.00"]), ("26-B Pad B", "1 DWR", ["8.0000", "768.00"])]
    plain = client.get(INVOICING_URL, {"group": "none"}, headers=HTMX)
    assert group_heads(plain) == []
    assert pushed(plain) == f"{INVOICING_URL}?group=none"
    assert pushed(client.get(INVOICING_URL, {"group": "job"}, headers=HTMX)) == INVOICING_URL
    assert pushed(client.get(INVOICING_URL, {"group": "office"}, headers=HTMX)) == f"{INVOICING_URL}?group=office"
    assert client.get(INVOICING_URL, {"group": ["none", "job"]}).content.count(b"be grouped by") == 1


@pytest.mark.parametrize("group", ["client", "job", "manager", "office", "month"])
@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_groups_have_counts_and_sums_that_add_up(url: str, make: Make, group: str) -> None:
    job = make_job(office=None)
    for day in (date(2026, 10, 1), date(2026, 11, 2)):
        make(job=job, date=day)
        make(date=day)
    response = logged_in().get(url, {"group": group})
    heads = group_heads(response)
    assert sum(int(words.split()[0]) for _, words, _ in heads) == 4
    total = sum(Decimal(sums[-1]) for _, _, sums in heads)
    assert f"{total:,.2f}" == total_row(response)[-1]
    assert len(numbers(response)) == 4


def test_records_group_by_author_and_expenses_by_employee() -> None:
    person = make_user(Role.TECHNICIAN, name="T. Nguyen")
    submitted(created_by=person)
    submitted(created_by=person)
    spent(employee="J. Lavoie")
    assert group_heads(logged_in().get(RECORDS_URL, {"group": "author"}))[0][:2] == ("T. Nguyen", "2 DWRs")
    assert group_heads(logged_in().get(EXPENSES_URL, {"group": "employee"}))[0][:2] == ("J. Lavoie", "1 expense")


@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_filters(url: str, make: Make) -> None:
    job = make_job(client=make_client(name="Birchline"), project_name="Pad 7")
    row = make(job=job, date=date(2026, 11, 3))
    make(date=date(2026, 10, 1))
    client = logged_in()
    queries: tuple[dict[str, Any], ...] = (
        {"job": job.pk},
        {"client": job.client_id},
        {"manager": job.project_manager_id},
        {"q": "birchline"},
        {"q": "pad 7"},
        {"q": number(row), "job": job.pk},
        {"date_after": "2026-11-01", "date_before": "2026-11-30"},
        {"amount_min": "1.00", "job": job.pk},
    )
    for query in queries:
        assert numbers(client.get(url, query)) == [number(row)], query
    assert numbers(client.get(url, {"amount_min": "99999.00"})) == []
    assert len(numbers(client.get(url, {"office": str(job.office_id)}))) == 2


def test_filters_by_author_and_by_employee() -> None:
    row, expense = submitted(), spent(employee="K. Roy")
    submitted()
    spent(employee="J. Lavoie")
    assert numbers(logged_in().get(RECORDS_URL, {"author": row.created_by_id})) == [row.dwr_number]
    assert numbers(logged_in().get(EXPENSES_URL, {"employee": "K. Roy"})) == [expense.expense_number]
    assert b"not one of the choices" in logged_in().get(EXPENSES_URL, {"employee": "Nobody"}).content


@pytest.mark.parametrize(("url", "make"), GRIDS[:2])
def test_a_filter_on_another_managers_job_is_no_choice(url: str, make: Make, manager: User) -> None:
    row = make()
    response = logged_in(manager).get(url, {"job": row.job_id})
    assert "not one of the choices" in text(response)
    assert numbers(response) == []


@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_every_column_sorts(url: str, make: Make) -> None:
    make()
    make()
    client = logged_in()
    grid = {RECORDS_URL: RECORD_APPROVAL, EXPENSES_URL: EXPENSE_APPROVAL, INVOICING_URL: RECORD_INVOICING}[url]
    for name in grid.columns:
        assert len(numbers(client.get(url, {"sort": f"-{name}", "group": "none" if make is approved else ""}))) == 2


@pytest.mark.parametrize("query", ["", "?group=client&group=month&order=sum", "?q=pad&sort=-amount"])
@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_g48_queries_are_constant_and_at_most_twelve(url: str, make: Make, query: str) -> None:
    for _ in range(3):
        make(job=make_job(project_name="Pad"))
    client = logged_in()
    client.get(url + query)
    counts = []
    for more in (0, 27):
        for _ in range(more):
            make(job=make_job(project_name="Pad"))
        with CaptureQueriesContext(connection) as captured:
            assert len(numbers(client.get(url + query))) == 3 + more
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_texts_are_escaped(url: str, make: Make) -> None:
    job = make_job(project_name="<b>&\"'</b>", job_number="26-<i>")
    make(job=job)
    assert "<b>&" not in text(logged_in().get(url)).replace("<b>&lt;", "")
    assert "26-&lt;i&gt;" in text(logged_in().get(url))


@pytest.mark.parametrize(("url", "make"), GRIDS)
def test_the_rows_of_ticks_come_with_their_cents(url: str, make: Make) -> None:
    row = make()
    answer = logged_in().post(f"{url}rows/", {"query": "", "ids": str(row.pk)}).json()
    cents = 4250 if url == EXPENSES_URL else 76800
    assert [each[:3] for each in answer["rows"]] == [[row.pk, cents, 1]]


def test_a_record_detail_shows_lines_signatures_and_history(manager: User) -> None:
    job = make_job(project_manager=manager)
    row = submitted(job=job, description="Staked the pad", signed_by="A. Beaulieu", signature="10,10 40,40")
    response = logged_in(manager).get(f"/records/{row.pk}/detail/", headers=HTMX)
    said = words(response)
    for expected in ("Lab", "J. Lavoie", "8.00", "96.00", "768.00", "Staked the pad", "A. Beaulieu", "not signed"):
        assert expected in said
    assert '<path d="M10 10L40 40">' in text(response)
    page = logged_in(manager).get(f"/records/{row.pk}/detail/")
    assert f"<h1>Detail of DWR {row.dwr_number}</h1>" in text(page)


def test_a_damaged_drawing_shows_the_name_alone() -> None:
    row = submitted(signed_by="A. Beaulieu", signature='M0 0"><script>')
    page = text(logged_in().get(f"/records/{row.pk}/detail/", headers=HTMX))
    assert "A. Beaulieu" in page
    assert "<script" not in page


def test_an_expense_detail_shows_what_was_bought(manager: User) -> None:
    row = spent(job=make_job(project_manager=manager), description="Fuel in Edson", item="Fuel")
    said = words(logged_in(manager).get(f"/expenses/{row.pk}/detail/", headers=HTMX))
    for expected in ("No receipt", "Fuel in Edson", "42.50", "J. Lavoie"):
        assert expected in said


@pytest.mark.parametrize(("url", "make"), GRIDS[:2])
def test_the_detail_of_another_managers_row_is_not_found(url: str, make: Make, manager: User) -> None:
    address = f"{url.removesuffix('approval/')}{make().pk}/detail/"
    assert logged_in(manager).get(address).status_code == 404
    assert logged_in(Role.TECHNICIAN).get(address).status_code == 403


def test_details_of_three_and_of_thirty_lines_take_the_same_queries() -> None:
    row = submitted()
    client, counts = logged_in(), []
    for more in (2, 27):
        for _ in range(more):
            WorkLine.objects.create(
                record=row,
                line_number=row.lines.count() + 1,
                section="labour",
                item=make_item(f"L{row.lines.count()}"),
                quantity=1,
                unit_price=1,
                amount=1,
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/records/{row.pk}/detail/", headers=HTMX)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(("url", "make"), GRIDS[:2])
def test_a_row_that_left_is_named_with_who_and_when(url: str, make: Make) -> None:
    row = make()
    type(row).objects.filter(pk=row.pk).update(submitted_on=None)
    answer = logged_in().post(f"{url}rows/", {"query": "", **selection([row])}).json()
    assert answer["gone_count"] == 1
    assert answer["gone"][0].endswith(f"{number(row)} is draft")


def test_the_summary_of_a_manager_counts_own_rows(manager: User) -> None:
    job: Job = make_job(project_manager=manager)
    submitted(job=job)
    submitted()
    assert "<b>1 DWR</b> submitted, <b>768.00</b>" in text(logged_in(manager).get(RECORDS_URL))
