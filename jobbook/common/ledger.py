"""The number of the newest change: a version of everything. What is shown carries it, so that news can be told."""

from django.db.models import QuerySet

from jobbook.common.models import AuditItem, LedgerHead


def ledger_number() -> int:
    """The number of the newest audit entry, 0 before the first. One query for one row.

    Read it before what is shown: what changes in between is then told again rather than never.
    """
    return LedgerHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def items_since(number: int) -> "QuerySet[AuditItem]":
    """What commands did to objects after entry `number`."""
    return AuditItem.objects.filter(entry_id__gt=number)
