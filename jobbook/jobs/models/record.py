"""Daily work records (DWRs): what a crew did on a job on one day."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from jobbook.common.money import MoneyField, PriceField, QuantityField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.batch import ApprovalBatch
from jobbook.jobs.models.company import Item, Section
from jobbook.jobs.models.job import BillingType, Job
from jobbook.jobs.models.work import WorkQuerySet


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


class RecordQuerySet(WorkQuerySet["DailyWorkRecord"]):
    def to_invoice(self) -> Self:
        """The rows of the DWR Invoice Backlog: approved, of Time & Material jobs, on no invoice yet."""
        return self.filter(
            state=RecordState.APPROVED, job__billing_type=BillingType.TIME_AND_MATERIAL, invoiced__isnull=True
        )


class DailyWorkRecord(Versioned):
    dwr_number = models.CharField(max_length=32, unique=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="records")
    date = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="records")
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    description = models.TextField(blank=True)
    signed_by = models.CharField(max_length=200, blank=True)  # our representative
    signature = models.TextField(blank=True)  # drawn, see jobbook/common/drawing.py; a name may stand without one
    client_signed_by = models.CharField(max_length=200, blank=True)
    client_signature = models.TextField(blank=True)
    returned_by = models.CharField(max_length=200, blank=True)  # who sent it back, until it is submitted again
    return_reason = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(ApprovalBatch, models.PROTECT, null=True, blank=True, related_name="records")
    state = models.GeneratedField(expression=_STATE, output_field=models.CharField(max_length=12), db_persist=True)

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(approved_on__isnull=False), name="record_batch_approved_it"
            ),
            models.CheckConstraint(
                condition=(Q(returned_by="") & Q(return_reason=""))
                | (~Q(returned_by="") & ~Q(return_reason="") & Q(submitted_on__isnull=True)),
                name="record_returned_with_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(signature="") | ~Q(signed_by="")) & (Q(client_signature="") | ~Q(client_signed_by="")),
                name="record_drawing_has_a_name",
            ),
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
            models.Index(fields=["created_by", "-date"], name="record_author_date"),
            # Reports of some days of all jobs cost what is in these days, whatever was recorded before.
            models.Index(fields=["date", "job"], name="record_date_job"),
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
    start_time = models.TimeField(null=True, blank=True)  # hours = end - start, past midnight too
    end_time = models.TimeField(null=True, blank=True)
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
        # The backlogs sum the lines of every DWR that waits: out of the index alone.
        indexes = [models.Index(fields=["record", "hours", "amount"], name="work_line_sums")]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.line_number}"
