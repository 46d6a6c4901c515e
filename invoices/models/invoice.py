"""Invoices and credit notes: facts on the record, and the queue derived from them.

There is no status: signature, release, client-approved ticket, batch and payment are facts, CHECKs keep them in
order, and `queue` is a stored generated column over them. It is right after `update()` and `create()`, stale after
`save()` until `refresh_from_db(fields=["queue"])`.

Party, our own name and address, terms and texts are copies: a later change of a client, job or rate changes no
invoice already made.
"""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower

from invoices.models.batch import ProcessBatch
from jobbook.accounts.roles import Permission, Role
from jobbook.common.money import MoneyField, bounds
from jobbook.common.versioned import Versioned
from jobbook.jobs.models import BillingType, Client, DailyWorkRecord, Expense, Job, LineItemType

if TYPE_CHECKING:
    from jobbook.accounts.models import User


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class Queue(models.TextChoices):
    PM = "pm", "PM Queue"
    TICKET = "ticket", "Ticket Queue"
    ADMIN = "admin", "Admin Queue"
    PROCESSED = "processed", "Processed"
    PAID = "paid", "Paid"


HANDED_OVER = (Queue.ADMIN, Queue.PROCESSED, Queue.PAID)  # what accounting may see

_QUEUE = Case(
    When(paid_on__isnull=False, then=Value(Queue.PAID.value)),
    When(batch__isnull=False, then=Value(Queue.PROCESSED.value)),
    When(released_on__isnull=False, then=Value(Queue.ADMIN.value)),
    When(signed_on__isnull=True, then=Value(Queue.PM.value)),
    When(is_ticket=True, client_approved_on__isnull=True, then=Value(Queue.TICKET.value)),
    default=Value(Queue.ADMIN.value),
)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: "User") -> Self:
        """Administrators: all. Accounting: from the Admin Queue on. Project managers: those of their own jobs."""
        if not user.can(Permission.SEE_INVOICES):
            return self.none()
        if user.role == Role.ACCOUNTING:
            return self.filter(queue__in=HANDED_OVER)
        if user.role == Role.PROJECT_MANAGER:
            return self.filter(job__project_manager=user)
        return self

    def admin_queue(self) -> Self:
        """Every invoice ready to be processed: the rows of the Invoice Process Backlog."""
        return self.filter(queue=Queue.ADMIN)

    def in_document_order(self) -> Self:
        """By date, then number: the order of every file, ZIP and index."""
        return self.order_by("invoice_date", "number", "pk")


class Invoice(Versioned):
    number = models.CharField(max_length=32)
    kind = models.CharField(max_length=12, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE)
    job = models.ForeignKey(Job, models.PROTECT, related_name="invoices")
    client = models.ForeignKey(Client, models.PROTECT, related_name="invoices")
    credits = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    created_by = models.ForeignKey(  # empty: it came in by an import
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    content_version = models.PositiveIntegerField(default=1)  # grows when something printed or exported changes

    # Copies
    client_name = models.CharField(max_length=200)
    client_email = models.CharField(max_length=254, blank=True)
    job_number = models.CharField(max_length=64)
    project_name = models.CharField(max_length=200)
    client_project_number = models.CharField(max_length=64, blank=True)
    billing_type = models.CharField(max_length=20, choices=BillingType.choices)
    line_item_type = models.CharField(max_length=16, choices=LineItemType.choices, default=LineItemType.DETAILED)
    is_ticket = models.BooleanField(default=False)  # the client approves a ticket first
    bill_to_name = models.CharField(max_length=200)
    bill_to_1 = models.CharField(max_length=200, blank=True)  # address 1, 2, city, region, postal code, country
    bill_to_2 = models.CharField(max_length=200, blank=True)
    bill_to_3 = models.CharField(max_length=200, blank=True)
    bill_to_4 = models.CharField(max_length=200, blank=True)
    bill_to_5 = models.CharField(max_length=200, blank=True)
    bill_to_6 = models.CharField(max_length=200, blank=True)
    seller_name = models.CharField(max_length=200)
    seller_address = models.TextField(blank=True)  # lines
    seller_contact = models.CharField(max_length=320, blank=True)  # phone and e-mail
    seller_tax_number = models.CharField(max_length=64, blank=True)
    seller_logo = models.CharField(max_length=64, blank=True)  # SHA-256 of a StoredFile
    location = models.CharField(max_length=500, blank=True)  # of the job
    office_name = models.CharField(max_length=100, blank=True)
    printed_terms = models.TextField(blank=True)

    invoice_date = models.DateField()
    due_date = models.DateField()
    terms = models.CharField(max_length=100, blank=True)
    po_number = models.CharField(max_length=64, blank=True)
    memo = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    subtotal = MoneyField()
    tax = MoneyField()
    total = MoneyField()

    # Facts
    signed_by = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signed_total = MoneyField(null=True, blank=True)  # the total that was signed
    signature = models.TextField(blank=True)  # drawn, see jobbook/common/drawing.py; a name may stand without one
    client_approved_on = models.DateField(null=True, blank=True)
    client_approved_by = models.CharField(max_length=200, blank=True)
    client_signature = models.TextField(blank=True)
    released_by = models.CharField(max_length=200, blank=True)
    released_on = models.DateField(null=True, blank=True)
    release_reason = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(ProcessBatch, models.PROTECT, null=True, blank=True, related_name="invoices")
    processed_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    accounting_reference = models.CharField(max_length=64, blank=True)  # a note: moves no version, blocks nothing
    queue = models.GeneratedField(expression=_QUEUE, output_field=models.CharField(max_length=12), db_persist=True)

    objects: ClassVar[InvoiceQuerySet] = InvoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("number"), name="invoice_number_is_unique"),
            models.CheckConstraint(
                condition=(Q(kind=InvoiceKind.INVOICE) & Q(total__gte=0))
                | (Q(kind=InvoiceKind.CREDIT_NOTE) & Q(total__lte=0)),
                name="invoice_sign_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.CREDIT_NOTE) | Q(credits__isnull=True),
                name="invoice_only_credit_notes_credit",
            ),
            models.CheckConstraint(condition=Q(total=F("subtotal") + F("tax")), name="invoice_total_adds_up"),
            models.CheckConstraint(
                condition=bounds("subtotal") & bounds("tax") & bounds("total"), name="invoice_total_bounded"
            ),
            models.CheckConstraint(condition=Q(due_date__gte=F("invoice_date")), name="invoice_due_after_date"),
            models.CheckConstraint(
                condition=(Q(signed_on__isnull=True) & Q(signed_by="") & Q(signed_total__isnull=True))
                | (Q(signed_on__isnull=False) & ~Q(signed_by="") & Q(signed_total__isnull=False)),
                name="invoice_signature_is_whole",
            ),
            models.CheckConstraint(
                condition=(Q(released_on__isnull=True) & Q(released_by="") & Q(release_reason=""))
                | (Q(released_on__isnull=False) & ~Q(released_by="") & ~Q(release_reason="")),
                name="invoice_release_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(client_approved_on__isnull=True)
                | Q(signed_on__isnull=False)
                | Q(released_on__isnull=False),
                name="invoice_signed_before_client",
            ),
            models.CheckConstraint(
                condition=(Q(signature="") | Q(signed_on__isnull=False))
                & ((Q(client_approved_by="") & Q(client_signature="")) | Q(client_approved_on__isnull=False)),
                name="invoice_drawing_is_of_a_signature",
            ),
            models.CheckConstraint(
                condition=(Q(batch__isnull=True) & Q(processed_on__isnull=True))
                | (Q(batch__isnull=False) & Q(processed_on__isnull=False)),
                name="invoice_processed_by_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True)
                | Q(released_on__isnull=False)
                | (Q(signed_on__isnull=False) & (Q(is_ticket=False) | Q(client_approved_on__isnull=False))),
                name="invoice_signed_before_processed",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(batch__isnull=False), name="invoice_processed_before_paid"
            ),
        ]
        indexes = [
            models.Index(
                fields=["invoice_date", "number", "id"], name="invoice_admin_queue", condition=Q(queue="admin")
            ),
            # What waits for a project manager's signature is counted on every page.
            models.Index(fields=["job"], name="invoice_to_sign", condition=Q(queue="pm")),
            # Reports of some days of all jobs cost what is in these days, whatever was billed before.
            models.Index(fields=["invoice_date", "job"], name="invoice_date_job"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def queue_label(self) -> str:
        """The queue in words."""
        return Queue(self.queue).label

    @property
    def bill_to(self) -> list[str]:
        """The six billing address fields, blank ones included."""
        return [self.bill_to_1, self.bill_to_2, self.bill_to_3, self.bill_to_4, self.bill_to_5, self.bill_to_6]

    def batch_number(self) -> int | None:
        return self.batch.number if self.batch else None


class InvoicedRecord(models.Model):
    """A DWR stands on one invoice at most."""

    record = models.OneToOneField(DailyWorkRecord, models.PROTECT, related_name="invoiced")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="invoiced_records")

    def __str__(self) -> str:
        return f"{self.record_id} on {self.invoice_id}"


class InvoicedExpense(models.Model):
    """An expense ticked on an invoice: accounted for by it. It bills nothing."""

    expense = models.OneToOneField(Expense, models.PROTECT, related_name="invoiced")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="invoiced_expenses")

    def __str__(self) -> str:
        return f"{self.expense_id} on {self.invoice_id}"
