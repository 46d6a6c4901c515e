"""Acts of an actor that are no single command of the product."""

from django.db import transaction
from django.db.models import F

from invoices.making import make_invoice
from jobbook.accounts.models import User
from jobbook.common.audit import Operation
from jobbook.common.errors import Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.transitions import audit_versions, lock_rows
from jobbook.jobs.models import DailyWorkRecord
from tests.invoicing import lump


def make_some(job_id: int, *, count: int, by: User) -> None:
    """Invoices by hand, one after the other."""
    for _ in range(count):
        make_invoice(job_id, values={}, lines=[lump("1.00")], by=by)


def reopen(record_id: int, *, version: int, by: User) -> None:
    """Approval withdrawn, as every command is written."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.reopen")
        rows = DailyWorkRecord.objects.filter(pk=record_id)
        lock_rows(rows)
        record = rows.select_related("invoiced__invoice").get()
        failpoint("reopen.after_lock")
        if hasattr(record, "invoiced"):
            raise Refused(f"{record} was not reopened: it is on invoice {record.invoiced.invoice}.")
        if record.version != version:
            raise Refused(f"{record} was changed.")
        audit_versions(operation, "dwr", rows)
        rows.update(approved_on=None, approved_by=None, version=F("version") + 1)
        operation.close()
