"""The money trail of a job: each command moves it exactly as it must, with the dashboard and the WIP Report."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backlog.checks import CHECKS
from exports.models import ExportMark
from jobbook.accounts.roles import Permission, Role
from jobbook.jobs.models import Job
from jobbook.reports.trail.documents import Step, documents_of
from jobbook.reports.trail.holds import PO_MISSING, hold_of, mended_at
from jobbook.reports.trail.trail import milestones, waiting
from jobbook.reports.trail.views import account
from jobbook.reports.wip.billed import billed_by_job
from jobbook.reports.wip.figures import Billed, Place, Work
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import work_by_job
from tests.backlog.grids import logged_in, text, total_row
from tests.commands import assert_sound
from tests.factories import make_company, make_expense, make_invoice, make_job, make_record, make_user
from tests.invoicing import in_queue
from tests.reports.firm import FIGURES
from tests.reports.walk import PLACES, QUEUES, Walk

pytestmark = pytest.mark.django_db(transaction=True)
STEPS_OF = {
    Step.SUBMIT: "draft",
    Step.APPROVE: "submitted",
    Step.INVOICE: "approved",
    Step.SIGN: "pm",
    Step.CLIENT: "ticket",
    Step.EXPORT: "admin",
    Step.PROCESS: "admin",
    Step.PAY: "processed",
}


def trail_places(job: Job) -> dict[str, Decimal]:
    """What the trail says waits where, and what is paid."""
    documents, admin = documents_of(job), make_user()
    places = dict.fromkeys(PLACES, Decimal("0.00"))
    for each in waiting(job, documents, admin, timezone.localdate()):
        places[STEPS_OF[Step(each.slug)]] += each.amount
    places["paid"] = next(each.amount for each in milestones(documents) if each.slug == "paid")
    return places


def wip_places(job: Job) -> dict[str, Decimal]:
    """What the WIP Report says of all days, as of today: work that is on no invoice, and invoices by queue."""
    jobs, scope = Job.objects.filter(pk=job.pk), Scope(None, timezone.localdate(), timezone.localdate())
    work = work_by_job(scope, jobs).get(job.pk, Work())
    billed = billed_by_job(scope, jobs).get(job.pk, Billed())
    unbilled = {str(place): work.of(place) for place in (Place.DRAFT, Place.SUBMITTED, Place.APPROVED)}
    queues = {queue: billed.queues.get(queue, Decimal("0.00")) for queue in QUEUES}
    assert sum(billed.parts.values()) == sum(queues.values())
    return {**unbilled, **queues}


def dashboard_row(client: Client, job: Job) -> dict[str, Decimal]:
    """The figures of the job's row on the page of active jobs, and that their sums are these: it is the only job."""
    page = client.get("/jobs/active/")
    [row] = re.findall(r'<tr class="r"(.*?)</tr>', text(page), re.DOTALL)
    amounts = re.findall(r'<data value="([^"]+)">', row)
    assert [Decimal(amount.replace(",", "")) for amount in total_row(page)[1:]] == [*map(Decimal, amounts)]
    return dict(zip(FIGURES, map(Decimal, amounts), strict=True))


def test_every_command_moves_dashboard_trail_and_wip_as_it_must() -> None:
    make_company()
    walk = Walk()
    names, client = [], logged_in(walk.manager)
    for name, expected in walk.steps():
        names.append(name)
        assert (name, dashboard_row(client, walk.job)) == (name, expected.dashboard())
        assert (name, trail_places(walk.job)) == (name, expected.places)
        assert (name, wip_places(walk.job)) == (name, expected.places)
    assert len(names) == len(set(names)) >= 28
    assert_sound()


def test_an_exported_invoice_waits_to_be_processed() -> None:
    walk = Walk()
    next(name for name, _ in walk.steps() if name == "export")
    steps = {each.slug: each.amount for each in waiting(walk.job, documents_of(walk.job), walk.admin, date.today())}
    assert (steps[Step.EXPORT], steps[Step.PROCESS]) == (Decimal("0.00"), walk.expected.places["admin"])


def test_waiting_and_paid_are_all_that_was_invoiced_and_what_was_not() -> None:
    job = make_job()
    for place in ("pm", "ticket", "admin", "client", "released", "processed", "paid"):
        in_queue(place, job)
    make_record(job=job)
    make_record(job=job, submitted_on=date(2026, 11, 20))
    work, billed = account(job)
    assert sum(trail_places(job).values()) == billed.invoiced + work.unbilled


def test_days_who_and_what_holds_it() -> None:
    today = timezone.localdate()
    manager = make_user(Role.PROJECT_MANAGER, name="K. Osei")
    job = make_job(project_manager=manager, po_required=True)
    for days in (3, 8):
        make_record(job=job, date=today - timedelta(days=days + 1), submitted_on=today - timedelta(days=days))
    make_expense(job=job, date=today - timedelta(days=40), submitted_on=today)
    make_invoice(job=job, signed=False, invoice_date=today, due_date=today, po_number="")
    found = {each.slug: each for each in waiting(job, documents_of(job), manager, today)}
    approve, sign = found[Step.APPROVE], found[Step.SIGN]
    assert (approve.count, approve.oldest, approve.average, approve.who) == (2, 8, 6, "K. Osei")
    assert approve.url == f"/records/approval/?job={job.pk}"
    listed = f"/invoices/?tab=pm&job={job.pk}&checks="
    assert {hold.label: (hold.count, hold.url) for hold in sign.holds} == {
        "Expenses pending": (1, f"{listed}expenses"),
        "PO missing": (1, f"{listed}po"),
    }
    assert found[Step.PAY].url.endswith("tab=processed&job=" + str(job.pk))
    assert found[Step.INVOICE].url == ""  # a manager does not invoice


@pytest.mark.parametrize("role", list(Role))
def test_every_hold_leads_to_the_page_that_mends_it_whoever_may_open_it(role: Role) -> None:
    make_company(default_format="qbo")
    job, user = make_job(project_manager=make_user(Role.PROJECT_MANAGER)), make_user(role)
    if user.can(Permission.APPROVE):
        Job.objects.update(project_manager=user)
    holds = [PO_MISSING, *map(hold_of, CHECKS)]
    pages = {hold: url for hold, url in mended_at(holds, job, user).items() if url}
    assert {*pages} == {hold for hold in holds if hold.mended_by and user.can(hold.mended_by)}
    client = logged_in(user)
    assert [(url, client.get(url).status_code) for url in pages.values()] == [(url, 200) for url in pages.values()]


def test_how_long_each_step_took() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    record = make_record(
        date=date(2026, 10, 1), submitted_on=date(2026, 10, 2), approved_on=date(2026, 10, 4), approved_by=manager
    )
    make_invoice(
        job=record.job, invoice_date=date(2026, 10, 5), due_date=date(2026, 11, 5), signed_on=date(2026, 10, 9)
    )
    found = {each.slug: (each.amount, each.days) for each in milestones(documents_of(record.job))}
    assert found["recorded"] == (Decimal("768.00"), None)
    assert found["approved"] == (Decimal("768.00"), 3)
    assert found["signed"] == (Decimal("100.00"), 4)
    assert found["exported"] == (Decimal("0.00"), None)


def test_links_only_where_the_user_may_go_and_constant_queries() -> None:
    make_company()
    job = make_job()
    counted, page = [], ""
    for _ in range(2):
        for _ in range(3):
            make_record(job=job, submitted_on=date(2026, 11, 20))
            for place in ("pm", "admin"):
                in_queue(place, job)
        with CaptureQueriesContext(connection) as captured:
            page = logged_in().get(f"/jobs/{job.pk}/trail/").content.decode()
        counted.append(len(captured))
    assert counted[0] == counted[1]
    assert "tab=pm&amp;job=" in page
    read = logged_in(Role.ACCOUNTING).get(f"/jobs/{job.pk}/trail/").content.decode()
    assert "tab=pm" not in read
    assert "tab=admin" in read
    assert "/records/" not in read
    assert ExportMark.objects.count() == 0
