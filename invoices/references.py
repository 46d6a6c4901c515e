"""Accounting references: what accounting calls an invoice. A note: it moves no version and blocks nothing."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from invoices.checks import lock_invoice
from invoices.models import HANDED_OVER, Invoice
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditItem
from jobbook.common.transitions import lock_rows

LONGEST = 64
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ACTION = "invoice.reference"


@dataclass(frozen=True)
class ReferenceChange:
    """What an invoice is to have. before: what it had when the user looked."""

    invoice_id: int
    before: str
    after: str


def clean_reference(text: str) -> str:
    """As it is kept: NFC, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def unusable(reference: str) -> str:
    """Why a reference cannot be kept, to stand behind "its reference"; "" when it can."""
    if len(reference) > LONGEST:
        return f"is longer than {LONGEST} characters"
    return "has a character that cannot be printed" if _UNPRINTABLE.search(reference) else ""


def set_accounting_reference(
    invoice_id: int, *, reference: str, seen: str | None = None, by: User, origin: Origin = NOWHERE
) -> None:
    """Note what accounting calls one invoice. Refused when it is neither what the user saw (`seen`) nor that."""
    with transaction.atomic(durable=True):
        operation = Operation(by, _ACTION, origin=origin)
        invoice = lock_invoice(invoice_id)
        if invoice.queue not in HANDED_OVER:
            raise Refused("An accounting reference is entered from the Admin Queue on.")
        now = invoice.accounting_reference
        if seen is not None and now not in (seen, reference):
            raise Refused(f"Somebody else made it {now or 'empty'} meanwhile. Save again to put yours in its place.")
        _write(operation, Invoice.objects.filter(pk=invoice_id), {invoice_id: reference})


def set_references(changes: Iterable[ReferenceChange], *, by: User, origin: Origin = NOWHERE) -> int:
    """Note the references of many invoices in one step; how many were changed.

    All or nothing: refused, naming each, if one is not there, or has neither what the user saw nor what it is to have.
    So the same form sent twice enters once.
    """
    wanted = {change.invoice_id: change for change in changes}
    if not wanted:
        return 0
    with transaction.atomic(durable=True):
        operation = Operation(by, _ACTION, origin=origin)
        rows = Invoice.objects.visible_to(by).filter(pk__in=wanted)
        lock_rows(rows)
        refusals = list(_refusals(rows, wanted))
        if refusals:
            raise Refused("No reference was entered.", refusals)
        return _write(operation, rows, {pk: change.after for pk, change in wanted.items()})


def _refusals(rows: "QuerySet[Invoice]", wanted: dict[int, ReferenceChange]) -> Iterable[Refusal]:
    found = rows.order_by("invoice_date", "number").values_list("pk", "number", "queue", "accounting_reference")
    for pk, number, queue, now in found:
        change = wanted[pk]
        wrong = unusable(change.after)
        if queue not in HANDED_OVER:
            yield Refusal("queue", "a reference is entered from the Admin Queue on", pk, number)
        elif wrong:
            yield Refusal("reference", f"the reference {wrong}", pk, number)
        elif now not in (change.before, change.after):
            yield Refusal("moved", f"its reference is {now or 'empty'} now, not {change.before or 'empty'}", pk, number)
    gone = len(wanted) - len(found)
    if gone:
        yield Refusal("gone", f"{gone} of the invoices are not there any more")


def _write(operation: Operation, rows: "QuerySet[Invoice]", wanted: dict[int, str]) -> int:
    """The inner step: `rows` are locked and checked. Those that have their reference already are left alone."""
    found = rows.order_by("pk").values_list("pk", "version", "accounting_reference")
    moved = [(pk, version, now) for pk, version, now in found if now != wanted[pk]]
    if not moved:
        return 0
    AuditItem.objects.bulk_create(
        [
            operation.item(
                "invoice",
                pk,
                versions=(version, version),
                before={"accounting_reference": now},
                after={"accounting_reference": wanted[pk]},
            )
            for pk, version, now in moved
        ],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Invoice._meta.db_table} SET accounting_reference = %s WHERE id = %s",  # noqa: S608 - our own table
            [(wanted[pk], pk) for pk, _, _ in moved],
        )
    operation.close()
    return len(moved)
