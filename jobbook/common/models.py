"""The kernel's tables: the ledger head, the audit chain, counters, and the snapshots behind confirmation windows."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jobbook.common.money import MoneyField

INTENT_LIFE = timedelta(minutes=15)


class LedgerHead(models.Model):
    """One row. Every command that changes something locks it first, so commands are in one order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)  # of the newest audit entry
    hash = models.CharField(max_length=64, default="", blank=True)

    clock: datetime  # the database's time, see audit.lock_head

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledger_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:16]}"


class Counter(models.Model):
    """The last number given in a series (invoice, credit_note, process_batch, run ...)."""

    series = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class AuditEntry(models.Model):
    """One command: who, when, what. Append-only, each entry's hash covers the one before (common/audit.py)."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    operation = models.UUIDField(default=uuid.uuid4)
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the history outlives the user
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=32, blank=True)
    action = models.CharField(max_length=64)  # "invoice.process"
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    client_address = models.CharField(max_length=64, blank=True)
    values = models.TextField(default="{}")  # canonical JSON: {"before": .., "after": .., more}, equal for all items
    item_count = models.PositiveIntegerField(default=0)
    items_digest = models.CharField(max_length=64)
    format = models.PositiveSmallIntegerField(default=1)  # of the hashed form
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["operation"], name="audit_entry_operation")]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditItem(models.Model):
    """What a command did to one object. Values that are equal for all items stand in the entry."""

    entry = models.ForeignKey(AuditEntry, models.DO_NOTHING, related_name="items", db_constraint=False)
    object_type = models.CharField(max_length=32)  # "invoice", "client" ...
    object_id = models.BigIntegerField()
    version_before = models.PositiveIntegerField(null=True)
    version_after = models.PositiveIntegerField(null=True)
    before = models.TextField(default="", blank=True)  # canonical JSON of the changed fields, or ""
    after = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "entry"], name="audit_item_object")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"


class BatchBase(models.Model):
    """A set of rows approved or processed together and undoable together."""

    number = models.PositiveIntegerField(unique=True)
    count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=200)
    entry_number = models.PositiveBigIntegerField()  # the audit entry that made it: its items are the rows
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)
    undo_entry_number = models.PositiveBigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.number}"


class Intent(models.Model):
    """What a confirmation window showed: exact rows, versions, count, sum. For one use by its user, in 15 minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user_id = models.BigIntegerField()  # no foreign key: the kernel knows no users
    action = models.CharField(max_length=64)
    target_id = models.BigIntegerField(null=True)  # the batch to undo
    count = models.PositiveIntegerField()
    total = MoneyField()
    created_at = models.DateTimeField(default=timezone.now)
    entry_number = models.PositiveBigIntegerField(null=True)  # the audit entry of the command it was used for

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="intent_created_at")]

    def __str__(self) -> str:
        return f"{self.action} {self.count}"

    @property
    def is_expired(self) -> bool:
        return timezone.now() > self.created_at + INTENT_LIFE


class IntentItem(models.Model):
    """One row of an intent and the version the user saw."""

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="items")
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intent", "object_id"], name="intent_item_once")]

    def __str__(self) -> str:
        return f"{self.object_id} v{self.version}"
