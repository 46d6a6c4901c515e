"""I-15, I-16: whatever the books and whatever the day, the figures of a WIP Report are exact and nothing falls out."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invoices.models import Invoice
from jobbook.jobs.models import BillingType, Job
from jobbook.reports.wip.rows import invoice_rows
from jobbook.reports.wip.scope import Scope
from tests.access.world import undone
from tests.factories import TODAY
from tests.reports.wip_books import LAST, Books
from tests.reports.wip_checks import Some, check

pytestmark = pytest.mark.django_db
FAR = TODAY + timedelta(days=4_000)
RANDOM = st.randoms(use_true_random=True)  # spreads better than what shrinks
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


def any_scope(books: Books) -> Scope:
    rng = books.rng
    days = sorted([books.day(), books.day()])
    billing = rng.choice([(), (), (), (BillingType.TIME_AND_MATERIAL,)])
    return Scope(rng.choice([None, days[0]]), days[1], rng.choice([books.day(), LAST, days[1]]), billing)


def holds_for(rng: random.Random, *, some: Some = list) -> None:
    with undone():
        books = Books(rng)
        scope = any_scope(books)
        check(scope, scope.jobs_for(books.admin), some=some)
        whole = Scope(None, FAR, FAR, ())
        queues = dict(Invoice.objects.values_list("pk", "queue"))
        assert {row.id: row.place for row in invoice_rows(whole, Job.objects.all()).rows} == queues


@settings(max_examples=9, deadline=None, suppress_health_check=QUIET, database=None)
@given(RANDOM)
def test_any_books_on_any_day(rng: random.Random) -> None:
    holds_for(rng, some=lambda figures: rng.sample(figures, 6))


@pytest.mark.stress
@settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
@given(RANDOM)
def test_any_books_on_any_day_for_long(rng: random.Random) -> None:
    holds_for(rng)
