"""The form a DWR is written with: its head, rows of labour, rows of equipment and materials.

Rows without an item say nothing and are passed over. `RecordForm.do` names what a button wants of the rows instead
of saving: one more row, one less, the previous day's, a crew's.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date as day
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.drawing_field import DrawingField
from jobbook.common.forms import come
from jobbook.common.ids import as_id
from jobbook.jobs.forms.fields import HoursField, QuantityField, TextField
from jobbook.jobs.forms.jobs import ActiveJobField, active_jobs, employee_names, name_of
from jobbook.jobs.models import DailyWorkRecord, Employee, Item, Job, JobItem, RecordState, Section, WorkLine
from jobbook.jobs.transitions.records import EnteredRecord
from jobbook.jobs.work_lines import BadLines, EnteredLine

MOST_ROWS = 60
LABOUR, EQUIPMENT = "labour", "equipment"
_TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class RowForm(forms.Form):
    """A row. `items` are the choices of its section, by id."""

    item = forms.ChoiceField(required=False)
    description = TextField(required=False, max_length=2000)

    section = ""

    def __init__(self, *args: Any, items: "ItemChoices", employees: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        cast(forms.ChoiceField, self.fields["item"]).choices = items.choices
        if "employee" in self.fields:
            people = [("", "Nobody"), *((name, name) for name in employees)]
            cast(forms.ChoiceField, self.fields["employee"]).choices = people

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("item"))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        others = [name for name, value in found.items() if value and name not in {"item", "employee"}]
        if not found.get("item") and others and "item" not in self.errors:
            self.add_error("item", "Choose what was worked or used.")
        return found

    def entered(self) -> EnteredLine:
        found = dict(self.cleaned_data)
        item = self.items.by_id[found.pop("item")]
        return EnteredLine(section=self.section, item=item, row=str(self.prefix), **found)


class LabourForm(RowForm):
    employee = forms.ChoiceField(required=False)
    hours = HoursField(required=False)
    start_time = forms.TimeField(required=False, label="Start", widget=_TIME, input_formats=["%H:%M", "%H:%M:%S"])
    end_time = forms.TimeField(required=False, label="End", widget=_TIME, input_formats=["%H:%M", "%H:%M:%S"])

    section = Section.LABOUR
    field_order = ("item", "employee", "hours", "start_time", "end_time", "description")

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        start, end = found.get("start_time"), found.get("end_time")
        if (start is None) != (end is None):
            self.add_error("end_time" if start else "start_time", "Start and end stand together.")
        elif start is not None and found.get("hours") is not None:
            self.add_error("hours", "Enter the hours, or start and end, not both.")
        return found


class EquipmentForm(RowForm):
    quantity = QuantityField(required=False)

    section = Section.EQUIPMENT
    field_order = ("item", "quantity", "description")


class ItemChoices:
    """The active items of a section, those of the job first."""

    def __init__(self, section: str, job: Job | None, used: Iterable[Item] = ()) -> None:
        rows = list(Item.objects.filter(section=section, active=True).order_by("name", "code"))
        rows += [item for item in used if item.section == section and item not in rows]
        own = set(JobItem.objects.filter(job=job).values_list("item_id", flat=True)) if job else set()
        self.by_id = {str(item.pk): item for item in rows}
        first = [item for item in rows if item.pk in own]
        rest = [item for item in rows if item.pk not in own]
        self.choices: list[Any] = [("", "Choose")]
        for label, items in (("Of this job", first), ("All" if first else "", rest)):
            listed = [(str(item.pk), f"{item.name} ({item.unit})" if item.unit else item.name) for item in items]
            self.choices += [(label, listed)] if label and listed else listed


Rows = BaseFormSet
_FORMSETS: dict[str, type[Any]] = {
    name: formset_factory(form, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)
    for name, form in ((LABOUR, LabourForm), (EQUIPMENT, EquipmentForm))
}


class HeadForm(forms.Form):
    date = forms.DateField(
        input_formats=["%Y-%m-%d"], widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    job = ActiveJobField(queryset=Job.objects.none(), empty_label="Choose a job")
    description = TextField(
        label="What was done", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    signed_by = TextField(label="Representative", required=False, max_length=200)
    signature = DrawingField(label="Representative signature", required=False)
    client_signed_by = TextField(label="Client", required=False, max_length=200)
    client_signature = DrawingField(required=False)
    submit = forms.BooleanField(label="Submit", required=False, initial=True)
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, record: DailyWorkRecord | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["job"]).queryset = active_jobs(record.job_id if record else None)
        if record and record.state != RecordState.DRAFT:
            del self.fields["submit"]

    def clean_date(self) -> day:
        return come(self.cleaned_data["date"])

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for drawn, name in (("signature", "signed_by"), ("client_signature", "client_signed_by")):
            if found.get(drawn) and not found.get(name) and name not in self.errors:
                self.add_error(name, "Who signed? Enter the name.")
        return found


class RecordForm:
    """The head and both kinds of rows, as one form."""

    def __init__(
        self, user: User, record: DailyWorkRecord | None, *, data: QueryDict | None = None, job: str = ""
    ) -> None:
        self.user, self.record = user, record
        self.errors_of_lines: list[str] = []
        initial = present(record) if record else new(user, job)
        self._make(data, initial)

    def _make(self, data: QueryDict | None, initial: Mapping[str, Any]) -> None:
        self.head = HeadForm(data, user=self.user, record=self.record, initial=initial["head"])
        chosen = as_id(str(self.head["job"].value() or ""))
        self.job = self.head.fields["job"].queryset.filter(pk=chosen).first() if chosen else None  # type: ignore[attr-defined]
        lines = self.record.lines.select_related("item") if self.record else []
        used = [line.item for line in lines]
        self.people = people = employee_names(self.user, *(line.employee for line in lines if line.employee))
        self.rows: dict[str, Any] = {}
        for name in (LABOUR, EQUIPMENT):
            section = Section.LABOUR if name == LABOUR else Section.EQUIPMENT
            kwargs = {"items": ItemChoices(section, self.job, used), "employees": people}
            rows = initial[name] if data is None else None  # a posted row that is as it was is no empty row
            self.rows[name] = _FORMSETS[name](data, initial=rows, prefix=name, form_kwargs=kwargs)

    def show_again(self, initial: Mapping[str, Any]) -> None:
        """Unbound, with these values: what a button made of the rows."""
        self._make(None, initial)

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def entered(self) -> EnteredRecord:
        """What a valid form says."""
        found = self.head.cleaned_data
        names = ("job", "date", "description", "signed_by", "signature", "client_signed_by", "client_signature")
        lines = tuple(row.entered() for rows in self.rows.values() for row in rows if row.is_filled)
        return EnteredRecord(**{name: found[name] for name in names}, lines=lines)

    def begin_anew(self) -> None:
        """Shown again, it is another form: saving it makes another record."""
        self.head.data = dict(self.head.data.items()) | {"key": str(uuid.uuid4())}

    def take_version(self, version: int) -> None:
        """Shown again beside what changed since, it has seen that: saving it writes over it."""
        self.head.data = dict(self.head.data.items()) | {"version": str(version)}

    def take_errors(self, bad: BadLines) -> None:
        """Put what a command says of the lines onto their rows."""
        forms_by_prefix = {row.prefix: row for rows in self.rows.values() for row in rows}
        for error in bad.errors:
            row = forms_by_prefix[error.row]
            row.add_error(error.field if error.field in row.fields else None, error.message)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of its field, for the summary."""
        found = [(_anchor(bound), f"{bound.label}: {text}") for bound in self.head for text in bound.errors]
        found += [("", str(text)) for text in self.head.non_field_errors()]
        for name, rows in self.rows.items():
            title = "Labour" if name == LABOUR else "Equipment"
            for number, row in enumerate(rows, start=1):
                for bound in row:
                    found += [(bound.id_for_label, f"{title} {number}, {bound.label}: {text}") for text in bound.errors]
                found += [("", f"{title} {number}: {text}") for text in row.non_field_errors()]
            found += [("", str(text)) for text in rows.non_form_errors()]
        return found


def _anchor(bound: forms.BoundField) -> str:
    """Where the summary leads: a drawing to the box of its pad."""
    return f"{bound.id_for_label}_box" if bound.is_hidden else bound.id_for_label


def new(user: User, job: str) -> dict[str, Any]:
    """An empty form: today, a row of labour for the user, one to fill, one of equipment."""
    name = name_of(user)
    own = crew_rows([name], "") or [{"employee": name}]
    head = {"date": timezone.localdate(), "job": job, "submit": True, "key": uuid.uuid4()}
    return {"head": head, LABOUR: [*own, {}], EQUIPMENT: [{}]}


def present(record: DailyWorkRecord) -> dict[str, Any]:
    """The form of a record as it is."""
    names = ("date", "job", "description", "signed_by", "signature", "client_signed_by", "client_signature", "version")
    head = {name: getattr(record, name) for name in names} | {"submit": True, "key": uuid.uuid4()}
    return {"head": head, **rows_of(record.lines.select_related("item"))}


def rows_of(lines: Iterable[WorkLine]) -> dict[str, list[dict[str, Any]]]:
    """Lines as the rows that would enter them again."""
    rows: dict[str, list[dict[str, Any]]] = {LABOUR: [], EQUIPMENT: []}
    for line in lines:
        common = {"item": str(line.item_id), "description": line.description}
        if line.section == Section.LABOUR:
            timed = line.start_time is not None
            times = (
                {"start_time": line.start_time, "end_time": line.end_time} if timed else {"hours": _plain(line.hours)}
            )
            rows[LABOUR].append({**common, "employee": line.employee, **times})
        else:
            rows[EQUIPMENT].append({**common, "quantity": _plain(line.quantity)})
    return rows


def _plain(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"


def typed(data: QueryDict) -> dict[str, Any]:
    """What was typed, as initial values, unchecked."""
    head: dict[str, Any] = {name: data.get(name, "") for name in HeadForm.base_fields}
    head["submit"] = "submit" in data
    found: dict[str, Any] = {"head": head}
    for name, formset in _FORMSETS.items():
        total = data.get(f"{name}-TOTAL_FORMS", "")
        count = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        fields = formset.form.base_fields
        there = [number for number in range(count) if f"{name}-{number}-item" in data]  # the script takes rows out
        found[name] = [{field: data.get(f"{name}-{number}-{field}", "") for field in fields} for number in there]
    return found


def crew_rows(names: list[str], hours: str) -> list[dict[str, Any]]:
    """A row for each of these employees with what is usually billed for them."""
    usual = {each.name: each.item_id for each in Employee.objects.filter(name__in=names, active=True)}
    return [{"employee": name, "item": str(usual[name] or ""), "hours": hours} for name in names if name in usual]
