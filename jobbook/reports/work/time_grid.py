"""Time grid: employees down, days across, hours in the cells. One query."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from jobbook.common.templatetags.jobbook import MONTHS
from jobbook.reports.work.groupings import WEEKDAYS, by_job, by_office
from jobbook.reports.work.listed import ALL
from jobbook.reports.work.report import Column, Group, Grouping, Question, Raw, Report, Result, TooManyRows
from jobbook.reports.work.sources import WORK_STAGES, labour
from jobbook.reports.work.time_card import WAY

SATURDAY = 5


def gridded(asked: Question, most: int, *, whole: bool) -> Result:
    """See Report.answer. A row is an employee, once in each group; `hours` are by day."""
    grouping = asked.grouping or ALL
    columns = (_employee(asked, grouping), *(_day(asked, grouping, day) for day in asked.period.days), _TOTAL)
    found: dict[Any, Group] = {}
    total = Group("", {}, [])
    for key, raw in _employees(asked, grouping):
        sums = {at: value for at, column in enumerate(columns) if isinstance(value := column.value(raw), Decimal)}
        group = found.setdefault(key, Group(grouping.named(*key), {}, []))
        group.add(1, sums)
        total.add(1, sums)
        if total.count <= most:
            group.rows.append(raw)
    if whole and total.count > most:
        raise TooManyRows(total.count)
    return Result(columns, list(found.values()), total)


def _employees(asked: Question, grouping: Grouping) -> list[tuple[tuple[Any, ...], Raw]]:
    """Each group's key with an employee of it, in order."""
    names = (*grouping.key, "employee")
    rows = asked.rows().values(*names, "record__date").annotate(sum_hours=Sum("hours", default=Decimal(0)))
    found: dict[tuple[Any, ...], dict[date, Decimal]] = defaultdict(dict)
    for row in rows.order_by(*names, "record__date"):
        found[tuple(row[name] for name in names)][row["record__date"]] = row["sum_hours"]
    return [
        (key[:-1], {**dict(zip(names, key, strict=True)), "hours": hours, "total": sum(hours.values(), Decimal(0))})
        for key, hours in found.items()
    ]


def _employee(asked: Question, grouping: Grouping) -> Column:
    return Column("Employee", "text", "employee", link=_card(asked, grouping))


def _day(asked: Question, grouping: Grouping, day: date) -> Column:
    """The column of a day; a cell leads to the time card of its employee and day."""
    return Column(
        label=day.isoformat(),
        kind="hours",
        read=lambda raw: raw["hours"].get(day),
        sums=True,
        link=_card(asked, grouping, day),
        over=WEEKDAYS[day.weekday()],
        head=f"{day.day} {MONTHS[day.month - 1]}",
        css="off" if day.weekday() >= SATURDAY else "",
    )


def _card(asked: Question, grouping: Grouping, day: date | None = None) -> Callable[[Raw], str | None]:
    """The time card behind a cell, or behind a whole row. None for what no filter can name."""

    def link(raw: Raw) -> str | None:
        if day and day not in raw["hours"]:
            return None
        chosen = {"employee": raw["employee"]}
        if grouping is not ALL:
            chosen[grouping.slug] = raw[grouping.key[-1]]
        return asked.url("time-card", chosen, day=day) if all(chosen.values()) else None

    return link


_TOTAL = Column("Total", "hours", "total", sums=True, css="whole")

TIME_GRID = Report(
    slug="time-grid",
    title="Time grid",
    about="Hours of each employee by day",
    noun="employee",
    source=labour,
    way=WAY,
    stages=WORK_STAGES,
    columns=(),
    values=(),
    order=(),
    groupings=(by_office(WAY), by_job(WAY)),
    default="none",
    answer=gridded,
    money=False,
    longest=62,
    css="grid-of-days",
)
