"""The groupings reports offer. way: from a row to its DWR, "record__" or ""."""

from datetime import date
from typing import Any

from backlog.grid.grouping import joined
from backlog.sources import month_title
from jobbook.common.templatetags.jobbook import day_words
from jobbook.jobs.models import Section
from jobbook.reports.work.period import monday_of
from jobbook.reports.work.report import Grouping

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def by_employee() -> Grouping:
    return Grouping("employee", "Employee", ("employee",), lambda name: name or "No employee named")


def by_job(way: str) -> Grouping:
    key = (f"{way}job__job_number", f"{way}job__project_name", f"{way}job")
    return Grouping("job", "Job", key, lambda number, name, _: joined(number, name))


def by_client(way: str) -> Grouping:
    return Grouping("client", "Client", (f"{way}job__client__name", f"{way}job__client"), lambda name, _: str(name))


def by_office(way: str) -> Grouping:
    key = (f"{way}job__office__name", f"{way}job__office")
    return Grouping("office", "Office", key, lambda name, _: name or "No office")


def by_item() -> Grouping:
    return Grouping("item", "Item", ("item__code", "item__name", "item"), lambda code, name, _: joined(code, name))


def by_text(name: str, label: str, nothing: str) -> Grouping:
    """By a text of the row. nothing: the name of those without."""
    return Grouping(name, label, (name,), lambda text: text or nothing)


def by_section() -> Grouping:
    return Grouping("section", "Section", ("section",), lambda section: str(Section(section).label))


def by_state(stages: tuple[str, ...]) -> Grouping:
    return Grouping("state", "State", ("stage",), lambda stage: stages[stage])


def by_day(way: str) -> Grouping:
    return Grouping("day", "Day", (f"{way}date",), lambda day: f"{WEEKDAYS[day.weekday()]} {day_words(day)}")


def by_week(way: str) -> Grouping:
    return Grouping("week", "Week", (f"{way}date",), lambda day: f"Week of {day_words(monday_of(day))}", monday_of)


def by_month(way: str) -> Grouping:
    return Grouping("month", "Month", (f"{way}date",), month_title, _month)


def _month(day: date) -> Any:
    return day.year, day.month
