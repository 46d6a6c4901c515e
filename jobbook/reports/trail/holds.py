"""What holds a document up, and the page where that is mended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from backlog.checks import Check
from backlog.mending import address_of
from exports import profiles
from exports.formats.base import Mend
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.jobs.models import Job


@dataclass(frozen=True)
class Hold:
    """label: in words. check: the failed check of an invoice, by its slug; "" for a DWR. mended_by: the right that the
    page needs where it is mended; None when that is the document's own page.
    """

    label: str
    check: str = ""
    mended_by: Permission | None = None


PO_MISSING = Hold("PO missing", mended_by=Permission.ADMINISTER)


def hold_of(check: Check) -> Hold:
    """What a failed check of an invoice is here. The invoice has a PO number of its own, so it is mended there."""
    return Hold(check.label, check.slug, check.mended_by)


def mended_at(holds: Iterable[Hold], job: Job, user: User) -> dict[Hold, str]:
    """The page where each of `holds` is mended; "" for the document's own page, or where `user` may not go."""
    return {hold: _page(hold, job) if hold.mended_by and user.can(hold.mended_by) else "" for hold in set(holds)}


def _page(hold: Hold, job: Job) -> str:
    pages: dict[str, Callable[[], str]] = {
        PO_MISSING.check: lambda: reverse("job_edit", args=[job.pk]),
        "expenses": lambda: f"{reverse('expense_approval_backlog')}?job={job.pk}",
        "client": lambda: address_of(Mend.CLIENT, job.client.client_number, profiles.default_format().slug),
        "lines": lambda: reverse("accounting_mapping", args=[profiles.default_format().slug, Mend.ITEM]),
        "period": lambda: reverse("company"),
    }
    return pages[hold.check]()
