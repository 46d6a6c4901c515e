"""The commands that move invoices between Admin Queue, Processed and Paid.

Each public command is one durable transaction: lock the ledger head, lock the rows in primary-key order, re-check
on the locked rows, write, audit. All or nothing; a refusal names every invoice in the way and changes nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from invoices.checks import lock_invoice
from invoices.intents import PROCESS, open_intent
from invoices.models import BatchKind, Invoice, ProcessBatch, Queue
from invoices.refusals import changed_rows, not_in_queue
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin, next_number
from jobbook.common.errors import Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.models import Intent, IntentItem
from jobbook.common.money import total_of
from jobbook.common.transitions import audit_versions, lock_rows

INVOICE = "invoice"  # object_type of audit items


@dataclass(frozen=True)
class Processed:
    """A batch, and whether it was made by an earlier submit of the same window."""

    batch: ProcessBatch
    repeated: bool = False


def process_invoices(intent_id: uuid.UUID | str, *, by: User, origin: Origin = NOWHERE) -> Processed:
    """Process exactly the invoices and versions of an intent, as one bulk batch. Refused if any row moved since."""
    with transaction.atomic(durable=True):
        operation = Operation(by, PROCESS, origin=origin)
        intent = open_intent(intent_id, user=by, action=PROCESS)
        if hasattr(intent, "batch"):
            return Processed(intent.batch, repeated=True)
        rows = Invoice.objects.filter(pk__in=IntentItem.objects.filter(intent=intent).values("object_id"))
        lock_rows(rows)
        failpoint("process.after_lock")
        _check_intent(intent)
        batch = _process(operation, rows, BatchKind.BULK, intent=intent)
        failpoint("process.after_items")
    failpoint("process.after_commit")
    return Processed(batch)


def tick_processed(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> ProcessBatch:
    """Process one invoice from its own page: a batch of one, which Undo Last Process Batch passes over."""
    with transaction.atomic(durable=True):
        operation = Operation(by, PROCESS, origin=origin)
        _lock_one(invoice_id, version=version, queue=Queue.ADMIN)
        return _process(operation, Invoice.objects.filter(pk=invoice_id), BatchKind.SINGLE)


def untick_processed(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """Return one processed invoice to the Admin Queue; it leaves its batch. A paid one is refused."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.untick", origin=origin)
        invoice = _lock_one(invoice_id, version=version, queue=Queue.PROCESSED)
        before: dict[str, object] = {"batch": invoice.batch_number(), "processed_on": invoice.processed_on}
        _step(operation, invoice, before=before, after={"batch": None, "processed_on": None})
        Invoice.objects.filter(pk=invoice_id).update(batch=None, processed_on=None, version=F("version") + 1)


def mark_paid(invoice_id: int, *, version: int, paid_on: date, by: User, origin: Origin = NOWHERE) -> None:
    """A processed invoice was paid, today or before."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.paid", origin=origin)
        if paid_on > timezone.localdate(operation.at):
            raise Refused(f"{paid_on:%-d %b %Y} is still to come: enter the day it was paid.")
        invoice = _lock_one(invoice_id, version=version, queue=Queue.PROCESSED)
        _step(operation, invoice, before={"paid_on": None}, after={"paid_on": paid_on})
        Invoice.objects.filter(pk=invoice_id).update(paid_on=paid_on, version=F("version") + 1)


def clear_paid(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A payment was entered by mistake: the invoice is Processed again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.unpaid", origin=origin)
        invoice = _lock_one(invoice_id, version=version, queue=Queue.PAID)
        _step(operation, invoice, before={"paid_on": invoice.paid_on}, after={"paid_on": None})
        Invoice.objects.filter(pk=invoice_id).update(paid_on=None, version=F("version") + 1)


def _process(
    operation: Operation, rows: "QuerySet[Invoice]", kind: BatchKind, *, intent: Intent | None = None
) -> ProcessBatch:
    """The inner step: `rows` are locked, checked and in the Admin Queue."""
    today = timezone.localdate(operation.at)
    number = next_number("process_batch")
    totals = [intent.total] if intent else [row.total for row in rows]
    batch = ProcessBatch.objects.create(
        number=number,
        kind=kind,
        count=intent.count if intent else len(totals),
        total=total_of(totals),
        created_at=operation.at,
        created_by_id=operation.by.pk,
        created_by_name=operation.by.name,
        entry_number=operation.number,
        intent=intent,
    )
    audit_versions(operation, INVOICE, rows)
    rows.update(batch=batch, processed_on=today, version=F("version") + 1)
    operation.close(
        before={"batch": None, "processed_on": None},
        after={"batch": number, "processed_on": today},
        count=batch.count,
        total=batch.total,
    )
    return batch


def _check_intent(intent: Intent) -> None:
    """Refused unless every invoice of the intent is in the Admin Queue with the version and sum the user saw.

    Joined by key alone: with the queue in the join PostgreSQL may walk the whole Admin Queue once for every item,
    when its statistics come from a moment when the queue was empty.
    """
    same = "CASE WHEN v.version = i.version AND v.queue = 'admin' THEN v.total END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count({same}), coalesce(sum({same}), 0) FROM common_intentitem i"  # noqa: S608 - fixed text
            " LEFT JOIN invoices_invoice v ON v.id = i.object_id WHERE i.intent_id = %s",
            [Intent._meta.pk.get_db_prep_value(intent.pk, connection)],
        )
        items, matching, cents = cursor.fetchone()
    if not items:
        raise Refused("No invoice is selected.")
    if matching != items:
        raise Refused("Nothing was processed: the selection changed since the window opened.", changed_rows(intent))
    if items != intent.count or int(cents) != int(intent.total.scaleb(2)):
        raise Refused("Nothing was processed: the sum changed since the window opened.")


def _lock_one(invoice_id: int, *, version: int, queue: Queue) -> Invoice:
    """The locked invoice, which must be in `queue` and unchanged since the user saw `version`."""
    invoice = lock_invoice(invoice_id)
    if invoice.queue != queue or invoice.version != version:
        raise Refused(f"{invoice.number} was not changed.", [not_in_queue(invoice, queue)])
    return invoice


def _step(operation: Operation, invoice: Invoice, *, before: dict[str, object], after: dict[str, object]) -> None:
    versions = (invoice.version, invoice.version + 1)
    operation.item(INVOICE, invoice.pk, versions=versions, before=before, after=after).save(force_insert=True)
    operation.close()
