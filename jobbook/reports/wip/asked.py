"""Reading the address of a report into its scope, never failing open.

What is unknown, repeated or wrong becomes a problem in words, and with a problem there is no scope and so no figure.
The days are a period by its name, which moves with the calendar, or `from` and `to`, which stand still; an empty
`from` is the beginning, an empty `to` the day of the report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import MultipleChoiceField
from django.http import QueryDict

from backlog import sources
from backlog.grid.choices import Fixed, Option, Rows, Source
from backlog.grid.filters import ManyField
from backlog.grid.query import Problem
from jobbook.accounts.models import User
from jobbook.jobs.models import BillingType
from jobbook.reports.days import month_end
from jobbook.reports.wip.scope import Scope


class JobNumbers:
    """Jobs by their number as the address writes it. There are too many to offer: a number is typed."""

    def options(self, user: User) -> list[Option]:
        return []

    def find(self, user: User, texts: Sequence[str]) -> dict[str, Option]:
        found = sources.jobs(user).filter(job_number__in=texts).values_list("pk", "job_number", "project_name")
        return {number: Option(number, pk, f"{number} {name}") for pk, number, name in found}


THIS_MONTH = "this_month"
PERIODS = {
    THIS_MONTH: "This month",
    "last_month": "Last month",
    "this_quarter": "This quarter",
    "this_year": "This year",
    "last_year": "Last year",
    "all": "From the beginning",
}
DAYS = {"from": "From", "to": "To", "as_of": "As it stood on"}
FACETS: dict[str, tuple[str, str, Source]] = {
    "billing": ("Billing type", "billing", Fixed(BillingType.choices)),
    "client": ("Client", "clients", Rows(sources.clients, ("name",))),
    "manager": ("Project manager", "managers", Rows(sources.managers, ("name",))),
    "office": ("Office", "offices", Rows(sources.offices, ("name",))),
    "job": ("Job", "jobs", JobNumbers()),
}
BEHIND = {"of_job": "Job", "item": "Line item", "place": "Stands", "age": "Age", "part": "Part", "queue": "Queue"}
DEFAULT_BILLING = (BillingType.TIME_AND_MATERIAL.value,)


class AskedForm(forms.Form):
    """The parameters of an address; fields are named as they are."""

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data)
        self.fields["period"] = forms.ChoiceField(
            choices=list(PERIODS.items()),
            required=False,
            error_messages={"invalid_choice": "There is no such period."},
        )
        for name in DAYS:
            wrong = {"invalid": "Enter a date as 2026-11-20."}
            self.fields[name] = forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=wrong)
        for name, (_, _, source) in FACETS.items():
            field = ManyField(required=False, source=source)
            field.user = user
            self.fields[name] = field


@dataclass(frozen=True)
class Asked:
    """A read address. scope: None when anything is wrong. chosen: the options of each facet that is set."""

    scope: Scope | None
    problems: tuple[Problem, ...]
    days: tuple[tuple[str, str], ...]  # as the address has them: a period moves with the calendar, given days stand
    chosen: dict[str, list[Option]]
    written: dict[str, str]  # the days as the form shows them

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters as the address has them, without the default billing type."""
        texts = {name: [option.text for option in options] for name, options in self.chosen.items()}
        if tuple(texts.get("billing", ())) == DEFAULT_BILLING:
            del texts["billing"]
        return [(name, text) for name in FACETS for text in texts.get(name, ())]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address of exactly this report, tomorrow too: its days, and its filters."""
        return [*self.written.items(), *self.filters]

    def in_period(self, period: str) -> list[tuple[str, str]]:
        """The address of another period with the same filters, as it stands now."""
        return [*([("period", period)] if period != THIS_MONTH else []), *self.filters]


def read(params: QueryDict, user: User, today: date, *, also: Sequence[str] = ()) -> Asked:
    """What `params` ask for. also: the names of parameters that the page reads itself."""
    form = AskedForm(params, user)
    form.is_valid()
    cleaned = form.cleaned_data
    problems = [*unreadable(form, params, also), *_contradictions(params, cleaned, today)]
    chosen = {name: cleaned[name] for name in FACETS if cleaned.get(name)}
    given = "from" in params or "to" in params
    period = "" if given else cleaned.get("period") or THIS_MONTH
    as_of = cleaned.get("as_of") or today
    start, end = days_of(period, today) if period else (cleaned.get("from"), cleaned.get("to") or as_of)
    problems += _order(params, start, end, as_of) if not problems else []
    written = {"from": start.isoformat() if start else "", "to": end.isoformat(), "as_of": as_of.isoformat()}
    return Asked(
        scope=None if problems else Scope(start, end, as_of, **_facets(chosen)),
        problems=tuple(problems),
        days=tuple(written.items()) if given else _moving(params, period),
        chosen=chosen,
        written=written if not problems else {name: params.get(name, "") for name in DAYS},
    )


def days_of(period: str, today: date) -> tuple[date | None, date]:
    """The first and the last day of a period; None for the beginning, which ends today."""
    month = today.replace(day=1)
    if period == "all":
        return None, today
    if period == "last_month":
        end = month - timedelta(days=1)
        return end.replace(day=1), end
    if period in {"this_year", "last_year"}:
        year = today.year - (period == "last_year")
        return date(year, 1, 1), date(year, 12, 31)
    if period == "this_quarter":
        start = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        return start, month_end(start.replace(month=start.month + 2))
    return month, month_end(month)


def _moving(params: QueryDict, period: str) -> tuple[tuple[str, str], ...]:
    pairs = [("period", period if period != THIS_MONTH else ""), ("as_of", params.get("as_of", ""))]
    return tuple(pair for pair in pairs if pair[1])


def _facets(chosen: dict[str, list[Option]]) -> dict[str, Any]:
    """The filters as fields of a Scope."""
    return {
        field: tuple(option.value for option in chosen[name])
        for name, (_, field, _) in FACETS.items()
        if name in chosen
    }


def unreadable(form: forms.Form, params: QueryDict, also: Sequence[str]) -> list[Problem]:
    """Parameters that neither `form` nor `also` knows, that are repeated, or that have a wrong value."""
    texts = {name: ", ".join(params.getlist(name)) for name in params}
    unknown = [name for name in params if name not in form.fields and name not in also]
    single = [name for name, field in form.fields.items() if not isinstance(field, (ManyField, MultipleChoiceField))]
    return [
        *(Problem(n, texts[n], f"There is no parameter called “{n[:40]}”.") for n in unknown),
        *(Problem(n, texts[n], "One value only.", label(n)) for n in single if len(params.getlist(n)) > 1),
        *(Problem(n, texts.get(n, ""), str(errors[0]), label(n)) for n, errors in form.errors.items()),
    ]


def _contradictions(params: QueryDict, cleaned: dict[str, Any], today: date) -> list[Problem]:
    found = []
    if params.get("period") and ("from" in params or "to" in params):
        found.append(Problem("period", str(params["period"]), "Either a period or days, not both.", label("period")))
    if (as_of := cleaned.get("as_of")) and as_of > today:
        found.append(Problem("as_of", as_of.isoformat(), "This day has not come yet.", label("as_of")))
    return found


def _order(params: QueryDict, start: date | None, end: date, as_of: date) -> list[Problem]:
    if start and start > end:
        return [Problem("from", start.isoformat(), f"Later than the last day, {end}.", label("from"))]
    if start and start > as_of:
        why = f"Before the first day, {start}: nothing of those days was there yet."
        return [Problem("as_of", as_of.isoformat(), why, label("as_of"))]
    return []


def label(name: str) -> str:
    """What the user calls a parameter."""
    if name in FACETS:
        return FACETS[name][0]
    return {"period": "Period", **DAYS, **BEHIND}.get(name, name)
