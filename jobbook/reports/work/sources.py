"""The rows of reports: what the jobs of a user have on some days, found by their dates."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from jobbook.accounts.models import User
from jobbook.jobs.models import DailyWorkRecord, Expense, Section, WorkLine
from jobbook.reports.work.period import Period

# The places of `stage`. Work: the DWR, as it stands now.
WORK_STAGES = ("Not submitted", "Submitted", "Approved", "Invoiced")
EXPENSE_STAGES = ("Not submitted", "Submitted", "Approved", "Processed")


def work_lines(user: User, period: Period) -> QuerySet[Any]:
    """The lines of DWRs of the days."""
    records = DailyWorkRecord.objects.of_jobs_managed_by(user).filter(date__range=(period.first, period.last))
    invoiced, facts = ("record__invoiced__isnull", False), "record__"
    return WorkLine.objects.filter(record__in=records).order_by().annotate(stage=_stage(facts, invoiced))


def labour(user: User, period: Period) -> QuerySet[Any]:
    """Those of people."""
    return work_lines(user, period).filter(section=Section.LABOUR)


def expenses(user: User, period: Period) -> QuerySet[Any]:
    """The expenses of the days."""
    rows = Expense.objects.of_jobs_managed_by(user).filter(date__range=(period.first, period.last))
    return rows.order_by().annotate(stage=_stage("", ("processed_on__isnull", False)))


def _stage(way: str, last: tuple[str, bool]) -> Case:
    """0 to 3: how far the row came. last: the fact that makes it 3."""
    return Case(
        When(**dict([last]), then=Value(3)),
        When(**{f"{way}approved_on__isnull": False}, then=Value(2)),
        When(**{f"{way}submitted_on__isnull": False}, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
