"""A page that is out of date says so: by the grid's own rows, by the job's, by the dashboard's figures."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.editing import delete_invoice, edit_invoice
from invoices.models import Invoice
from invoices.rows import lines_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.ledger import ledger_number
from jobbook.jobs.models import BillingType, DailyWorkRecord
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.progress import enter_progress
from jobbook.jobs.transitions.records import delete_record
from tests.approvals import approve_all, make_work
from tests.backlog.grids import logged_in
from tests.commands import fresh, process, undo
from tests.factories import make_invoice, make_job, make_record, make_user
from tests.invoicing import in_queue, invoice_all

pytestmark = pytest.mark.django_db(transaction=True)
BACKLOG = "/invoices/backlog/"


def news(client: Client, grid: str, query: str, shown: dict[str, Any]) -> str:
    """The sentence that the page at `query` is told; "" for nothing new."""
    response = client.get(f"{grid}news/?{urlencode({**shown, 'query': query})}")
    assert response.status_code in (200, 204)
    return response.content.decode().partition("<span>")[2].partition("</span>")[0]


def shown(client: Client, address: str) -> dict[str, Any]:
    results = client.get(address).context["results"]
    return {"ledger": results.ledger, "count": results.totals.count, "mark": results.totals.mark}


def test_nothing_changed_costs_one_query_beyond_the_log_in() -> None:
    make_invoice()
    client = logged_in()
    values = urlencode(shown(client, BACKLOG))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{BACKLOG}news/?{values}")
    assert (response.status_code, response["X-Ledger"]) == (204, str(ledger_number()))
    assert len(captured) <= 4  # session, user, company, the head
    assert "X-Waiting" not in response


def test_processed_elsewhere_and_undone() -> None:
    admin, client = make_user(), logged_in()
    invoices = [make_invoice() for _ in range(3)]
    before = shown(client, BACKLOG)
    batch = process(admin, invoices[:2])
    assert news(client, BACKLOG, "", before) == "2 invoices gone."
    between = shown(client, BACKLOG)
    undo(admin, batch)
    assert news(client, BACKLOG, "", between) == "2 new invoices."
    assert news(client, BACKLOG, "", before) == "2 invoices changed."  # back again, at another version


def test_a_change_counts_only_where_it_is_shown() -> None:
    admin, client = make_user(), logged_in()
    first, second = make_invoice(amounts=["100.00"]), make_invoice(amounts=["700.00"])
    before, small = shown(client, BACKLOG), shown(client, f"{BACKLOG}?total_max=200")
    edit_invoice(second.pk, version=1, values={"memo": "Gate 4"}, lines=lines_of(second), by=admin)
    assert news(client, BACKLOG, "", before) == "1 invoice changed."
    assert news(client, BACKLOG, "total_max=200", small) == ""
    delete_invoice(first.pk, version=1, by=admin)
    assert news(client, BACKLOG, "total_max=200", small) == "1 invoice gone."


def test_an_export_of_somebody_else_is_news_ones_own_is_not() -> None:
    admin, other = make_user(), make_user()
    make_invoice()
    before = shown(logged_in(admin), BACKLOG)
    run: ExportRun = start_run(slug="csv", invoices=Invoice.objects.all(), by=other)
    work_on(run.pk)
    assert news(logged_in(admin), BACKLOG, "", before) == "1 invoice changed."
    assert news(logged_in(other), BACKLOG, "", before) == ""


def test_a_manager_hears_of_own_rows_only() -> None:
    admin, manager = make_user(), make_user(Role.PROJECT_MANAGER)
    mine, other = make_work(RECORDS, job=make_job(project_manager=manager)), make_work(RECORDS)
    client = logged_in(manager)
    before = shown(client, "/records/approval/")
    approve_all(RECORDS, admin, [other])
    assert news(client, "/records/approval/", "", before) == ""
    approve_all(RECORDS, admin, [mine])
    assert news(client, "/records/approval/", "", before) == "1 DWR gone."


def test_what_the_page_does_not_say_is_refused_and_wrong_filters_tell_nothing() -> None:
    client = logged_in()
    assert client.get(f"{BACKLOG}news/").status_code == 400
    assert client.get(f"{BACKLOG}news/?ledger=x&count=1&mark=2").status_code == 400
    make_invoice()
    assert news(client, BACKLOG, "nonsense=1", {"ledger": -1, "count": 0, "mark": ""}) == ""


def invoiced(admin: User, record: DailyWorkRecord) -> None:
    approve_all(RECORDS, admin, [record])
    invoice_all(admin, [record])


def deleted(admin: User, record: DailyWorkRecord) -> None:
    DailyWorkRecord.objects.filter(pk=record.pk).update(submitted_on=None)
    delete_record(record.pk, version=1, by=admin)


def deleted_draft(admin: User, record: DailyWorkRecord) -> None:
    delete_invoice(make_invoice(job=record.job, signed=False).pk, version=1, by=admin)


def processed(admin: User, record: DailyWorkRecord) -> None:
    process(admin, [make_invoice(job=record.job)])


@pytest.mark.parametrize("act", [invoiced, deleted, deleted_draft, processed])
def test_the_page_of_a_job_hears_of_its_work_and_invoices(act: Callable[..., None]) -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    admin, record = make_user(name="M. Tran"), make_record(job=make_job(project_manager=manager))
    DailyWorkRecord.objects.update(submitted_on=record.date)
    here, elsewhere, number = f"/jobs/{record.job_id}/news/", f"/jobs/{make_job().pk}/news/", ledger_number()
    client, stranger = logged_in(admin), logged_in(make_user(Role.PROJECT_MANAGER))
    assert client.get(here, {"ledger": number}).status_code == 204
    act(admin, record)
    assert "by you" in client.get(here, {"ledger": number}).content.decode()
    assert "M. Tran" in logged_in(manager).get(here, {"ledger": number}).content.decode()
    assert client.get(elsewhere, {"ledger": number}).status_code == 204
    assert stranger.get(here, {"ledger": number}).status_code == 404


@pytest.mark.parametrize("act", [invoiced, deleted, deleted_draft, processed])
def test_the_wip_report_hears_of_the_jobs_it_is_of(act: Callable[..., None]) -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    admin, record = make_user(name="M. Tran"), make_record(job=make_job(project_manager=manager))
    DailyWorkRecord.objects.update(submitted_on=record.date)
    other, number = make_job().job_number, str(ledger_number())

    def heard(user: User | Role, query: str = "period=this_year") -> str:
        answer = logged_in(user).get("/wip/news/", {"ledger": number, "query": query})
        return {204: "", 200: answer.content.decode()}[answer.status_code]

    assert heard(admin) == ""
    act(admin, record)
    assert "by you" in heard(admin)
    assert "M. Tran" in heard(manager, f"period=all&job={record.job.job_number}&page=2")
    assert heard(admin, f"job={other}") == heard(admin, "billing=overhead") == heard(Role.PROJECT_MANAGER) == ""
    assert logged_in(admin).get("/wip/news/", {"ledger": number, "query": "period=never"}).status_code == 400


def test_the_wip_report_hears_of_fixed_price_jobs_whatever_it_is_of() -> None:
    admin, number = make_user(), str(ledger_number())
    job = make_job(billing_type=BillingType.FIXED_PRICE)
    enter_progress(job.pk, percent=Decimal(20), on=timezone.localdate(), by=admin)
    assert logged_in(admin).get("/wip/news/", {"ledger": number, "query": ""}).status_code == 200


def test_the_dashboard_gets_new_figures_when_they_are_others() -> None:
    admin, client = make_user(), logged_in()
    invoice = in_queue("admin")
    page = client.get("/").context
    before = {"ledger": page["ledger"], "mark": page["mark"]}
    assert client.get("/news/", before).status_code == 204
    edit_invoice(invoice.pk, version=1, values={"memo": "Gate 4"}, lines=lines_of(invoice), by=admin)
    assert client.get("/news/", before).status_code == 204  # written, but no figure is another
    process(admin, [fresh(invoice)])
    answer = client.get("/news/", before)
    assert "Invoice Process Backlog" in answer.content.decode()
    assert answer["X-Waiting"] == "0"
    assert "105.00" not in logged_in(Role.TECHNICIAN).get("/news/", before).content.decode()


def test_the_active_jobs_hear_of_work_and_invoices_also_deleted_ones() -> None:
    admin, client = make_user(), logged_in()
    record, draft = make_work(RECORDS), make_invoice(signed=False)
    before = shown(client, "/jobs/active/")
    delete_invoice(draft.pk, version=1, by=admin)
    assert news(client, "/jobs/active/", "", before) == "Amounts changed."
    before = shown(client, "/jobs/active/")
    approve_all(RECORDS, admin, [record])
    assert news(client, "/jobs/active/", "", before) == "1 job changed."
    before = shown(client, "/jobs/active/")
    process(admin, [make_invoice(job=record.job)])
    assert news(client, "/jobs/active/", "", before) == "1 job changed."
