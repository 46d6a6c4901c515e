"""Acts of an actor that are no single command of the product."""

from invoices.making import make_invoice
from jobbook.accounts.models import User
from jobbook.common.records import change_record
from jobbook.jobs.models import DailyWorkRecord
from tests.invoicing import lump


def make_some(job_id: int, *, count: int, by: User) -> None:
    """Invoices by hand, one after the other."""
    for _ in range(count):
        make_invoice(job_id, values={}, lines=[lump("1.00")], by=by)


def lengthen(record_id: int, *, version: int, by: User) -> None:
    """A DWR is changed, in whatever state it is."""
    change_record(DailyWorkRecord, record_id, {"description": "Longer"}, noun="dwr", version=version, by=by)
