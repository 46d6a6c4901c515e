"""Expenses of a job: paid by an employee, approved by the manager, reimbursed or accounted for on an invoice."""

from django.db import models
from django.db.models import Case, Q, Value, When

from jobbook.common.money import MoneyField
from jobbook.jobs.models.job import Job

_STATE = Case(
    When(processed_on__isnull=False, then=Value("processed")),
    When(approved_on__isnull=False, then=Value("approved")),
    When(submitted_on__isnull=False, then=Value("submitted")),
    default=Value("draft"),
)


class Expense(models.Model):
    expense_number = models.CharField(max_length=32, unique=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="expenses")
    date = models.DateField()
    employee = models.CharField(max_length=200)
    amount = MoneyField()
    item = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    processed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.GeneratedField(expression=_STATE, output_field=models.CharField(max_length=12), db_persist=True)

    class Meta:
        constraints = [
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
