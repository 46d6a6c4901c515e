"""Invoice numbers: prefix and counter, a counter for each kind, unique without regard to case over both.

Given under the ledger head's lock, so in order of commit. A number that is in use, or was once, is stepped over.
"""

from collections.abc import Collection

from invoices.models import Invoice, InvoiceKind
from jobbook.common.audit import next_number
from jobbook.common.models import Counter
from jobbook.jobs.company import FIRST_NUMBER
from jobbook.jobs.models import Company

_RETIRED = "gone "  # and the number: a counter that stands for nothing but that this number was used
_LONGEST = (Counter._meta.get_field("series").max_length or 0) - len(_RETIRED)


def next_invoice_number(kind: str) -> str:
    """The next free number of this kind. Only inside a command: its Operation holds the lock."""
    company = Company.current()
    prefix = company.credit_prefix if kind == InvoiceKind.CREDIT_NOTE else company.invoice_prefix
    Counter.objects.get_or_create(series=kind, defaults={"last": FIRST_NUMBER - 1})
    while True:
        number = f"{prefix}{next_number(kind)}"
        if not _was_used(number):
            return number


def retire_number(number: str) -> None:
    """Keep the number of a deleted invoice from being given again, also where an import brought it in.

    A longer one than this keeps is longer than prefix and counter ever get.
    """
    Counter.objects.get_or_create(series=_series(number))


def retired_among(numbers: Collection[str]) -> set[str]:
    """Those of the numbers that a deleted invoice had: they are not given again, whatever their case."""
    series = {_series(number) for number in numbers}
    gone = set(Counter.objects.filter(series__in=series).values_list("series", flat=True))
    return {number for number in numbers if _series(number) in gone}


def _series(number: str) -> str:
    return _RETIRED + number.lower()[:_LONGEST]


def _was_used(number: str) -> bool:
    return Invoice.objects.filter(number__iexact=number).exists() or bool(retired_among([number]))
