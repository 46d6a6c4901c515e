"""The jobs of a report with all their figures, and the totals."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

from jobbook.common.ids import IdSet
from jobbook.jobs.models import Job
from jobbook.reports.wip.billed import billed_by_job
from jobbook.reports.wip.figures import ZERO, Billed, JobLine, Work
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import work_by_job


def job_lines(scope: Scope, jobs: QuerySet[Job]) -> list[JobLine]:
    """Every job with work or an invoice in the report, by job number. Five queries."""
    work, billed = work_by_job(scope, jobs), billed_by_job(scope, jobs)
    names = Job.objects.filter(pk__in=IdSet({*work, *billed})).order_by("job_number")
    return [
        JobLine(pk, number, project, client, work.get(pk, Work()), billed.get(pk, Billed()))
        for pk, number, project, client in names.values_list("pk", "job_number", "project_name", "client__name")
    ]


def total_work(works: Iterable[Work]) -> Work:
    return Work(_added(work.amounts for work in works))


def total_billed(each: Iterable[Billed]) -> Billed:
    every = list(each)
    return Billed(_added(billed.parts for billed in every), _added(billed.queues for billed in every))


def _added(tables: Iterable[dict[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for table in tables:
        for key, amount in table.items():
            sums[key] = sums.get(key, ZERO) + amount
    return sums
