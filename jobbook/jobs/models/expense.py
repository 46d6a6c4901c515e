"""Expenses of a job: paid by an employee, approved by the manager, reimbursed or accounted for on an invoice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from jobbook.common.money import MoneyField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.batch import ApprovalBatch
from jobbook.jobs.models.files import StoredFile
from jobbook.jobs.models.job import Job
from jobbook.jobs.models.work import WorkQuerySet


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

    objects: ClassVar[WorkQuerySet["Expense"]] = WorkQuerySet.as_manager()  # type: ignore[assignment]

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
            models.Index(fields=["job", "date"], name="expense_open", condition=Q(state__in=["submitted", "approved"])),
            # Reports of some days read what is in these days, whatever was paid before.
            models.Index(fields=["date", "job"], name="expense_date_job"),
        ]

    def __str__(self) -> str:
        return f"Expense {self.expense_number}"
