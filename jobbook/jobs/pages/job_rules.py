"""What may not change on a job any more, once there is work or an invoice on it."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count

from jobbook.common.errors import Refusal
from jobbook.common.records import Difference
from jobbook.jobs.models import PROGRESS, BillingType, Job

BILLED = (BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE)  # the others are never invoiced


@dataclass(frozen=True)
class OnJob:
    """How much there is on a job."""

    records: int = 0
    invoices: int = 0
    progress: int = 0


def what_is_on(job_ids: Collection[int]) -> dict[int, OnJob]:
    """How much there is on each of these jobs, in a few queries for all."""
    jobs = Job.objects.filter(pk__in=job_ids).order_by()
    records, invoices = (dict(jobs.values_list("pk", Count(name))) for name in ("records", "invoices"))
    entries = (kind._default_manager.filter(job__in=job_ids) for kind in PROGRESS.values())
    progress = Counter(pk for rows in entries for pk in rows.values_list("job_id", flat=True))
    return {pk: OnJob(records[pk], invoices[pk], progress[pk]) for pk in job_ids}


def what_stays(job: Job, difference: Difference) -> Iterator[Refusal]:
    """Refusals of a change, each with the name of its field: the documents made are of this client and this type."""
    return why_it_stays(job, difference, what_is_on([job.pk])[job.pk])


def why_it_stays(job: Job, difference: Difference, there: OnJob) -> Iterator[Refusal]:
    """`what_stays`, where it was counted for many jobs before."""
    if "billing_type" in difference.after and (counted := _counted(there)):
        before = BillingType(difference.before["billing_type"]).label
        yield Refusal("billing_type", f"It stays {before}, because the job has {counted}.", job.pk)
    if "client" in difference.after and there.invoices:
        before = difference.before["client"]
        counted = _counted(OnJob(invoices=there.invoices))
        yield Refusal("client", f"It stays {before}, because the job has {counted}.", job.pk)


def _counted(there: OnJob) -> str:
    """'3 DWRs and 1 invoice'; '' for none of all."""
    counts = (
        (there.records, "DWR", "DWRs"),
        (there.invoices, "invoice", "invoices"),
        (there.progress, "entry of progress", "entries of progress"),
    )
    return " and ".join(f"{number} {one if number == 1 else many}" for number, one, many in counts if number)
