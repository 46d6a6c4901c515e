"""The Active Job Dashboard: its figures against plain Python, filters, sorts, groups, sums, what each role sees."""

import re
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.money import ShareUsed, share_used
from jobbook.jobs.models import BillingType, Job
from jobbook.reports.active_jobs.expressions import EXPRESSIONS
from tests.backlog.grids import HTMX, group_heads, logged_in, text, total_row
from tests.factories import make_company, make_invoice, make_job, make_record, make_user
from tests.invoicing import approved
from tests.reports.firm import FIGURES, figures_of, make_firm, numbers, spaced, total

pytestmark = pytest.mark.django_db
URL = "/jobs/active/"
TIME = BillingType.TIME_AND_MATERIAL


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER, name="K. Osei")


@pytest.fixture
def jobs(manager: User) -> list[Job]:
    return make_firm([manager, make_user(Role.PROJECT_MANAGER, name="A. Beaulieu")])


def shown(response: Any) -> dict[str, list[str]]:
    """The amounts of each row, by job number, in the order of the columns."""
    found = re.findall(r'<tr class="r"(.*?)</tr>', text(response), re.DOTALL)
    amounts = [re.findall(r'<data value="([^"]+)">', html) for html in found]
    return dict(zip(numbers(response), amounts, strict=True))


def test_each_figure_is_what_the_rows_of_the_job_add_up_to(jobs: list[Job]) -> None:
    found = Job.objects.annotate(**EXPRESSIONS).in_bulk()
    for job in jobs:
        expected = figures_of(job)
        assert {name: getattr(found[job.pk], name) for name in expected} == expected, job.billing_type


def test_rows_show_the_figures_of_active_jobs_and_their_sums(jobs: list[Job]) -> None:
    response = logged_in().get(URL)
    active = jobs[:-1]
    figures = [figures_of(job) for job in active]
    expected = {
        job.job_number: [
            f"{value:.2f}" for value in (job.po_amount, *(figure[name] for name in FIGURES)) if value is not None
        ]
        for job, figure in zip(active, figures, strict=True)
    }
    assert shown(response) == expected
    sums = [total(job.po_amount or 0 for job in active), *(total(f[name] or 0 for f in figures) for name in FIGURES)]
    assert total_row(response) == [f"{value:,.2f}" for value in sums]


def test_groups_add_up_to_the_total(jobs: list[Job]) -> None:
    for group in ("client", "manager", "office", "billing", "status"):
        heads = group_heads(logged_in().get(URL, {"group": group, "order": "sum"}))
        added = [total(map(Decimal, column)) for column in zip(*(sums for _, _, sums in heads), strict=True)]
        active = [figures_of(job) for job in jobs[:-1]]
        assert added[1:] == [total(figure[name] or 0 for figure in active) for name in FIGURES], group
        work = [Decimal(sums[1]) for _, _, sums in heads]
        assert work == sorted(work, reverse=True)


def test_a_manager_sees_own_jobs_and_a_technician_none(jobs: list[Job], manager: User) -> None:
    own = [job.job_number for job in jobs if job.project_manager == manager]
    assert numbers(logged_in(manager).get(URL)) == own
    assert len(numbers(logged_in(Role.ACCOUNTING).get(URL))) == len(jobs) - 1
    assert logged_in(Role.TECHNICIAN).get(URL).status_code == 403


def test_the_share_of_the_po_is_exact_and_rounded_up_in_sql_as_in_python() -> None:
    jobs = [make_job(po_amount=po) for po in map(Decimal, ("100.00", "300.00", "0.01", "99999999999.99"))]
    no_whole = [make_job(po_amount=None), make_job(po_amount=Decimal(0))]
    for part in map(Decimal, ("0.00", "0.01", "90.00", "90.01", "100.00", "100.01", "99999999999.99")):
        Job.objects.update(contract_amount=part)
        used = dict(Job.objects.values_list("pk", ShareUsed(F("contract_amount"), F("po_amount"))))
        assert (
            [used.pop(job.pk) for job in no_whole]
            == [None, None]
            == [share_used(part, each.po_amount) for each in no_whole]
        )
        for job in jobs:
            exact = (part * 10_000 / job.po_amount).to_integral_value(ROUND_CEILING)
            assert used[job.pk] == share_used(part, job.po_amount) == exact


@pytest.mark.parametrize(
    ("worked", "said", "slugs"),
    [
        ("90.00", "90 %", []),
        ("90.01", "91 % near PO", ["near"]),
        ("100.00", "100 % near PO", ["near"]),
        ("100.01", "101 % over PO", ["near", "over"]),
    ],
)
def test_a_word_and_a_filter_warn_above_ninety_per_cent(worked: str, said: str, slugs: list[str]) -> None:
    job = make_job(po_amount=Decimal("100.00"))
    approved(job, make_user(), hours="1", price=worked)
    make_job(po_amount=None)
    client = logged_in()
    assert f"</svg>{said}</span>" in text(client.get(URL))
    for slug in ("near", "over"):
        assert numbers(client.get(URL, {"po": slug})) == ([job.job_number] if slug in slugs else [])
    assert len(numbers(client.get(URL, {"po": "none"}))) == 1


def test_every_column_sorts(jobs: list[Job]) -> None:
    client = logged_in()
    used = {job.job_number: share_used(figures_of(job)["dwr_amount"], job.po_amount) for job in jobs[:-1]}
    order = numbers(client.get(URL, {"sort": "-used"}))
    shares = [used[number] for number in order]
    assert shares == sorted(shares, key=lambda share: -1 if share is None else share, reverse=True)
    for name in (
        "job",
        "client",
        "manager",
        "status",
        "billing",
        "due",
        "last_invoice",
        "since",
        "po_amount",
        *FIGURES,
    ):
        assert len(numbers(client.get(URL, {"sort": f"-{name}"}))) == len(jobs) - 1, name


def test_filters(jobs: list[Job], manager: User) -> None:
    client = logged_in()

    def found(**params: Any) -> list[str]:
        response = client.get(URL, params)
        assert "data-problems" not in text(response)
        return numbers(response)

    active, figures = jobs[:-1], {job.pk: figures_of(job) for job in jobs}
    first, today = active[0], timezone.localdate()
    assert first.due_date
    assert found(client=first.client_id) == [first.job_number] == found(q=first.job_number)
    assert found(manager=manager.pk) == [job.job_number for job in active if job.project_manager == manager]
    assert found(billing=TIME) == [job.job_number for job in active if job.billing_type == TIME]
    assert found(status="On hold") == [job.job_number for job in active if job.status == "On hold"]
    assert found(due_before=first.due_date.isoformat()) == [first.job_number]
    amounts = sorted(figures[job.pk]["unbilled"] for job in active if job.billing_type == TIME)
    assert len(found(unbilled_min=amounts[1])) == 1
    assert len(found(unbilled_max=amounts[0])) == 1
    days = {job.job_number: figures[job.pk]["last_invoice"] for job in active if figures[job.pk]["last_invoice"]}
    for at_least in {(today - day).days for day in days.values() if day <= today}:
        assert found(since_min=at_least) == [number for number, day in days.items() if (today - day).days >= at_least]
    assert "is not one of the choices" in text(client.get(URL, {"status": "Nowhere"}))


def test_a_late_job_stands_out() -> None:
    today = timezone.localdate()
    for days in (-1, 0):
        make_job(due_date=today + timedelta(days=days))
    page = text(logged_in().get(URL))
    assert page.count('<span class="vh"> late</span>') == 1
    assert page.index("</time><span") < page.index(f"<time datetime={today.isoformat()!r}".replace("'", '"'))


@pytest.mark.parametrize("billing", BillingType)
def test_an_invoice_is_offered_where_one_can_be_made(billing: str, manager: User) -> None:
    job = make_job(billing_type=billing, project_manager=manager)
    address = {TIME: f"/records/invoicing/?job={job.pk}", BillingType.FIXED_PRICE: f"/invoices/new/?job={job.pk}"}
    for url in (URL, f"{URL}{job.pk}/"):
        page = text(logged_in().get(url))
        assert re.findall(r'href="([^"]+\?job=\d+)">Create invoice', page) == [
            a for b, a in address.items() if b == billing
        ]
        assert "Create invoice" not in text(logged_in(manager).get(url))


def test_the_detail_adds_up_by_queue_and_names_the_newest_twenty(jobs: list[Job], manager: User) -> None:
    job = jobs[0]
    for _ in range(16):
        make_invoice(job=job, signed=False)
    said = spaced(logged_in(manager).get(f"{URL}{job.pk}/", headers=HTMX))
    invoices = list(Invoice.objects.filter(job=job))
    for queue, label in (
        ("pm", "PM Queue"),
        ("ticket", "Ticket Queue"),
        ("admin", "Admin Queue"),
        ("processed", "Processed"),
        ("paid", "Paid"),
    ):
        those = [invoice.subtotal for invoice in invoices if invoice.queue == queue]
        amount = total(those)
        assert f"{label} {len(those)} {amount:,.2f}" in said
    assert f"All {len(invoices)} {total(i.subtotal for i in invoices):,.2f}" in said
    assert f"the newest 20 of {len(invoices)}" in said
    credit = next(invoice for invoice in invoices if invoice.subtotal < 0)
    assert f"{credit.number} credit note 2026-12-05 Processed minus (33.33)" in said
    accounting = spaced(logged_in(Role.ACCOUNTING).get(f"{URL}{job.pk}/"))
    assert "PM Queue" not in accounting
    assert f"{sum(i.queue in ('pm', 'ticket') for i in invoices)} more have not reached the Admin Queue" in accounting


def test_a_stranger_finds_no_job(jobs: list[Job], manager: User) -> None:
    others = next(job for job in jobs if job.project_manager != manager)
    assert logged_in(manager).get(f"{URL}{others.pk}/").status_code == 404


def test_the_empty_dashboard_leads_to_all_jobs() -> None:
    make_job(active=False)
    page = text(logged_in().get(URL))
    assert "No active jobs." in page
    assert 'href="/jobs/">All jobs' in page


def test_thirty_jobs_ask_as_often_as_three() -> None:
    make_company()
    client, by = logged_in(), make_user()
    counts: dict[int, list[int]] = {}
    for count in (3, 30):
        for _ in range(count - Job.objects.count()):
            job = make_job(po_amount=Decimal(100))
            approved(job, by)
            make_invoice(job=job)
            make_record(job=job)
        counts[count] = []
        for query in (
            "",
            "?group=client&group=status&order=sum",
            "?sort=-used&po=near&unbilled_min=1&since_max=9",
            "download/csv/",
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(URL + query).status_code == 200
            counts[count].append(len(captured))
    assert counts[3] == counts[30]
    assert max(counts[3]) <= 12


def test_the_rows_of_a_group_are_answered(jobs: list[Job]) -> None:
    answer = logged_in().post(f"{URL}rows/", {"query": "group=billing", "filters": "", "within": TIME}).json()
    figures = {job.pk: figures_of(job) for job in jobs[:-1] if job.billing_type == TIME}
    assert [(pk, cents) for pk, cents, *_ in answer["rows"]] == [
        (pk, int(f["dwr_amount"] * 100)) for pk, f in figures.items()
    ]
