"""Entering the progress of a fixed-price job, and deleting an entry."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.jobs.models import PROGRESS, Job
from jobbook.jobs.pages.job_page import job_response
from jobbook.jobs.pages.progress import ProgressForm
from jobbook.jobs.transitions.progress import delete_progress, enter_progress


@require_POST
@requires(Permission.ENTER_PROGRESS)
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a per cent, a contract amount or both; what is wrong shows on the job's page."""
    user = user_of(request)
    job = get_object_or_404(Job.objects.visible_to(user), pk=pk)
    form = ProgressForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return job_response(request, pk, form=form, status=422)
    try:
        enter_progress(pk, **form.cleaned_data, by=user, origin=origin_of(request))
    except Refused as refused:
        return job_response(request, pk, form=form, refused=refused, status=409)
    messages.success(request, f"The progress of job {job} is entered.")
    return redirect("job_page", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ENTER_PROGRESS)
def job_progress_delete(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask, then delete. 404 for an entry that was replaced meanwhile."""
    user, model = user_of(request), PROGRESS[kind]
    entry = get_object_or_404(model, pk=pk, job__in=Job.objects.visible_to(user))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            delete_progress(model, pk, by=user, origin=origin_of(request))
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"{entry} is deleted.")
            return redirect("job_page", entry.job_id)
    context = {"entry": entry, "job": entry.job, "refused": refused}
    return render(request, "jobs/progress_delete.html", context, status=409 if refused else 200)
