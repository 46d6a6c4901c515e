"""What waits for whom: each notice comes and goes by the product's own commands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backlog.notices import KINDS, notices, waiting
from exports.confirm import confirm_run
from exports.models import ExportRun, RunState
from exports.start import retry
from invoices.models import Invoice
from invoices.signing import sign
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS
from jobbook.jobs.transitions.expenses import send_back_expense
from jobbook.jobs.transitions.records import send_back_record, submit_record
from tests.approvals import BOTH, approve_all, make_work
from tests.backlog.grids import logged_in
from tests.commands import process
from tests.exports.runs import asked, built
from tests.factories import make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def slugs(user: User) -> dict[str, int]:
    return {notice.slug: notice.count for notice in notices(user)}


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER)


def test_work_waits_for_the_manager_of_its_job_and_for_administrators(manager: User) -> None:
    admin = make_user()
    for what, slug in zip(BOTH, ("records", "expenses"), strict=True):
        make_work(what)
        mine = make_work(what, job=make_job(project_manager=manager))
        assert slugs(manager)[slug] == 1
        assert slugs(admin)[slug] == 2
        approve_all(what, admin, [mine])
        assert slug not in slugs(manager)
    assert waiting(admin) == 2


def test_an_invoice_waits_to_be_signed_by_the_manager_of_its_job(manager: User) -> None:
    invoice = make_invoice(job=make_job(project_manager=manager), signed=False)
    make_invoice(signed=False)
    assert slugs(manager) == {"sign": 1}
    assert "sign" not in slugs(make_user())  # may sign, but is not who it waits for
    sign(invoice.pk, version=1, signed_by="K. Osei", by=manager)
    assert slugs(manager) == {}


def test_work_sent_back_waits_for_its_author(manager: User) -> None:
    author = make_user(Role.TECHNICIAN)
    job = make_job(project_manager=manager)
    record = make_work(RECORDS, job=job, created_by=author)
    expense = make_work(EXPENSES, job=job, created_by=author)
    send_back_record(record.pk, version=1, reason="Which well?", by=manager)
    send_back_expense(expense.pk, version=1, reason="No receipt", by=manager)
    assert slugs(author) == {"returned-records": 1, "returned-expenses": 1}
    assert slugs(manager) == {}
    submit_record(record.pk, version=2, by=author)
    assert slugs(author) == {"returned-expenses": 1}


def test_a_failed_run_waits_until_it_is_tried_again() -> None:
    admin = make_user()
    run = asked(admin)
    ExportRun.objects.update(state=RunState.FAILED, finished_at=timezone.now(), error="The disk is full.")
    assert slugs(admin)["failed"] == 1
    assert "failed" not in slugs(make_user(Role.ACCOUNTING))
    retry(ExportRun.objects.get(pk=run.pk), by=admin)
    assert "failed" not in slugs(admin)


def test_a_run_waits_for_accounting_after_three_days() -> None:
    admin, accounting = make_user(), make_user(Role.ACCOUNTING)
    run = built(admin)
    assert slugs(accounting) == {}
    ExportRun.objects.update(finished_at=timezone.now() - timedelta(days=4))
    [notice] = notices(accounting)
    assert (notice.slug, notice.words, notice.days) == ("unconfirmed", "1 export not confirmed by accounting", 4)
    assert run.total is not None
    confirm_run(run.pk, count=3, total=run.total, by=accounting)
    assert slugs(accounting) == {}


def test_the_admin_queue_waits_for_administrators_after_seven_days() -> None:
    admin, today = make_user(), timezone.localdate()
    old, new = make_invoice(), make_invoice()
    Invoice.objects.filter(pk=new.pk).update(signed_on=today - timedelta(days=7))
    Invoice.objects.filter(pk=old.pk).update(signed_on=today - timedelta(days=8))
    assert slugs(admin)["admin"] == 1
    assert "admin" not in slugs(make_user(Role.ACCOUNTING))
    process(admin, [old])
    assert "admin" not in slugs(admin)


def test_the_page_and_the_bell_say_the_same_and_every_link_opens(manager: User) -> None:
    make_work(RECORDS, job=make_job(project_manager=manager))
    make_invoice(job=make_job(project_manager=manager), signed=False)
    client = logged_in(manager)
    page = client.get("/notices/").content.decode()
    assert '<span class="n" data-waiting>2</span>' in page
    assert "1 DWR to approve" in page
    assert "1 invoice to sign" in page
    assert [client.get(notice.url).status_code for notice in notices(manager)] == [200, 200]
    nobody = logged_in(Role.TECHNICIAN).get("/notices/").content.decode()
    assert "Nothing waits for you." in nobody
    assert '<span class="n" data-waiting></span>' in nobody


def test_one_query_whatever_waits() -> None:
    for user in [make_user(role) for role in Role.values]:
        with CaptureQueriesContext(connection) as captured:
            notices(user)
        assert len(captured) == 1
    assert len({kind.slug for kind in KINDS}) == len(KINDS)
