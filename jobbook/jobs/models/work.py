"""What DWRs and expenses have in common: who may see them, and who may approve them."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from jobbook.accounts.roles import Permission, Role
from jobbook.jobs.models.job import Job

if TYPE_CHECKING:
    from jobbook.accounts.models import User

Row = TypeVar("Row", bound=models.Model)
DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"  # of both, see RecordState and ExpenseState


class WorkQuerySet(models.QuerySet[Row]):
    def visible_to(self, user: "User") -> Self:
        """Administrators: all. Project managers: those of their own jobs and their own. Technicians: their own."""
        if not user.can(Permission.WRITE_WORK):
            return self.none()
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.can(Permission.APPROVE):
            return self.filter(Q(job__project_manager=user) | Q(created_by=user))
        return self.filter(created_by=user)

    def of_jobs_managed_by(self, user: "User") -> Self:
        """What `user` may approve: administrators all, project managers those of their own jobs."""
        if not user.can(Permission.APPROVE):
            return self.none()
        return self if user.role == Role.ADMINISTRATOR else self.filter(job__in=Job.objects.visible_to(user))

    def sent_back_to(self, user: "User") -> Self:
        """What `user` entered and somebody sent back, until it is submitted again."""
        return self.filter(created_by=user, submitted_on=None).exclude(returned_by="")

    def to_approve(self) -> Self:
        """The rows of the approval backlog of their kind."""
        return self.filter(state=SUBMITTED)
