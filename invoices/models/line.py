"""The lines of an invoice and its taxes."""

from django.db import models
from django.db.models import Q

from invoices.models.invoice import Invoice
from jobbook.common.money import MoneyField, PriceField, QuantityField, RateField, bounds
from jobbook.jobs.models import DailyWorkRecord, Item, Section, StoredFile, Tax, WorkLine


class InvoiceLine(models.Model):
    """One billed line. `amount` = quantity x unit price to the cent, or both are empty and the amount stands alone.

    `taxes` are the codes of its taxes in the invoice's order, `;` between them. The share of each tax that falls on
    a line is worked out when it is needed (invoices/document.py), always the same way.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField()
    section = models.CharField(max_length=16, choices=Section.choices)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    item_code = models.CharField(max_length=64, blank=True)
    description = models.TextField(blank=True)
    quantity = QuantityField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    unit_price = PriceField(null=True, blank=True)
    amount = MoneyField()
    taxes = models.CharField(max_length=200, blank=True)
    account_code = models.CharField(max_length=64, blank=True)
    service_date = models.DateField(null=True, blank=True)
    record = models.ForeignKey(DailyWorkRecord, models.PROTECT, null=True, blank=True, related_name="invoice_lines")
    fee_percent = RateField(null=True, blank=True)  # of a fee: its share of what stands before it
    is_adjustment = models.BooleanField(default=False)  # makes up the difference to a typed-over subtotal

    class Meta:
        ordering = ["line_number"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "line_number"], name="invoice_line_number_once"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="invoice_line_section_is_known"),
            models.CheckConstraint(
                condition=(Q(quantity__isnull=True) & Q(unit_price__isnull=True))
                | (Q(quantity__isnull=False) & Q(unit_price__isnull=False)),
                name="invoice_line_priced_wholly",
            ),
            models.CheckConstraint(
                condition=~Q(section=Section.UNPRICED) | Q(amount=0), name="invoice_line_unpriced_is_zero"
            ),
            models.CheckConstraint(condition=bounds("amount"), name="invoice_line_amount_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.line_number}"

    @property
    def tax_codes(self) -> list[str]:
        return self.taxes.split(";") if self.taxes else []


class InvoiceTax(models.Model):
    """One tax of an invoice: worked out once on the sum of its taxable lines."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="invoice_taxes")
    position = models.PositiveSmallIntegerField()
    tax = models.ForeignKey(Tax, models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    rate = RateField()
    recoverable = models.BooleanField(default=True)
    base = MoneyField()
    amount = MoneyField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "tax"], name="invoice_tax_once"),
            models.CheckConstraint(condition=bounds("base") & bounds("amount"), name="invoice_tax_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.code}"


class LineSource(models.Model):
    """The line of a DWR behind a line of an invoice, with what was recorded when it was drafted.

    Summarized: many to one. `line` is empty when the work was left out of the invoice, which still settles it.
    """

    work_line = models.OneToOneField(WorkLine, models.PROTECT, related_name="billed")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="sources")
    line = models.ForeignKey(InvoiceLine, models.SET_NULL, null=True, blank=True, related_name="sources")
    quantity = QuantityField()
    amount = MoneyField()

    def __str__(self) -> str:
        return f"{self.work_line_id} on {self.invoice_id}"


class Attachment(models.Model):
    """A file that goes with an invoice."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name
