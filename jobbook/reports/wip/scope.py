"""What a WIP Report is of: its days and its jobs."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

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
