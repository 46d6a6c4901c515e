"""Recorded work by the place it stands in: lines of the DWRs dated on the days of the report."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from jobbook.common.money import money_sum, total_of
from jobbook.jobs.models import Job, WorkLine
from jobbook.reports.wip.figures import AGES, UNBILLED, Age, ItemLine, Work
from jobbook.reports.wip.places import place_on
from jobbook.reports.wip.scope import Scope


def lines_of_work(scope: Scope, jobs: QuerySet[Job]) -> QuerySet[Any]:
    """The lines of the report, each with its `place`."""
    lines = WorkLine.objects.annotate(place=place_on(scope.as_of))
    return scope.lines_of(jobs, lines, of="record", day="date")


def work_by_job(scope: Scope, jobs: QuerySet[Job]) -> dict[int, Work]:
    """By job id, of jobs with any work. One query."""
    sums = lines_of_work(scope, jobs).values_list("record__job", "place").annotate(money_sum("amount"))
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for job, place, amount in sums:
        found[job][place] = amount
    return {job: Work(amounts) for job, amounts in found.items()}


def work_by_item(scope: Scope, jobs: QuerySet[Job]) -> dict[int, list[ItemLine]]:
    """By job id, the items of each in order of their codes. One query."""
    key = ("record__job", "item", "item__code", "item__name")
    sums = lines_of_work(scope, jobs).values_list(*key, "place").annotate(money_sum("amount"))
    found: dict[tuple[str, int, int, str], dict[str, Decimal]] = defaultdict(dict)
    for job, item, code, name, place, amount in sums:
        found[code, job, item, name][place] = amount
    lines: dict[int, list[ItemLine]] = defaultdict(list)
    for (code, job, item, name), amounts in sorted(found.items()):
        lines[job].append(ItemLine(job, item, code, name, Work(amounts)))
    return dict(lines)


def ages(scope: Scope, jobs: QuerySet[Job]) -> list[Age]:
    """The unbilled work, one Age for each of AGES. One query."""
    unbilled = lines_of_work(scope, jobs).filter(place__in=UNBILLED)
    days = [
        ((scope.as_of - day).days, amount)
        for day, amount in unbilled.values_list("record__date").annotate(money_sum("amount"))
    ]
    return [
        Age(least, most, total_of(amount for age, amount in days if least <= age and (most is None or age <= most)))
        for least, most in AGES
    ]
