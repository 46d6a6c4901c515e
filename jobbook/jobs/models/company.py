"""The firm itself, its offices, and the things it bills: items and taxes."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from jobbook.common.money import PriceField, RateField
from jobbook.common.versioned import Versioned
from jobbook.jobs.models.files import StoredFile


class Section(models.TextChoices):
    """The part of an invoice a line stands in. Items have one of the first three."""

    LABOUR = "labour", "Labour"
    EQUIPMENT = "equipment", "Equipment & Materials"
    FIXED_PRICE = "fixed_price", "Fixed Price"
    FEE = "fee", "Fees"
    UNPRICED = "unpriced", "Unpriced"


class Paper(models.TextChoices):
    LETTER = "letter", "Letter"
    A4 = "a4", "A4"


class Address(models.Model):
    address_1 = models.CharField(max_length=200, blank=True)
    address_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def address_lines(self) -> list[str]:
        """The six fields in order: address 1 and 2, city, region, postal code, country."""
        return [self.address_1, self.address_2, self.city, self.region, self.postal_code, self.country]

    @property
    def has_address(self) -> bool:
        return any(self.address_lines)


class Company(Versioned, Address):
    """The one firm of this installation. Until it is saved, `current()` answers with the defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200, default="Job Book")
    currency = models.CharField(max_length=3, default="CAD")
    time_zone = models.CharField(max_length=64, default="UTC")
    phone = models.CharField(max_length=50, blank=True)
    email = models.CharField(max_length=254, blank=True)
    tax_number = models.CharField(max_length=64, blank=True)
    paper = models.CharField(max_length=8, choices=Paper.choices, default=Paper.LETTER)
    invoice_prefix = models.CharField(max_length=16, default="INV-", blank=True)
    credit_prefix = models.CharField(max_length=16, default="CN-", blank=True)
    default_format = models.CharField(max_length=32, default="csv")
    printed_terms = models.TextField(blank=True)
    books_closed_through = models.DateField(null=True, blank=True)
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    author_may_approve = models.BooleanField(default=True)  # small firms: who wrote a DWR may approve it

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="company_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Company":
        return cls.objects.filter(pk=1).first() or cls()

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin and end."""
        return ZoneInfo(self.time_zone)


class Office(Versioned, Address):
    name = models.CharField(max_length=100, unique=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Tax(Versioned):
    """A tax and its rate in percent. The rate of a used tax never changes: a new rate is a new code."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    rate = RateField()
    recoverable = models.BooleanField(default=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "taxes"

    def __str__(self) -> str:
        return self.code


class Item(Versioned):
    """Something billed: labour, equipment and materials, or a fixed price."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    section = models.CharField(max_length=16, choices=Section.choices[:3])
    unit = models.CharField(max_length=20, blank=True)
    unit_price = PriceField(null=True, blank=True)
    hourly_price = PriceField(null=True, blank=True)
    tax_exempt = models.BooleanField(default=False)
    account_code = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section__in=[Section.LABOUR, Section.EQUIPMENT, Section.FIXED_PRICE]),
                name="item_section_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.code
