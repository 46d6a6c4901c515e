"""What a report may be limited to. Offered is what the days have, so that a choice always finds something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from backlog import sources
from backlog.grid.choices import Fixed, Names, Option, Rows, Source
from backlog.grid.grouping import joined
from jobbook.accounts.models import User
from jobbook.jobs.models import Client, Employee
from jobbook.reports.work.report import Report

_LONGEST = 200


@dataclass(frozen=True)
class Facet:
    """A filter. key: the way to its value from a DWR or expense; words: the ways to its words."""

    name: str
    label: str
    key: str
    words: tuple[str, ...]
    source: Source


def _employees(user: User) -> QuerySet[Employee]:
    return Employee.objects.all()


_JOB_WORDS = ("job__job_number", "job__project_name")
OF_JOBS = (
    Facet("job", "Job", "job", _JOB_WORDS, Rows(sources.jobs, ("job_number", "project_name"))),
    Facet("client", "Client", "job__client", ("job__client__name",), Rows(Client.objects.visible_to, ("name",))),
    Facet(
        "manager",
        "Project manager",
        "job__project_manager",
        ("job__project_manager__name",),
        Rows(sources.managers, ("name",)),
    ),
    Facet("office", "Office", "job__office", ("job__office__name",), Rows(sources.offices, ("name",))),
)
EMPLOYEE = Facet("employee", "Employee", "employee", (), Names(_employees, "name"))


def facets_of(report: Report) -> tuple[Facet, ...]:
    """In the order they are shown."""
    states = Fixed([(_slug(label), label) for label in report.stages])
    return (EMPLOYEE, *OF_JOBS, Facet("state", "State", "stage", (), states))


def offered(report: Report, rows: QuerySet[Any], user: User) -> dict[str, list[Option]]:
    """The choices of each facet among `rows`, those of the days. Two queries."""
    ways = [report.way + name for facet in OF_JOBS for name in (facet.key, *facet.words)]
    jobs = list(rows.values(*ways).distinct())
    found = {facet.name: _of(facet, report.way, jobs) for facet in OF_JOBS}
    names = rows.exclude(employee="").order_by("employee").values_list("employee", flat=True).distinct()
    found["employee"] = [Option(name, name, name) for name in names]
    found["state"] = facets_of(report)[-1].source.options(user)
    return found


def _of(facet: Facet, way: str, jobs: list[dict[str, Any]]) -> list[Option]:
    """The values of a facet, sorted by their words."""
    labels = {job[way + facet.key]: joined(*(job[way + word] for word in facet.words)) for job in jobs}
    ordered = sorted(labels.items(), key=lambda pair: (pair[1].casefold(), str(pair[0])))
    return [Option(str(value), value, label) for value, label in ordered if value is not None]


def find(facet: Facet, text: str, offers: Mapping[str, list[Option]], user: User) -> Option | None:
    """The choice that `text` of an address means; None: there is none that this user may see."""
    for option in offers.get(facet.name, ()):
        if option.text == text:
            return option
    if len(text) > _LONGEST or "\x00" in text:
        return None
    return facet.source.find(user, [text]).get(text)


def limited(rows: QuerySet[Any], report: Report, chosen: Mapping[str, Option]) -> QuerySet[Any]:
    """Those of `rows` that the choices leave."""
    for facet in facets_of(report):
        if facet.name in chosen:
            rows = rows.filter(**{_path(facet, report): _value(facet, report, chosen[facet.name])})
    return rows


def _path(facet: Facet, report: Report) -> str:
    return report.way + facet.key if facet in OF_JOBS else facet.key


def _value(facet: Facet, report: Report, option: Option) -> Any:
    """States are compared by their stage."""
    return [_slug(label) for label in report.stages].index(option.text) if facet.name == "state" else option.value


def _slug(label: str) -> str:
    return label.lower().replace(" ", "-")
