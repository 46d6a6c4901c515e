"""What may not change on a job any more, once there is work or an invoice on it."""

from collections.abc import Iterator

from jobbook.common.errors import Refusal
from jobbook.common.records import Difference
from jobbook.jobs.models import PROGRESS, BillingType, Job

BILLED = (BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE)  # the others are never invoiced


def what_stays(job: Job, difference: Difference) -> Iterator[Refusal]:
    """Refusals of a change, each with the name of its field: the documents made are of this client and this type."""
    invoices = job.invoices.count()
    entries = sum(kind._default_manager.filter(job=job).count() for kind in PROGRESS.values())
    if "billing_type" in difference.after and (there := _counted(job.records.count(), invoices, entries)):
        before = BillingType(difference.before["billing_type"]).label
        yield Refusal("billing_type", f"It stays {before}, because the job has {there}.", job.pk)
    if "client" in difference.after and invoices:
        before = difference.before["client"]
        yield Refusal("client", f"It stays {before}, because the job has {_counted(0, invoices)}.", job.pk)


def _counted(records: int, invoices: int, progress: int = 0) -> str:
    """'3 DWRs and 1 invoice'; '' for none of all."""
    counts = (
        (records, "DWR", "DWRs"),
        (invoices, "invoice", "invoices"),
        (progress, "entry of progress", "entries of progress"),
    )
    return " and ".join(f"{number} {one if number == 1 else many}" for number, one, many in counts if number)
