"""A report's scope in words: over the tables, in every file, on paper."""

from datetime import date

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.words import some_of
from jobbook.jobs.models import BillingType, Company
from jobbook.reports.wip.asked import DEFAULT_BILLING, FACETS, Asked

SHOWN = 3  # names of a filter


def day_words(day: date) -> str:
    """25 November 2026."""
    return f"{day.day} {day:%B %Y}"


def days_words(start: date | None, end: date) -> str:
    """1–30 November 2026; 3 October – 25 November 2026; until 25 November 2026."""
    if start is None:
        return f"until {day_words(end)}"
    if start == end:
        return day_words(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_words(end)}"
    first = f"{start.day} {start:%B}" if start.year == end.year else day_words(start)
    return f"{first} – {day_words(end)}"


def work_words(asked: Asked) -> str:
    """The days and the money of a report."""
    if asked.scope is None:
        return ""
    days, stood = days_words(asked.scope.start, asked.scope.end), day_words(asked.scope.as_of)
    currency = Company.current().currency
    return f"Work on DWRs dated {days} as it stood on {stood}, at job prices before fees and tax, in {currency}."


def invoices_words(asked: Asked) -> str:
    """The days and the money of the invoices of a report."""
    if asked.scope is None:
        return ""
    days, stood = days_words(asked.scope.start, asked.scope.end), day_words(asked.scope.as_of)
    return f"Invoices dated {days} as they stood on {stood}, before tax, in {Company.current().currency}."


def which_jobs(asked: Asked, user: User) -> str:
    """The jobs of a report: "Time & Material jobs of client Kestrel and Birchline; office Edson." """
    names = {name: _names([option.label for option in options]) for name, options in asked.chosen.items()}
    kinds = names.pop("billing", None) or str(BillingType(DEFAULT_BILLING[0]).label)
    limits = [f"{FACETS[name][0].lower()} {names[name]}" for name in FACETS if name in names]
    own = "Your " if user.role == Role.PROJECT_MANAGER else ""
    whole = f"{own}{kinds} jobs{' of ' if limits else ''}{'; '.join(limits)}"
    return f"{whole.removesuffix('.')}."


def _names(labels: list[str]) -> str:
    if len(labels) > SHOWN or len(labels) < 2:
        return some_of(labels, SHOWN)
    return f"{', '.join(labels[:-1])} and {labels[-1]}"
