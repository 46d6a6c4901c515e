"""Batches of DWRs or expenses approved together, and undoable together."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from jobbook.common.models import BatchBase, Intent
from jobbook.common.money import MoneyField


class ApprovalKind(models.TextChoices):
    RECORD = "record", "DWRs"
    EXPENSE = "expense", "Expenses"


class ApprovalBatchQuerySet(models.QuerySet["ApprovalBatch"]):
    def live(self) -> Self:
        """Not undone, and at least one of its rows is still in it."""
        fields = ApprovalBatch._meta
        records = fields.get_field("records").related_model._default_manager.filter(batch=OuterRef("pk"))
        expenses = fields.get_field("expenses").related_model._default_manager.filter(batch=OuterRef("pk"))
        return self.filter(Exists(records) | Exists(expenses), undone_at__isnull=True)


class ApprovalBatch(BatchBase):
    """Numbered apart from process batches, both kinds in one series."""

    kind = models.CharField(max_length=8, choices=ApprovalKind.choices)
    total = MoneyField()
    intent = models.OneToOneField(Intent, models.SET_NULL, null=True, related_name="approval_batch")
    undo_intent = models.OneToOneField(Intent, models.SET_NULL, null=True, related_name="undone_approval_batch")

    objects: ClassVar[ApprovalBatchQuerySet] = ApprovalBatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ApprovalKind.values), name="approval_batch_kind_is_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undo_entry_number__isnull=True)
                | Q(undone_at__isnull=False, undo_entry_number__isnull=False),
                name="approval_batch_undone_by_an_entry",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-number"], name="approval_batch_newest")]
