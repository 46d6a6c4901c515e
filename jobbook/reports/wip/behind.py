"""Which figure a page of rows explains: its parameters besides those of the report, read and in words."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from backlog.grid.query import Problem
from invoices.models import Queue
from jobbook.accounts.models import User
from jobbook.jobs.models import Item, Job
from jobbook.reports.wip.asked import unreadable
from jobbook.reports.wip.columns import BILLED, INVOICED, WORK
from jobbook.reports.wip.figures import AGES, ZERO, Age, Part, Place
from jobbook.reports.wip.scope import Scope

_NO_JOB = "This is not a job of the report."
_NO_ITEM = "There is no such line item."
_NO_CHOICE = {"invalid_choice": "There is no such choice."}
WORK_NAMES = ("of_job", "item", "place", "age")
INVOICE_NAMES = ("of_job", "part", "queue")


class BehindForm(forms.Form):
    """The parameters that name a figure; `names` are those of the page."""

    def __init__(self, data: QueryDict, names: tuple[str, ...], jobs: Any) -> None:
        super().__init__(data)
        fields: dict[str, forms.Field] = {
            "of_job": forms.ModelChoiceField(jobs, required=False, error_messages={"invalid_choice": _NO_JOB}),
            "item": forms.ModelChoiceField(
                Item.objects.all(), required=False, error_messages={"invalid_choice": _NO_ITEM}
            ),
            "place": forms.MultipleChoiceField(
                choices=[(p, p) for p in Place], required=False, error_messages=_NO_CHOICE
            ),
            "age": forms.ChoiceField(
                choices=[(str(a), str(a)) for a, _ in AGES], required=False, error_messages=_NO_CHOICE
            ),
            "part": forms.ChoiceField(choices=[(p, p) for p in Part], required=False, error_messages=_NO_CHOICE),
            "queue": forms.ChoiceField(choices=Queue.choices, required=False, error_messages=_NO_CHOICE),
        }
        self.fields.update({name: fields[name] for name in names})


@dataclass(frozen=True)
class Behind:
    """What a page's rows are limited to within the report. label: what the report calls the number."""

    problems: tuple[Problem, ...]
    label: str
    job: Job | None = None
    item: Item | None = None
    places: tuple[str, ...] = tuple(Place)
    age: tuple[int, int | None] | None = None
    part: str = ""
    queue: str = ""

    @property
    def job_id(self) -> int | None:
        return self.job.pk if self.job else None

    @property
    def limits(self) -> list[str]:
        """In words: "job 26-1147 Compressor overhaul B"."""
        age = Age(*self.age, ZERO).label if self.age else ""
        return [
            *([f"job {self.job}"] if self.job else []),
            *([f"line item {self.item.code} {self.item.name}"] if self.item else []),
            *([f"{age[:1].lower()}{age[1:]} from the DWR to the day of the report"] if age else []),
        ]


def work_behind(params: QueryDict, scope: Scope, user: User) -> Behind:
    """The figure of recorded work that `params` name."""
    cleaned, problems = _read(params, WORK_NAMES, scope, user)
    places = tuple(place for place in Place if place in cleaned.get("place", ())) or tuple(Place)
    age = next((age for age in AGES if str(age[0]) == cleaned.get("age")), None)
    return Behind(problems, _label(places), cleaned.get("of_job"), cleaned.get("item"), places, age)


def invoices_behind(params: QueryDict, scope: Scope, user: User) -> Behind:
    """The figure of the invoices that `params` name."""
    cleaned, problems = _read(params, INVOICE_NAMES, scope, user)
    part, queue = cleaned.get("part") or "", cleaned.get("queue") or ""
    if part and queue:
        problems = (*problems, Problem("queue", queue, "Either a part or a queue, not both.", "Queue"))
    column = next((each for each in BILLED if (each.part, each.queue) == (part, queue)), INVOICED)
    return Behind(problems, column.label, cleaned.get("of_job"), part=part, queue=queue)


def _label(places: tuple[str, ...]) -> str:
    """The report's column of these places; for an address that somebody wrote, the places one by one."""
    known = next((column.label for column in WORK if set(column.places) == set(places)), None)
    single = {column.places[0]: column.label for column in WORK if len(column.places) == 1}
    return known or "; ".join(single[place] for place in places)


def _read(
    params: QueryDict, names: tuple[str, ...], scope: Scope, user: User
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    form = BehindForm(params, names, scope.jobs_for(user))
    form.is_valid()
    return form.cleaned_data, tuple(unreadable(form, params, tuple(params)))
