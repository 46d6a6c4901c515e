"""Choices that the forms of DWRs and expenses share: jobs that are open for work, people."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from jobbook.accounts.models import User
from jobbook.jobs.models import Employee, Job


class ActiveJobField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An active job by its number and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.job_number} {obj.project_name} · {obj.client}"


def active_jobs(also: int | None = None) -> "QuerySet[Job]":
    """Active jobs, and the one something is on already."""
    jobs: QuerySet[Job] = Job.objects.open_for_work()
    if also is not None:
        jobs = jobs | Job.objects.filter(pk=also)
    return jobs.select_related("client").order_by("job_number")


def employee_names(user: User, *others: str) -> list[str]:
    """Active employees, the user, and who is named already."""
    names = set(Employee.objects.filter(active=True).values_list("name", flat=True)) | {name_of(user), *others}
    return sorted(names, key=str.casefold)


def name_of(user: User) -> str:
    """The name of the user's own employee, else of the user."""
    employee = Employee.objects.filter(user=user, active=True).first()
    return employee.name if employee else user.name
