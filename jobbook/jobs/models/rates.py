"""Rate sheets: prices agreed with a client or for a job, item by item. And the people hours are booked to."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobbook.accounts.roles import Role
from jobbook.common.money import PriceField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.company import Item

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class RateSheetQuerySet(models.QuerySet["RateSheet"]):
    def visible_to(self, user: "User") -> Self:
        """Administrators and accounting see all, project managers those that hold on their own jobs."""
        if user.role in {Role.ADMINISTRATOR, Role.ACCOUNTING}:
            return self
        own = RateSheet.objects.filter(Q(jobs__project_manager=user) | Q(clients__jobs__project_manager=user))
        return self.filter(pk__in=own.values("pk"))


class RateSheet(Versioned):
    name = models.CharField(max_length=100, unique=True)
    active = models.BooleanField(default=True)

    objects: ClassVar[RateSheetQuerySet] = RateSheetQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class RateLine(models.Model):
    """The prices of one item on a sheet. An empty one leaves the item's own."""

    sheet = models.ForeignKey(RateSheet, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    unit_price = PriceField(null=True, blank=True)
    hourly_price = PriceField(null=True, blank=True)

    class Meta:
        ordering = ["item__code"]
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="rate_line_item_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.item_id}"


class Employee(Versioned):
    """Hours are booked to employees, by name; one may be a user, who logs in."""

    name = models.CharField(max_length=200, unique=True)
    employee_number = models.CharField(max_length=32, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="employee"
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")  # what is usually billed
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
