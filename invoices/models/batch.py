"""Process batches: invoices marked processed together, and undone together."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from jobbook.common.models import BatchBase, Intent
from jobbook.common.money import MoneyField


class BatchKind(models.TextChoices):
    BULK = "bulk", "Bulk"  # Process Selected Invoices: what Undo Last Process Batch takes back
    SINGLE = "single", "Single"  # one invoice ticked on its own page
    IMPORT = "import", "Import"  # invoices that came in processed, one batch per import


class ProcessBatchQuerySet(models.QuerySet["ProcessBatch"]):
    def live(self) -> Self:
        """Not undone, and at least one of its invoices is still in it."""
        members = ProcessBatch._meta.get_field("invoices").related_model._default_manager.filter(batch=OuterRef("pk"))
        return self.filter(Exists(members), undone_at__isnull=True)

    def newest_undoable(self) -> "ProcessBatch | None":
        """The batch Undo Last Process Batch offers: the newest live bulk batch, whoever made it."""
        return self.live().filter(kind=BatchKind.BULK).order_by("-number").first()


class ProcessBatch(BatchBase):
    kind = models.CharField(max_length=8, choices=BatchKind.choices)
    total = MoneyField()
    intent = models.OneToOneField(Intent, models.SET_NULL, null=True, related_name="batch")  # one window, one batch
    undo_intent = models.OneToOneField(Intent, models.SET_NULL, null=True, related_name="undone_batch")

    objects: ClassVar[ProcessBatchQuerySet] = ProcessBatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="process_batch_kind_is_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undo_entry_number__isnull=True)
                | Q(undone_at__isnull=False, undo_entry_number__isnull=False),
                name="process_batch_undone_by_an_entry",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-number"], name="process_batch_newest")]
