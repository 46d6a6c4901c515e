"""What happened to invoices, as commands given at a past moment: processed in batches, undone, unticked, paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from invoices.models import BatchKind, Invoice, ProcessBatch
from jobbook.accounts.models import User
from jobbook.common.audit import Operation, next_number
from jobbook.common.models import AuditItem
from jobbook.common.money import total_of
from jobbook.transfer.demo.ledger import Ledger


@dataclass
class Past:
    """Gives the commands, in order of time. The rows and entries are those of invoices.transitions."""

    ledger: Ledger
    zone: ZoneInfo

    def process(self, ids: Sequence[int], *, by: User, at: datetime, kind: str = BatchKind.BULK) -> ProcessBatch:
        """Process these invoices as one batch."""
        operation = self.ledger.open(by, "invoice.process", at)
        rows = Invoice.objects.filter(pk__in=ids)
        on = at.astimezone(self.zone).date()
        totals = [row.total for row in rows]
        batch = ProcessBatch.objects.create(
            number=next_number("process_batch"),
            kind=kind,
            count=len(totals),
            total=total_of(totals),
            created_at=at,
            created_by=by,
            created_by_name=by.name,
            entry_number=operation.number,
        )
        self._versions(operation, rows)
        rows.update(batch=batch, processed_on=on, version=F("version") + 1)
        self.ledger.close(
            before={"batch": None, "processed_on": None},
            after={"batch": batch.number, "processed_on": on},
            count=batch.count,
            total=batch.total,
        )
        return batch

    def undo(self, batch: ProcessBatch, *, by: User, at: datetime) -> None:
        """Undo a batch none of whose invoices moved since."""
        operation = self.ledger.open(by, "invoice.undo", at)
        rows = Invoice.objects.filter(batch=batch)
        on = batch.created_at.astimezone(self.zone).date()
        self._versions(operation, rows)
        rows.update(batch=None, processed_on=None, version=F("version") + 1)
        entry = self.ledger.close(
            before={"batch": batch.number, "processed_on": on},
            after={"batch": None, "processed_on": None},
            count=batch.count,
            total=batch.total,
        )
        ProcessBatch.objects.filter(pk=batch.pk).update(
            undone_at=at, undone_by_name=by.name, undo_entry_number=entry.number
        )

    def untick(self, invoice_id: int, *, by: User, at: datetime) -> None:
        """Return one invoice of a batch to the Admin Queue."""
        operation = self.ledger.open(by, "invoice.untick", at)
        invoice = Invoice.objects.select_related("batch").get(pk=invoice_id)
        before = {"batch": invoice.batch.number if invoice.batch else None, "processed_on": invoice.processed_on}
        after = {"batch": None, "processed_on": None}
        versions = (invoice.version, invoice.version + 1)
        operation.item("invoice", invoice_id, versions=versions, before=before, after=after).save(force_insert=True)
        Invoice.objects.filter(pk=invoice_id).update(batch=None, processed_on=None, version=F("version") + 1)
        self.ledger.close()

    def edit(self, invoice_id: int, *, by: User, at: datetime) -> None:
        """A line added after the signature: the signed total stands beside the new one."""
        operation = self.ledger.open(by, "invoice.edit", at)
        invoice = Invoice.objects.get(pk=invoice_id)
        versions = (invoice.version, invoice.version + 1)
        before, after = {"total": invoice.signed_total}, {"total": invoice.total}
        operation.item("invoice", invoice_id, versions=versions, before=before, after=after).save(force_insert=True)
        Invoice.objects.filter(pk=invoice_id).update(version=F("version") + 1, content_version=F("content_version") + 1)
        self.ledger.close()

    def refer(self, ids: Sequence[int], *, by: User, at: datetime, first: int) -> None:
        """Enter accounting's references, counted from `first`: notes that move no version."""
        operation = self.ledger.open(by, "invoice.reference", at)
        invoices = list(Invoice.objects.filter(pk__in=ids).order_by("pk"))
        items = []
        for reference, invoice in enumerate(invoices, start=first):
            versions = (invoice.version, invoice.version)
            before, invoice.accounting_reference = invoice.accounting_reference, f"AR-{reference}"
            after = {"accounting_reference": invoice.accounting_reference}
            was = {"accounting_reference": before}
            items.append(operation.item("invoice", invoice.pk, versions=versions, before=was, after=after))
        AuditItem.objects.bulk_create(items)
        Invoice.objects.bulk_update(invoices, ["accounting_reference"])
        self.ledger.close()

    def pay(self, ids: Sequence[int], *, by: User, at: datetime) -> None:
        """Enter a day's payments: one command for all of them."""
        operation = self.ledger.open(by, "invoice.paid", at)
        on: date = at.astimezone(self.zone).date()
        rows = Invoice.objects.filter(pk__in=ids)
        self._versions(operation, rows)
        rows.update(paid_on=on, version=F("version") + 1)
        self.ledger.close(before={"paid_on": None}, after={"paid_on": on})

    def _versions(self, operation: Operation, rows: "QuerySet[Invoice]") -> None:
        AuditItem.objects.bulk_create(
            operation.item("invoice", pk, versions=(version, version + 1))
            for pk, version in rows.order_by("pk").values_list("pk", "version")
        )
