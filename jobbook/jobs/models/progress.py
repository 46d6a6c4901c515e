"""What a fixed-price job is worth and how much of it is done, each from a day on.

Two tables, because an amount and a rate are different units. On a day the newest entry dated until then holds.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from jobbook.common.money import LIMIT, MoneyField, RateField, round_money
from jobbook.jobs.models.job import Job


class ProgressEntry(models.Model):
    """One a job and day. Entering again for the day makes a new row in place of the old."""

    kind: ClassVar[str]
    label: ClassVar[str]
    value_field: ClassVar[str]
    most: ClassVar[Decimal]

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    date = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.label} as of {self.date}"

    @property
    def value(self) -> Decimal:
        value: Decimal = getattr(self, self.value_field)
        return value


class ContractEntry(ProgressEntry):
    """What the contract comes to; until the first one it is the job's contract amount."""

    kind, label, value_field, most = "contract", "Contract amount", "amount", LIMIT

    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "date"], name="contract_entry_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gte=0, amount__lte=LIMIT), name="contract_entry_bounded"),
        ]


class PercentEntry(ProgressEntry):
    """How much of the job is done, 0 to 100."""

    kind, label, value_field, most = "percent", "Per cent complete", "percent", Decimal(100)

    percent = RateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "date"], name="percent_entry_once_a_day"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="percent_entry_bounded"),
        ]


PROGRESS: dict[str, type[ProgressEntry]] = {each.kind: each for each in (ContractEntry, PercentEntry)}


def earned(contract: Decimal | None, percent: Decimal | None) -> Decimal | None:
    """Contract x per cent, to the cent; None while either is not known."""
    return None if contract is None or percent is None else round_money(contract * percent / 100)


def contract_on(day: date) -> Coalesce:
    """The contract of a job as of a day, as an annotation; None when there is no amount at all."""
    return Coalesce(Subquery(_newest(ContractEntry, day).values("amount")[:1]), F("contract_amount"))


def percent_on(day: date) -> Subquery:
    """The per cent complete of a job as of a day; None before the first entry."""
    return Subquery(_newest(PercentEntry, day).values("percent")[:1])


def percent_entered_on(day: date) -> Subquery:
    """The date of the entry that `percent_on` reads."""
    return Subquery(_newest(PercentEntry, day).values("date")[:1])


def _newest(kind: Any, day: date) -> Any:
    return kind._default_manager.filter(job=OuterRef("pk"), date__lte=day).order_by("-date")
