"""What stands over a report, on screen, on paper and in its files."""

from datetime import datetime

from jobbook.accounts.roles import Role
from jobbook.common.templatetags.jobbook import day_words
from jobbook.jobs.models import Company
from jobbook.reports.work.asked import Asked
from jobbook.reports.work.facets import facets_of


def limits(asked: Asked) -> list[tuple[str, str, str]]:
    """Name, label and words of each choice, in the order of the facets."""
    chosen = asked.chosen
    return [(each.name, each.label, chosen[each.name].label) for each in facets_of(asked.report) if each.name in chosen]


def of_what(asked: Asked) -> str:
    """The days and whose jobs."""
    whose = "of your own jobs" if asked.user.role == Role.PROJECT_MANAGER else "of all jobs"
    return f"{asked.period.words}, {whose}"


def grouped(asked: Asked) -> str:
    """Grouped by employee; "" when it is not."""
    return f"grouped by {asked.grouping.label.lower()}" if asked.grouping else ""


def as_of(asked: Asked, now: datetime) -> str:
    """The states are those of now, the amounts before tax."""
    money = f"; amounts before tax, in {Company.current().currency}" if asked.report.money else ""
    return f"As of {day_words(now.date())}, {now:%H:%M}{money}"


def about(asked: Asked, now: datetime) -> list[str]:
    """The lines over a file."""
    chosen = [f"{label}: {words}" for _, label, words in limits(asked)]
    return [of_what(asked), *chosen, as_of(asked, now)]
