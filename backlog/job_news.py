"""Did the work, the expenses or the invoices of jobs change since a page about them was made?"""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from backlog.news import asked_number, nothing_new, told
from invoices.models import Invoice
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.ledger import items_since, ledger_number
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import DailyWorkRecord, Expense, Job

_MOST = 50  # deleted things looked at: there is no row any more that says of which job they were


@require_safe
@requires(Permission.SEE_JOBS)
def job_news(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one job; 404 for another manager's."""
    job = get_object_or_404(Job.objects.visible_to(user_of(request)), pk=pk)
    return news_of(request, Job.objects.filter(pk=job.pk))


def news_of(request: HttpRequest, jobs: "QuerySet[Job]") -> HttpResponse:
    """204, or the line that names the newest change since `ledger` and how many there are."""
    number, since = ledger_number(), asked_number(request)
    if since is None:
        return HttpResponse("The page has to say what it shows.", status=400, content_type="text/plain")
    entries = [] if since == number else entries_about(jobs, since)
    if not entries:
        return nothing_new(request, number)
    newest = AuditEntry.objects.get(number=max(entries))
    mine = newest.actor_id == user_of(request).pk
    return told(request, "backlog/_job_news.html", {"newest": newest, "mine": mine, "count": len(entries)}, number)


def entries_about(jobs: "QuerySet[Job]", since: int) -> set[int]:
    """The numbers of the audit entries after `since` that touched one of these jobs. Two queries."""
    items, ids = items_since(since), jobs.order_by().values("pk")
    touched = (
        Q(object_type="job", object_id__in=ids)
        | Q(object_type="dwr", object_id__in=DailyWorkRecord.objects.filter(job__in=ids).values("pk"))
        | Q(object_type="expense", object_id__in=Expense.objects.filter(job__in=ids).values("pk"))
        | Q(object_type="invoice", object_id__in=Invoice.objects.filter(job__in=ids).values("pk"))
    )
    found = set(items.filter(touched).values_list("entry_id", flat=True).distinct())
    return found | _deleted(items, jobs)


def _deleted(items: "QuerySet[AuditItem]", jobs: "QuerySet[Job]") -> set[int]:
    """The entries that deleted work or an invoice of these jobs: what was before begins with the job's number."""
    gone = items.filter(object_type__in=["dwr", "expense", "invoice"], version_before__gt=0, version_after=None)
    rows = list(gone.order_by("-entry_id").values_list("entry_id", "before")[:_MOST])
    numbers = set(jobs.values_list("job_number", flat=True)) if rows else set()
    return {entry for entry, before in rows if any(f'"job":"{number}' in before for number in numbers)}
