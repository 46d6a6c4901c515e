"""The figures of a WIP Report ask the same number of queries however much there is."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import InvoicedRecord
from jobbook.jobs.models import BillingType, Job
from jobbook.jobs.transitions.progress import enter_progress
from jobbook.reports.wip.figures import Part
from jobbook.reports.wip.fixed_price import fixed_price
from jobbook.reports.wip.lines import job_lines
from jobbook.reports.wip.rows import invoice_rows, work_rows
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import ages, work_by_item
from tests.factories import TODAY, make_invoice, make_job, make_record, make_user

pytestmark = pytest.mark.django_db
ASKED: dict[Callable[..., Any], int] = {job_lines: 5, work_by_item: 1, ages: 1, fixed_price: 2}


def grow(number: int) -> None:
    """So many more jobs of both types, each with work on an invoice, work on none, and progress."""
    manager = make_user("project_manager")
    for _ in range(number):
        job, fixed = make_job(project_manager=manager), make_job(billing_type=BillingType.FIXED_PRICE)
        invoice = make_invoice(job=job)
        for record in (make_record(job=job), make_record(job=job, date=TODAY - timedelta(days=9))):
            if record.date == TODAY:
                InvoicedRecord.objects.create(record=record, invoice=invoice)
        enter_progress(fixed.pk, on=TODAY, percent=Decimal(40), by=make_user())


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_the_number_of_queries_does_not_grow() -> None:
    scope, jobs = Scope(TODAY - timedelta(days=20), TODAY, TODAY, ()), Job.objects.all()
    rows = {
        "work": lambda: list(work_rows(scope, jobs).rows[:50]),
        "invoices": lambda: list(invoice_rows(scope, jobs, part=Part.BY_HAND).rows[:50]),
    }
    for more in (3, 27):
        grow(more)
        assert {each: queries(partial(each, scope, jobs)) for each in ASKED} == ASKED
        assert {name: queries(read) for name, read in rows.items()} == {"work": 2, "invoices": 2}
    assert len(job_lines(scope, jobs)) == len(fixed_price(scope, jobs)) == 30
