"""What a WIP Report is of: its days and its jobs."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jobbook.accounts.models import User
from jobbook.jobs.models import BillingType, Job


@dataclass(frozen=True)
class Scope:
    """Work of the days start..end, and invoices dated on them, as both stood at the end of `as_of`.

    start: None for "from the beginning". Empty tuples are "all". Later than `as_of` nothing counts: a DWR is
    recorded on its date, then submitted, approved, and invoiced on its invoice's date.
    """

    start: date | None
    end: date
    as_of: date
    billing: tuple[str, ...] = (BillingType.TIME_AND_MATERIAL,)
    clients: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()
    offices: tuple[int, ...] = ()
    jobs: tuple[int, ...] = ()

    @property
    def last(self) -> date:
        """The last day whose work counts."""
        return min(self.end, self.as_of)

    @property
    def to_date(self) -> "Scope":
        """The same from the beginning until the day of the report, as fixed-price jobs are billed to date."""
        return replace(self, start=None, end=self.as_of)

    def of(self, jobs: QuerySet[Job], rows: QuerySet[Any], *, day: str, job: str) -> QuerySet[Any]:
        """The rows of these jobs dated on the days of the report. day, job: the ways to their date and job.

        With a first day the rows are found by date, and the job looked up: SQLite else reads all that any of the jobs
        ever had. From the beginning they are found by job, so that a few jobs cost what they have.
        """
        rows = rows.order_by().filter(**{f"{day}__lte": self.last})
        if self.start is None:
            return rows.filter(**{f"{job}__in": jobs.order_by().values("pk")})
        return rows.filter(Exists(jobs.order_by().filter(pk=OuterRef(job))), **{f"{day}__gte": self.start})

    def lines_of(self, jobs: QuerySet[Job], lines: QuerySet[Any], *, of: str, day: str) -> QuerySet[Any]:
        """The lines of documents of these jobs dated on the days of the report. of: the way to the document.

        With a first day the documents are found first: SQLite else reads every line there ever was.
        """
        if self.start is None:
            return self.of(jobs, lines, day=f"{of}__{day}", job=f"{of}__job")
        documents = lines.model._meta.get_field(of).related_model._default_manager
        return lines.order_by().filter(**{f"{of}__in": self.of(jobs, documents.all(), day=day, job="job").values("pk")})

    def jobs_for(self, user: User) -> QuerySet[Job]:
        """The jobs of the report that `user` may see, active or not."""
        chosen = {
            "billing_type__in": self.billing,
            "client__in": self.clients,
            "project_manager__in": self.managers,
            "office__in": self.offices,
            "pk__in": self.jobs,
        }
        return Job.objects.visible_to(user).filter(**{name: values for name, values in chosen.items() if values})

    def fixed_price_jobs_for(self, user: User) -> QuerySet[Job]:
        """Its fixed-price jobs that `user` may see: they are in the report whatever billing types it is of."""
        return replace(self, billing=(BillingType.FIXED_PRICE.value,)).jobs_for(user)
