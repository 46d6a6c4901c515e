"""Files that go with an invoice: added by an administrator, taken off while the invoice is a draft."""

from django.db import transaction

from invoices.checks import lock_invoice
from invoices.models import Attachment, Invoice, Queue
from invoices.transitions import INVOICE
from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refused
from jobbook.jobs.models import StoredFile

DRAFTS = (Queue.PM, Queue.TICKET)


def attach(invoice_id: int, *, file: StoredFile, name: str, by: User, origin: Origin = NOWHERE) -> Attachment:
    """Add a kept file under `name`. It is not printed, so no version moves."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.attach", origin=origin)
        invoice = lock_invoice(invoice_id)
        attachment = Attachment.objects.create(
            invoice=invoice, file=file, name=name, added_by_name=by.name, added_at=operation.at
        )
        _note(operation, invoice, before="", after=name)
    return attachment


def detach(attachment_id: int, *, by: User, origin: Origin = NOWHERE) -> None:
    """Take a file off a draft. The bytes stay: equal contents are kept once for all."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.detach", origin=origin)
        attachment = Attachment.objects.filter(pk=attachment_id).first()
        if attachment is None:
            raise Refused("The file was taken off already.")
        invoice = lock_invoice(attachment.invoice_id)
        if invoice.queue not in DRAFTS:
            raise Refused(
                f"{invoice.number} is in {invoice.queue_label}: a file is taken off in the PM and Ticket Queue."
            )
        attachment.delete()
        _note(operation, invoice, before=attachment.name, after="")


def _note(operation: Operation, invoice: Invoice, *, before: str, after: str) -> None:
    versions = (invoice.version, invoice.version)
    item = operation.item(
        INVOICE, invoice.pk, versions=versions, before={"attachment": before}, after={"attachment": after}
    )
    item.save(force_insert=True)
    operation.close()
