"""Pages of jobs: list and forms. The page of one job stands in job_page.py."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.jobs.models import BillingType, Client, Item, Job
from jobbook.jobs.pages.job_forms import JobForm
from jobbook.jobs.pages.job_rows import FEES, ITEMS, TAXES
from jobbook.jobs.pages.job_rules import what_stays
from jobbook.jobs.pages.lists import ListFilters, page_of
from jobbook.jobs.pages.saving import Sheet, asks_for_row, posted

NOT_CLONED = {"job_number", "order_date", "due_date"}


@require_safe
@requires(Permission.SEE_JOBS)
def job_list(request: HttpRequest) -> HttpResponse:
    """The jobs one may see, the newest number first."""
    user = user_of(request)
    filters = ListFilters(request, billing_type=dict(BillingType.choices))
    rows = Job.objects.visible_to(user).select_related("client", "project_manager", "office")
    names = ("job_number", "project_name", "client__name", "client__client_number", "po_number")
    page = page_of(request, filters.narrow(rows, *names).order_by("-job_number", "pk"))
    context = {"page": page, "filters": filters, "may_write": user.can(Permission.ADMINISTER)}
    return render(request, "jobs/job_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def job_new(request: HttpRequest) -> HttpResponse:
    """A new job, of the client that the address names."""
    asked = request.GET.get("client", "")
    client = Client.objects.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    initial = {"client": client.pk, "rate_sheet": None} if client else {}
    return _form(request, Job(), title="New job", back=reverse("job_list"), initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def job_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a job."""
    job = get_object_or_404(Job.objects.select_related("client", "rate_sheet"), pk=pk)
    return _form(request, job, title=f"Change job {job.job_number}", back=reverse("job_page", args=[pk]))


@require_safe
@requires(Permission.ADMINISTER)
def job_clone(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a new job, filled from another without its number and dates. Nothing is made until it is saved."""
    source = get_object_or_404(Job, pk=pk)
    initial = {name: getattr(source, name) for name in JobForm.base_fields if hasattr(source, name)}
    initial = {name: getattr(value, "pk", value) for name, value in initial.items() if name not in NOT_CLONED}
    title, back = f"New job like {source.job_number}", reverse("job_page", args=[pk])
    return _form(request, Job(), title=title, back=back, initial=initial, source=source)


def _form(
    request: HttpRequest, job: Job, *, title: str, back: str, initial: dict[str, Any] | None = None, source: Any = None
) -> HttpResponse:
    data = posted(request)
    rows = [
        TAXES(data, record=job, source=source, prefix="taxes"),
        FEES(data, record=job, source=source, prefix="fees"),
        ITEMS(data, record=job, source=source, prefix="items"),
    ]
    sheet = Sheet(JobForm(data, instance=job, initial=initial), rows, "job", check=what_stays)
    if asks_for_row(request):
        sheet.show_unchecked()
    elif request.method == "POST" and (saved := sheet.save_for(request)):
        messages.success(request, f"Job {saved} is saved.")
        return redirect("job_page", saved.pk)
    context = {
        "sheet": sheet,
        "form": sheet.form,
        "title": title,
        "back": back,
        "action": reverse("job_new") if source else "",
        "items": Item.objects.filter(active=True).order_by("code").values_list("code", "name"),
    }
    return render(request, "jobs/master_form.html", context, status=sheet.status)
