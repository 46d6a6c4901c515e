"""Daily work records (DWRs): what a crew did on a job on one day."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from jobbook.common.money import MoneyField, PriceField, QuantityField
from jobbook.jobs.models.company import Item, Section
from jobbook.jobs.models.job import Job


class RecordState(models.TextChoices):
    """Derived from facts. Invoiced is a fact of the invoices app (InvoicedRecord)."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"


_STATE = Case(
    When(approved_on__isnull=False, then=Value(RecordState.APPROVED.value)),
    When(submitted_on__isnull=False, then=Value(RecordState.SUBMITTED.value)),
    default=Value(RecordState.DRAFT.value),
)


class DailyWorkRecord(models.Model):
    dwr_number = models.CharField(max_length=32, unique=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="records")
    date = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="records")
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    description = models.TextField(blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.GeneratedField(expression=_STATE, output_field=models.CharField(max_length=12), db_persist=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | Q(submitted_on__isnull=False),
                name="record_submitted_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True, approved_by__isnull=True)
                | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="record_approved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["date", "id"], name="record_to_approve", condition=Q(state="submitted")),
            models.Index(fields=["job", "date"], name="record_job_date"),
        ]

    def __str__(self) -> str:
        return f"DWR {self.dwr_number}"


class WorkLine(models.Model):
    """Labour or equipment on a record. `unit_price` is copied when saved, kept from approval on."""

    record = models.ForeignKey(DailyWorkRecord, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField()
    section = models.CharField(max_length=16, choices=Section.choices[:2])
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    employee = models.CharField(max_length=200, blank=True)
    hours = QuantityField(null=True, blank=True)
    quantity = QuantityField()
    unit_price = PriceField()
    amount = MoneyField()  # quantity x unit price, to the cent
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["line_number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "line_number"], name="work_line_number_once"),
            models.CheckConstraint(
                condition=Q(section__in=[Section.LABOUR, Section.EQUIPMENT]), name="work_line_section_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.line_number}"
