"""What must always hold of the work recorded."""

from collections.abc import Iterator

from django.db.models import F, Model, OuterRef, Subquery

from jobbook.accounts.models import User
from jobbook.common.invariants import Invariant
from jobbook.common.models import AuditItem
from jobbook.common.money import line_amount
from jobbook.jobs.models import (
    Client,
    Company,
    DailyWorkRecord,
    Employee,
    Expense,
    Item,
    Job,
    Office,
    RateSheet,
    Tax,
    WorkLine,
)

VERSIONED: dict[str, type[Model]] = {  # by their noun in the audit
    "client": Client,
    "company": Company,
    "dwr": DailyWorkRecord,
    "employee": Employee,
    "expense": Expense,
    "item": Item,
    "job": Job,
    "office": Office,
    "rate_sheet": RateSheet,
    "tax": Tax,
    "user": User,
}


def _amounts() -> Iterator[str]:
    rows = WorkLine.objects.values_list("record__dwr_number", "line_number", "quantity", "unit_price", "amount")
    for number, line, quantity, price, amount in rows.iterator(chunk_size=5000):
        if line_amount(quantity, price) != amount:
            yield f"DWR {number} line {line}: {quantity} x {price} is not {amount}"


def _versions() -> Iterator[str]:
    """What the audit has no version of (seeded, or made before forms) is passed over."""
    for noun, model in VERSIONED.items():
        items = AuditItem.objects.filter(object_type=noun, object_id=OuterRef("pk"), version_after__isnull=False)
        newest = Subquery(items.order_by("-entry_id", "-pk").values("version_after")[:1])
        rows = model._default_manager.annotate(told=newest).filter(told__isnull=False)
        for pk, version, told in rows.order_by("pk").values_list("pk", "version", "told").iterator(chunk_size=5000):
            if version != told:
                yield f"{noun} {pk} stands at version {version}, its history ends at {told}"


def _foreign_addresses() -> Iterator[str]:
    rows = Job.objects.exclude(billing_address=None).exclude(billing_address__client=F("client"))
    for number, client in rows.values_list("job_number", "billing_address__client__name"):
        yield f"job {number} is billed to an address of {client}"


INVARIANTS = (
    Invariant("I-10", "a DWR line's amount is quantity x price, to the cent", _amounts),
    Invariant("I-3a", "a record stands at the version its history ends at", _versions),
    Invariant("I-60", "a job is billed to an address of its own client", _foreign_addresses),
)
