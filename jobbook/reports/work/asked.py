"""Reading an address into what is asked of a report, never failing open.

The address is the state. What is unknown, repeated or wrong in it becomes a problem; with problems there are no rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from backlog.grid.choices import Option
from backlog.grid.query import Problem
from jobbook.accounts.models import User
from jobbook.common.spreadsheet import FILES
from jobbook.reports.work.facets import EMPLOYEE, facets_of, find, limited, offered
from jobbook.reports.work.period import DEFAULT, PRESETS, Period, day_of, preset_period
from jobbook.reports.work.report import Grouping, Report

NO_GROUP = "none"
_CONTROLS = ("period", "from", "to", "group", "file")


@dataclass(frozen=True)
class Asked:
    """chosen: a choice a facet. offers: all choices of the days, by facet. file: "csv", "xlsx" or "" for the page."""

    report: Report
    user: User
    period: Period
    grouping: Grouping | None
    chosen: Mapping[str, Option]
    offers: Mapping[str, list[Option]]
    file: str
    problems: tuple[Problem, ...]

    def rows(self) -> QuerySet[Any]:
        """Everything the report is of."""
        return limited(self.report.source(self.user, self.period), self.report, self.chosen)

    @property
    def group(self) -> str:
        return self.grouping.slug if self.grouping else NO_GROUP

    def url(self, slug: str = "", changes: Mapping[str, Any] | None = None, *, day: date | None = None) -> str:
        """The address of this, or of another report of the same days and choices. day: of this day only.

        changes: other values of parameters by name, "" to leave one out.
        """
        other = bool(slug) and slug != self.report.slug
        period = [("from", day.isoformat()), ("to", day.isoformat())] if day else self.period.params
        pairs: dict[str, Any] = dict(period)
        pairs |= {name: option.text for name, option in self.chosen.items()}
        if not other and self.group != self.report.default:
            pairs["group"] = self.group
        pairs |= changes or {}
        query = urlencode([(name, value) for name, value in pairs.items() if value != ""])
        path = reverse("work_report", args=[slug or self.report.slug])
        return f"{path}?{query}" if query else path


@dataclass
class _Reader:
    """The parameters of an address, with what was found wrong so far."""

    params: QueryDict
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The value of a parameter, "" when it isn't there."""
        return self.params.get(name, "").strip()

    def wrong(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, ", ".join(self.params.getlist(name))[:100], message))


def parse(report: Report, user: User, params: QueryDict, today: date) -> Asked:
    """What `params` ask of a report, with every problem found."""
    reader = _Reader(params)
    _check_names(reader, report)
    period = _period(reader, report, today)
    days = period or preset_period(DEFAULT, today)
    offers = {} if reader.problems else offered(report, report.source(user, days), user)
    chosen = _chosen(reader, report, user, offers)
    grouping = _grouping(reader, report)
    file = reader.text("file")
    if file and file not in FILES:
        reader.wrong("file", "Files are csv or xlsx.")
    return Asked(report, user, days, grouping, chosen, offers, file, tuple(reader.problems))


def _check_names(reader: _Reader, report: Report) -> None:
    known = {*_CONTROLS, *(facet.name for facet in facets_of(report))}
    for name in reader.params:
        if name not in known:
            reader.wrong(name, "The report has no such parameter.")
        elif len(reader.params.getlist(name)) > 1:
            reader.wrong(name, "One value only.")


def _period(reader: _Reader, report: Report, today: date) -> Period | None:
    """The days; None when they are wrong."""
    slug, ends = reader.text("period"), {name: reader.text(name) for name in ("from", "to")}
    if not any(ends.values()):
        if slug and slug not in PRESETS:
            reader.wrong("period", "There is no such period.")
            return None
        return preset_period(slug or DEFAULT, today)
    if slug:
        reader.wrong("period", "Either a period, or a first and a last day.")
        return None
    return _own_days(reader, report, ends)


def _own_days(reader: _Reader, report: Report, ends: Mapping[str, str]) -> Period | None:
    days = {name: day_of(text) for name, text in ends.items()}
    for name, text in ends.items():
        if days[name] is None:
            reader.wrong(name, "This is no day, as 2026-11-17." if text else "Both a first and a last day are needed.")
    first, last = days["from"], days["to"]
    if first is None or last is None:
        return None
    period = Period(first, last)
    if period.length < 1:
        reader.wrong("to", "The last day is before the first.")
    elif period.length > report.longest:
        reader.wrong("to", f"At most {report.longest} days, these are {period.length:,}.")
    else:
        return period
    return None


def _chosen(reader: _Reader, report: Report, user: User, offers: Mapping[str, list[Option]]) -> dict[str, Option]:
    found = {}
    for facet in facets_of(report):
        text = reader.text(facet.name)
        if not text:
            continue
        option = find(facet, text, offers, user)
        if option:
            found[facet.name] = option
        elif offers or facet is not EMPLOYEE:  # without the days, who worked on them is not known
            reader.wrong(facet.name, "There is none that you may see.")
    return found


def _grouping(reader: _Reader, report: Report) -> Grouping | None:
    slug = reader.text("group") or report.default
    known = {grouping.slug: grouping for grouping in report.groupings}
    if slug not in known and slug != NO_GROUP:
        reader.wrong("group", "The report can't be grouped by this.")
    return known.get(slug)
