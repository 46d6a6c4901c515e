"""The days of a report: a preset that moves with today, or two days of one's own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from jobbook.common.templatetags.jobbook import day_words
from jobbook.reports.days import month_end

Days = tuple[date, date]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Preset:
    """days: first and last day as of today."""

    slug: str
    label: str
    days: Callable[[date], Days]


def _last(count: int) -> Callable[[date], Days]:
    return lambda today: (today - timedelta(days=count - 1), today)


def _this_week(today: date) -> Days:
    monday = monday_of(today)
    return monday, monday + timedelta(days=6)


def _this_month(today: date) -> Days:
    return today.replace(day=1), month_end(today)


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


PRESETS = {
    preset.slug: preset
    for preset in (
        Preset("7", "7 days", _last(7)),
        Preset("14", "14 days", _last(14)),
        Preset("31", "31 days", _last(31)),
        Preset("this-week", "This week", _this_week),
        Preset("last-week", "Last week", lambda today: _this_week(today - timedelta(days=7))),
        Preset("this-month", "This month", _this_month),
        Preset("last-month", "Last month", lambda today: _this_month(today.replace(day=1) - timedelta(days=1))),
    )
}
DEFAULT = "7"


@dataclass(frozen=True)
class Period:
    """The days first..last. preset: the slug that says so, "" for days of one's own."""

    first: date
    last: date
    preset: str = ""

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.length)]

    @property
    def params(self) -> list[tuple[str, str]]:
        """As the address says it."""
        if self.preset:
            return [] if self.preset == DEFAULT else [("period", self.preset)]
        return [("from", self.first.isoformat()), ("to", self.last.isoformat())]

    @property
    def words(self) -> str:
        """16 Nov 2026 – 22 Nov 2026; a single day stands alone."""
        last = day_words(self.last)
        return last if self.first == self.last else f"{day_words(self.first)} – {last}"


def preset_period(slug: str, today: date) -> Period:
    """The days of a preset as of today."""
    return Period(*PRESETS[slug].days(today), slug)


def day_of(text: str) -> date | None:
    """The day of 2026-11-17, None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
