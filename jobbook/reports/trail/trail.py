"""The trail drawn from a job's documents: what came how far, what waits where, for how long, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from invoices.models.invoice import HANDED_OVER
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.common.money import total_of
from jobbook.common.words import some_of
from jobbook.jobs.models import Job
from jobbook.reports.trail.documents import Document, Step
from jobbook.reports.trail.holds import Hold, mended_at

MILESTONES = (
    ("recorded", "Recorded"),
    ("approved", "Approved"),
    ("invoiced", "Invoiced"),
    ("signed", "Signed"),
    ("exported", "Exported"),
    ("processed", "Processed"),
    ("paid", "Paid"),
)
_OF_WORK = ("recorded", "approved")  # counted by the DWRs' own value, the others by the invoices

STEPS = (
    (Step.SUBMIT, "To be submitted", ""),
    (Step.APPROVE, "To be approved", "dwr_approval_backlog"),
    (Step.INVOICE, "To be invoiced", "dwr_invoice_backlog"),
    (Step.SIGN, "To be signed", "pm"),
    (Step.CLIENT, "To be approved by the client", "ticket"),
    (Step.EXPORT, "To be exported", "admin"),
    (Step.PROCESS, "To be processed", "admin"),
    (Step.PAY, "To be paid", "processed"),
)
_BACKLOGS = {"dwr_approval_backlog": Permission.APPROVE, "dwr_invoice_backlog": Permission.INVOICE}
NAMED = 3  # people of a step
_EXPORTED = {Step.EXPORT: "no", Step.PROCESS: "yes"}


@dataclass(frozen=True)
class Milestone:
    """What came so far. days: what it took from the milestone before, on average; None where nothing tells."""

    slug: str
    label: str
    count: int
    amount: Decimal
    days: int | None


@dataclass(frozen=True)
class Held:
    """What holds `count` documents of a step. url: where they are listed, or where it is mended for all of them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Waiting:
    """What stands in a step: since how many days at the most and on average, who has it, what holds it."""

    slug: str
    label: str
    count: int
    amount: Decimal
    oldest: int
    average: int
    who: str
    holds: list[Held]
    url: str


def milestones(documents: Iterable[Document]) -> list[Milestone]:
    """How far the money came, in order."""
    rows = list(documents)
    found = []
    before = ""
    for slug, label in MILESTONES:
        here = [row for row in rows if slug in row.reached and (row.kind == "DWR") == (slug in _OF_WORK)]
        took = [row for row in rows if slug in row.reached and before in row.reached]
        days = [max(0, (row.reached[slug] - row.reached[before]).days) for row in took]
        amount = total_of(row.amount for row in here)
        found.append(Milestone(slug, label, len(here), amount, _mean(days)))
        before = slug
    return found


def waiting(job: Job, documents: Iterable[Document], user: User, today: date) -> list[Waiting]:
    """Each step with what stands in it, also those with nothing."""
    rows = list(documents)
    mends = mended_at((hold for row in rows for hold in row.holds), job, user)
    found = []
    for slug, label, where in STEPS:
        here, url = [row for row in rows if row.step == slug], _url(slug, where, job, user)
        counted = Counter(hold for row in here for hold in row.holds).most_common()
        holds = [Held(hold.label, count, _listed(hold, url) or mends[hold]) for hold, count in counted]
        found.append(_waiting(slug, label, here, holds, url, today))
    return found


def _waiting(slug: Step, label: str, rows: list[Document], holds: list[Held], url: str, today: date) -> Waiting:
    days = [row.days(today) for row in rows]
    who = sorted({row.who for row in rows})
    amount = total_of(row.amount for row in rows)
    oldest, average = max(days, default=0), _mean(days) or 0
    return Waiting(slug, label, len(rows), amount, oldest, average, some_of(who, NAMED), holds, url)


def _listed(hold: Hold, url: str) -> str:
    """The list of a step's invoices, narrowed to those that it holds."""
    return f"{url}&checks={hold.check}" if url and hold.check else ""


def _url(slug: Step, where: str, job: Job, user: User) -> str:
    """The list with exactly these rows; "" for whoever may not open it."""
    if not where:
        return ""
    if where in _BACKLOGS:
        return f"{reverse(where)}?job={job.pk}" if user.can(_BACKLOGS[where]) else ""
    if user.role == Role.ACCOUNTING and where not in HANDED_OVER:
        return ""
    exported = f"&exported={_EXPORTED[slug]}" if slug in _EXPORTED else ""
    return f"{reverse('invoice_list')}?tab={where}&job={job.pk}{exported}"


def _mean(days: list[int]) -> int | None:
    """Rounded to the day."""
    return (2 * sum(days) + len(days)) // (2 * len(days)) if days else None
