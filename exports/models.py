"""Export runs: one file each, made in the background, kept with the proof of what is in it.

The row is the outbox, the queue and the result; a broker only rings (docs/architecture.md, Background work).
"""

import json
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from exports.formats.profile import Kind
from invoices.models import Invoice
from jobbook.accounts.roles import Permission, Role
from jobbook.common.models import Intent
from jobbook.common.money import MoneyField, bounds

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class RunState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


class ProfileEntry(models.Model):
    """A line of a format's profile: a setting, or what the package calls a client, item, tax or terms of ours."""

    format = models.CharField(max_length=32)  # slug in exports.formats.FORMATS
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    ours = models.CharField(max_length=200)
    theirs = models.CharField(max_length=500, blank=True)
    account = models.CharField(max_length=64, blank=True)
    extra = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "profile entries"
        constraints = [
            models.UniqueConstraint(fields=["format", "kind", "ours"], name="profile_entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="profile_entry_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.kind} {self.ours}"


class PackageList(models.Model):
    """The package's own list of what it calls something, as somebody uploaded it; the next upload replaces it.

    text: the names in the list's order as JSON, each [what is written into files, how the list describes it or ""].
    """

    format = models.CharField(max_length=32)  # slug in exports.formats.FORMATS
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    file_name = models.CharField(max_length=200)
    text = models.TextField()
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["format", "kind"], name="package_list_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="package_list_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.kind} {self.file_name}"

    @property
    def names(self) -> list[tuple[str, str]]:
        return [(name, words) for name, words in json.loads(self.text)]


class FrozenProfile(models.Model):
    """A profile as runs were written with it: canonical JSON, kept once for equal ones."""

    sha256 = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.sha256[:16]


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    def visible_to(self, user: "User") -> Self:
        """Those who may see runs, and only runs whose every invoice they may see now. Being the maker is no right."""
        if not user.can(Permission.SEE_RUNS):
            return self.none()
        if user.role == Role.ADMINISTRATOR:
            return self  # sees every invoice: no need to ask for each
        seen = Invoice.objects.visible_to(user).filter(pk=OuterRef("invoice_id"))
        return self.filter(~Exists(ExportItem.objects.filter(~Exists(seen), run=OuterRef("pk"))))

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def with_import(self) -> Self:
        """Each with its confirmation, and `is_newest`: one of its invoices was not exported for accounting since."""
        marks = ExportMark.objects.filter(run=OuterRef("pk"))
        return self.select_related("confirmation").annotate(is_newest=Exists(marks))

    def unconfirmed(self, *, before: datetime) -> Self:
        """Files for accounting made before a moment and not confirmed. One that was wholly exported again since is not
        waited for: only accounting's files have marks, each invoice's in the newest.
        """
        waiting = self.filter(state=RunState.SUCCEEDED, finished_at__lt=before, confirmation__isnull=True)
        return waiting.filter(Exists(ExportMark.objects.filter(run=OuterRef("pk"))))


class ExportRun(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # a name, not a right
    number = models.PositiveIntegerField(unique=True)
    format = models.CharField(max_length=32)  # slug in exports.formats.FORMATS
    profile = models.ForeignKey("FrozenProfile", models.PROTECT, related_name="runs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_by_name = models.CharField(max_length=200)
    intent = models.OneToOneField(Intent, models.SET_NULL, null=True, related_name="+")
    retry_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="retries")

    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)  # grows with each claim; publishing needs the current one
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    item_count = models.PositiveIntegerField()
    error = models.TextField(blank=True)  # for the user
    traceback = models.TextField(blank=True)  # for staff

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # PDF ZIPs only

    file = models.CharField(max_length=200, blank=True)  # below settings.FILES_DIR
    name = models.CharField(max_length=200, blank=True)  # what the browser saves it as
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest = models.TextField(blank=True)  # canonical JSON, see exports/manifest.py
    net = MoneyField(null=True)
    tax = MoneyField(null=True)
    total = MoneyField(null=True)

    objects: ClassVar[ExportRunQuerySet] = ExportRunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="export_run_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.SUCCEEDED, RunState.EXPIRED])
                | (~Q(file="") & ~Q(sha256="") & ~Q(manifest="") & Q(size__isnull=False) & Q(total__isnull=False)),
                name="export_run_succeeds_with_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(error=""), name="export_run_fails_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.RUNNING) | Q(lease_until__isnull=False), name="export_run_runs_on_a_lease"
            ),
            models.CheckConstraint(condition=Q(attempts__lte=3), name="export_run_attempts_are_counted"),
            models.CheckConstraint(condition=Q(done__lte=F("item_count")), name="export_run_done_within_count"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="export_run_unfinished", condition=Q(state__in=["queued", "running"])
            )
        ]

    def __str__(self) -> str:
        return f"Run {self.number}"

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED


class ExportItem(models.Model):
    """One invoice of a run: the versions asked for, and the exact values sent."""

    run = models.ForeignKey(ExportRun, models.CASCADE, related_name="items")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="export_items")
    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    content_version = models.PositiveIntegerField()
    sent = models.TextField(blank=True)  # canonical JSON of the frozen document
    problem = models.TextField(blank=True)  # why it is not in the file

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="export_item_position_once"),
            models.UniqueConstraint(fields=["run", "invoice"], name="export_item_invoice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.position}"


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    def visible_to(self, user: "User") -> Self:
        """Those of invoices the user may see; an administrator also those that were deleted since."""
        if user.role == Role.ADMINISTRATOR:
            return self
        return self.filter(invoice__in=Invoice.objects.visible_to(user))


class LeftOut(models.Model):
    """An invoice that a window named and left out: first of the window's intent, then of the run it started.

    No item of the run: it is in no file and may be deleted, so its number is kept.
    """

    class Why(models.TextChoices):
        PROBLEM = "problem", "Cannot be in the file"
        EXPORTED = "exported", "Exported before"

    intent = models.ForeignKey(Intent, models.CASCADE, null=True, related_name="+")
    run = models.ForeignKey(ExportRun, models.CASCADE, null=True, related_name="left_out")
    invoice = models.ForeignKey(Invoice, models.SET_NULL, null=True, related_name="+")
    number = models.CharField(max_length=32)
    why = models.CharField(max_length=8, choices=Why.choices)
    reason = models.TextField()

    objects: ClassVar[LeftOutQuerySet] = LeftOutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(intent__isnull=False, run__isnull=True) | Q(intent__isnull=True, run__isnull=False),
                name="left_out_of_a_window_or_a_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"


class ExportMark(models.Model):
    """The newest accounting export of an invoice (PDF bundles do not count). Derived from items, one row an invoice."""

    invoice = models.OneToOneField(Invoice, models.CASCADE, primary_key=True, related_name="export_mark")
    run = models.ForeignKey(ExportRun, models.PROTECT, related_name="marks")
    content_version = models.PositiveIntegerField()
    exported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id} in {self.run_id}"


class RunConfirmation(models.Model):
    """What accounting's package showed after it imported a run's file. Another one takes its place; the audit keeps
    both.
    """

    run = models.OneToOneField(ExportRun, models.CASCADE, primary_key=True, related_name="confirmation")
    count = models.PositiveIntegerField()
    total = MoneyField()
    note = models.CharField(max_length=500, blank=True)  # why it differs from the file
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=200)
    entry_number = models.PositiveBigIntegerField()  # the audit entry that wrote it

    class Meta:
        constraints = [models.CheckConstraint(condition=bounds("total"), name="run_confirmation_total_bounded")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.count}, {self.total}"

    @property
    def agrees(self) -> bool:
        """Whether accounting shows what the file has."""
        return (self.count, self.total) == (self.run.item_count, self.run.total)
