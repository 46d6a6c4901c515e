"""Expenses of a job: paid by an employee, approved by the manager, reimbursed or accounted for on an invoice."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from jobbook.accounts.roles import Permission, Role
from jobbook.common.money import MoneyField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.batch import ApprovalBatch
from jobbook.jobs.models.files import StoredFile
from jobbook.jobs.models.job import Job

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class ExpenseState(models.TextChoices):
    """Derived from facts."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"
    PROCESSED = "processed", "Processed"


_STATE = Case(
    When(processed_on__isnull=False, then=Value("processed")),
    When(approved_on__isnull=False, then=Value("approved")),
    When(submitted_on__isnull=False, then=Value("submitted")),
    default=Value("draft"),
)


class ExpenseQuerySet(models.QuerySet["Expense"]):
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
        return self.filter(job__in=Job.objects.visible_to(user)) if user.can(Permission.APPROVE) else self.none()

    def to_approve(self) -> Self:
        """The rows of the Expense Approval Backlog."""
        return self.filter(state=ExpenseState.SUBMITTED)


class Expense(Versioned):
    expense_number = models.CharField(max_length=32, unique=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="expenses")
    date = models.DateField()
    employee = models.CharField(max_length=200)
    amount = MoneyField()
    item = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    receipt = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(  # empty: it came in by an import
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="expenses"
    )
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    processed_on = models.DateField(null=True, blank=True)
    returned_by = models.CharField(max_length=200, blank=True)  # who sent it back, until it is submitted again
    return_reason = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(ApprovalBatch, models.PROTECT, null=True, blank=True, related_name="expenses")
    state = models.GeneratedField(expression=_STATE, output_field=models.CharField(max_length=12), db_persist=True)

    objects: ClassVar[ExpenseQuerySet] = ExpenseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(approved_on__isnull=False), name="expense_batch_approved_it"
            ),
            models.CheckConstraint(
                condition=(Q(returned_by="") & Q(return_reason=""))
                | (~Q(returned_by="") & ~Q(return_reason="") & Q(submitted_on__isnull=True)),
                name="expense_returned_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | Q(submitted_on__isnull=False),
                name="expense_submitted_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(processed_on__isnull=True) | Q(approved_on__isnull=False),
                name="expense_approved_before_processed",
            ),
        ]
        indexes = [
            # Open expenses: the check on the backlog, and the approval backlog.
            models.Index(fields=["job", "date"], name="expense_open", condition=Q(state__in=["submitted", "approved"]))
        ]

    def __str__(self) -> str:
        return f"Expense {self.expense_number}"
