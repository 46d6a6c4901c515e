"""I-15, I-16 on the demo and on 393 real documents of a wholesaler: every figure of every job, the rows of some."""

import random
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Max

from invoices.models import Invoice
from jobbook.jobs.models import Job
from jobbook.reports.wip.billed import billed_by_job
from jobbook.reports.wip.figures import Part
from jobbook.reports.wip.fixed_price import fixed_price
from jobbook.reports.wip.lines import total_billed
from jobbook.reports.wip.scope import Scope
from jobbook.transfer.demo.plan import Size
from jobbook.transfer.demo.seed import Seeding, seed_demo
from tests.factories import TODAY
from tests.reports.wip_checks import Figure, check
from tests.transfer.folders import REAL

pytestmark = pytest.mark.django_db


def some(figures: list[Figure]) -> list[Figure]:
    return random.Random(7).sample(figures, 12)


def test_the_demo() -> None:
    seed_demo(Seeding(Size.of(150, None), 1, TODAY))
    jobs, whole = Job.objects.all(), Scope(None, TODAY, TODAY, ())
    for scope in (whole, Scope(TODAY - timedelta(days=60), TODAY, TODAY - timedelta(days=9), ())):
        check(scope, jobs, some=some)
    parts = total_billed(billed_by_job(whole, jobs).values()).parts
    assert all(parts[part] for part in (Part.WORK, Part.BY_HAND, Part.CREDITS))
    assert any(line.over for line in fixed_price(whole, jobs))


@pytest.mark.sqlite  # the figures ask both databases the same; the import of it costs too much for twice
def test_the_real_data_set() -> None:
    call_command("import_data", REAL, stdout=StringIO())
    last = Invoice.objects.aggregate(day=Max("invoice_date"))["day"]
    assert Invoice.objects.count() == 393
    check(Scope(None, last, last - timedelta(days=5), ()), Job.objects.all(), some=some)
