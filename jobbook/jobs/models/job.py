"""Clients and their jobs."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobbook.accounts.roles import Permission, Role
from jobbook.common.money import MoneyField, PriceField, QuantityField, RateField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.company import Address, Item, Office, Tax
from jobbook.jobs.models.rates import RateSheet

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class BillingType(models.TextChoices):
    TIME_AND_MATERIAL = "time_and_material", "Time & Material"
    FIXED_PRICE = "fixed_price", "Fixed Price"
    NON_CHARGEABLE = "non_chargeable", "Non-Chargeable"
    OVERHEAD = "overhead", "Overhead"


class InvoiceType(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    TICKET_INVOICE = "ticket_invoice", "Ticket/Invoice"


class LineItemType(models.TextChoices):
    DETAILED = "detailed", "Detailed"
    SUMMARIZED = "summarized", "Summarized"


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: "User") -> Self:
        """Administrators and accounting see all clients, project managers those of their own jobs."""
        if user.role in {Role.ADMINISTRATOR, Role.ACCOUNTING}:
            return self
        return self.filter(pk__in=Job.objects.visible_to(user).values("client"))


class Client(Versioned, Address):
    client_number = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    terms = models.CharField(max_length=100, blank=True)
    terms_days = models.PositiveSmallIntegerField(default=0)
    accounting_id = models.CharField(max_length=64, blank=True)
    rate_sheet = models.ForeignKey(RateSheet, models.PROTECT, null=True, blank=True, related_name="clients")
    active = models.BooleanField(default=True)

    objects: ClassVar[ClientQuerySet] = ClientQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class ClientContact(models.Model):
    """A person at the client, besides the one on the client's own row."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    duty = models.CharField(max_length=100, blank=True)  # "Accounts payable"
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ClientAddress(Address):
    """Another billing address of the client, which a job may name instead of the client's own."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=100)

    class Meta:
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["client", "label"], name="client_address_label_once")]

    def __str__(self) -> str:
        return self.label


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: "User") -> Self:
        """Administrators and accounting see all jobs, project managers their own, technicians none with money."""
        if user.role in {Role.ADMINISTRATOR, Role.ACCOUNTING}:
            return self
        if user.can(Permission.SEE_MONEY):
            return self.filter(project_manager=user)
        return self.none()

    def open_for_work(self) -> Self:
        """The jobs a DWR or an expense may be written on, by anybody who may write one."""
        return self.filter(active=True)


class Job(Versioned):
    job_number = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="jobs")
    project_name = models.CharField(max_length=200)
    billing_type = models.CharField(max_length=20, choices=BillingType.choices)
    project_manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="jobs")
    status = models.CharField(max_length=64, blank=True)
    invoice_type = models.CharField(max_length=16, choices=InvoiceType.choices, default=InvoiceType.INVOICE)
    line_item_type = models.CharField(max_length=16, choices=LineItemType.choices, default=LineItemType.DETAILED)
    po_number = models.CharField(max_length=64, blank=True)
    po_amount = MoneyField(null=True, blank=True)
    po_required = models.BooleanField(default=False)
    contract_amount = MoneyField(null=True, blank=True)
    client_project_number = models.CharField(max_length=64, blank=True)
    taxes = models.ManyToManyField(Tax, through="JobTax", related_name="jobs")
    order_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    location = models.CharField(max_length=500, blank=True)
    billing_address = models.ForeignKey(ClientAddress, models.PROTECT, null=True, blank=True, related_name="jobs")
    rate_sheet = models.ForeignKey(RateSheet, models.PROTECT, null=True, blank=True, related_name="jobs")
    active = models.BooleanField(default=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(billing_type__in=BillingType.values), name="job_billing_type_is_known"),
            models.CheckConstraint(condition=Q(invoice_type__in=InvoiceType.values), name="job_invoice_type_is_known"),
            models.CheckConstraint(
                condition=Q(line_item_type__in=LineItemType.values), name="job_line_item_type_is_known"
            ),
        ]
        indexes = [
            # The Active Job Dashboard: closed jobs, of which there are more every year, are not looked at.
            models.Index(fields=["job_number"], name="job_active", condition=Q(active=True)),
            # The WIP Report: fixed-price jobs are found without reading all the others.
            models.Index(fields=["billing_type", "job_number"], name="job_billing_type"),
        ]

    def __str__(self) -> str:
        return f"{self.job_number} {self.project_name}"


class JobTax(models.Model):
    """The taxes of a job, in the order they are printed."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="job_taxes")
    tax = models.ForeignKey(Tax, models.PROTECT, related_name="job_taxes")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "tax"], name="job_tax_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.tax_id}"


class JobFee(models.Model):
    """A fee of the job: a percentage of what stands before it on an invoice, taxed with the job's taxes."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="fees")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")  # its account
    description = models.CharField(max_length=200)
    percent = RateField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="job_fee_position_once")]

    def __str__(self) -> str:
        return f"{self.description} {self.percent} %"


class JobItem(models.Model):
    """A billable item of the job, with its own price where one was agreed, and the quantity that was budgeted."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="billable_items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    unit_price = PriceField(null=True, blank=True)
    hourly_price = PriceField(null=True, blank=True)
    budget_quantity = QuantityField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "item"], name="job_item_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.item_id}"
