"""Kept WIP Reports. Their rows name everything by value: what happens to jobs, DWRs and invoices changes none."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from jobbook.accounts.roles import Permission, Role
from jobbook.common.money import MoneyField, RateField

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class KeptReportQuerySet(models.QuerySet["KeptReport"]):
    def visible_to(self, user: "User") -> Self:
        """Whoever kept it, and administrators: it shows the jobs its maker saw."""
        if not user.can(Permission.SEE_WIP):
            return self.none()
        return self if user.role == Role.ADMINISTRATOR else self.filter(made_by=user)


class KeptReport(models.Model):
    """A report and the day it is of. `address` asks for the same report today; `sha256` is of it and all its rows.

    The hash also stands in the audit entry that kept it, which nobody can change.
    """

    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=200)
    entry_number = models.PositiveBigIntegerField()  # the audit entry that wrote it
    address = models.TextField()
    of_what = models.TextField()  # its days and money in words
    of_whose = models.TextField()  # its jobs in words
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    recorded = MoneyField()
    unbilled = MoneyField()
    invoiced = MoneyField()
    sha256 = models.CharField(max_length=64)

    objects: ClassVar[KeptReportQuerySet] = KeptReportQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"Kept report {self.number}"


class KeptJob(models.Model):
    """A job of the report as it was called, and to date if it is a fixed-price one."""

    report = models.ForeignKey(KeptReport, models.PROTECT, related_name="jobs")
    job_id = models.BigIntegerField()
    job_number = models.CharField(max_length=64)
    project_name = models.CharField(max_length=200)
    client_name = models.CharField(max_length=200)
    is_fixed = models.BooleanField(default=False)
    contract = MoneyField(null=True)
    percent = RateField(null=True)
    percent_date = models.DateField(null=True)
    earned = MoneyField(null=True)
    billed = MoneyField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "job_id", "is_fixed"], name="kept_job_once")]

    def __str__(self) -> str:
        return self.job_number


class KeptWork(models.Model):
    """A line of work and the Place it stood in."""

    report = models.ForeignKey(KeptReport, models.PROTECT, related_name="work")
    line_id = models.BigIntegerField()
    job_id = models.BigIntegerField()
    dwr_number = models.CharField(max_length=32)
    date = models.DateField()
    item_code = models.CharField(max_length=64)
    amount = MoneyField()
    place = models.CharField(max_length=12)
    invoice_number = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "line_id"], name="kept_work_once")]

    def __str__(self) -> str:
        return f"{self.dwr_number} {self.item_code}"


class KeptInvoice(models.Model):
    """An invoice, what it was made of, and the queue it was in."""

    report = models.ForeignKey(KeptReport, models.PROTECT, related_name="invoices")
    invoice_id = models.BigIntegerField()
    job_id = models.BigIntegerField()
    number = models.CharField(max_length=32)
    date = models.DateField()
    queue = models.CharField(max_length=12)
    work = MoneyField()
    changed = MoneyField()
    by_hand = MoneyField()
    fees = MoneyField()
    credits = MoneyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "invoice_id"], name="kept_invoice_once")]

    def __str__(self) -> str:
        return self.number
