"""The page of a job's money trail."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from invoices.models import Invoice
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.ledger import ledger_number
from jobbook.jobs.models import DailyWorkRecord, Job
from jobbook.reports.trail.documents import Document, Step, documents_of
from jobbook.reports.trail.holds import Hold, mended_at
from jobbook.reports.trail.trail import STEPS, milestones, waiting
from jobbook.reports.wip.billed import billed_by_job
from jobbook.reports.wip.figures import Billed, Part, Place, Work
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import work_by_job

SHOWN = 200  # open documents on the page; the rest are counted
_LABELS = {step: label for step, label, _ in STEPS}


@require_safe
@requires(Permission.SEE_WIP)
def job_trail(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for another manager's job."""
    number, user, today = ledger_number(), user_of(request), timezone.localdate()
    jobs = Job.objects.visible_to(user).select_related("client", "project_manager")
    job = get_object_or_404(jobs, pk=pk)
    documents = documents_of(job)
    work, billed = account(job)
    context = {
        "ledger": number,
        "job": job,
        "milestones": milestones(documents),
        "waiting": waiting(job, documents, user, today),
        **open_documents(job, documents, user, today),
        "work": work,
        "billed": billed,
        "work_places": [(label, work.of(place)) for place, label in _PLACES],
        "parts": [(label, billed.parts.get(part, 0)) for part, label in _PARTS],
    }
    return render(request, "reports/trail/trail.html", context)


_PLACES = (
    (Place.DRAFT, "not submitted"),
    (Place.SUBMITTED, "submitted, not approved"),
    (Place.APPROVED, "approved, on no invoice"),
)
_PARTS = (
    (Part.WORK, "work on invoices, as recorded"),
    (Part.CHANGED, "changed on the invoices"),
    (Part.BY_HAND, "lines added by hand"),
    (Part.FEES, "fees"),
    (Part.CREDITS, "credit notes"),
)


def account(job: Job) -> tuple[Work, Billed]:
    """All work and all invoices of the job, whenever they are dated. Two queries."""
    jobs, ever = Job.objects.filter(pk=job.pk), Scope(None, date.max, date.max)
    return work_by_job(ever, jobs).get(job.pk, Work()), billed_by_job(ever, jobs).get(job.pk, Billed())


def open_documents(job: Job, documents: list[Document], user: User, today: date) -> dict[str, object]:
    """What is not at its end, the longest waiting first. Links only where the user may follow them."""
    waits = sorted((row for row in documents if row.step != Step.DONE), key=lambda row: (row.since, row.number))
    shown = waits[:SHOWN]
    seen = set(Invoice.objects.visible_to(user).filter(pk__in=_ids(shown, of_work=False)).values_list("pk", flat=True))
    records = DailyWorkRecord.objects.visible_to(user).filter(pk__in=_ids(shown, of_work=True))
    written = set(records.values_list("pk", flat=True))
    mends = mended_at((hold for row in shown for hold in row.holds), job, user)
    rows = [_open(row, today, mends, may_open=row.pk in (written if row.kind == "DWR" else seen)) for row in shown]
    return {"open": rows, "more": len(waits) - len(shown)}


def _open(row: Document, today: date, mends: dict[Hold, str], *, may_open: bool) -> dict[str, object]:
    return {
        "row": row,
        "step": _LABELS[row.step],
        "days": row.days(today),
        "may_open": may_open,
        "holds": [(hold.label, mends[hold]) for hold in row.holds],
    }


def _ids(rows: list[Document], *, of_work: bool) -> list[int]:
    return [row.pk for row in rows if (row.kind == "DWR") == of_work]
