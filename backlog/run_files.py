"""Serving the files of runs: role now, every invoice visible now, ready, whole. Every attempt is logged."""

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backlog.run_line import RunLine
from backlog.run_pages import visible_run
from exports import files
from exports.models import ExportRun, RunState
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.views import conflict

log = logging.getLogger("jobbook.downloads")


def logged(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Log who asked for which run's file, and the answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        status = 500
        try:
            response = view(request, pk=pk, **kwargs)
            status = response.status_code
        except PermissionDenied:
            status = 403
            raise
        except Http404:
            status = 404
            raise
        else:
            return response
        finally:
            request_id = getattr(request, "request_id", "")
            log.info("run %s user %s %s: %s (%s)", pk, request.user.pk, request.method, status, request_id)

    return wrapped


@require_safe
@logged
@requires(Permission.DOWNLOAD)
def run_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file as an attachment; 410 with "make again" when it expired, is missing or damaged."""
    run = visible_run(request, pk)
    if run.state == RunState.EXPIRED:
        return gone(request, run, "Its file expired and was removed.")
    if run.state != RunState.SUCCEEDED:
        return conflict(request, f"Run {run.number} has no file: {run.get_state_display().lower()}.")
    try:
        path = files.verified(run)
    except files.Gone:
        return gone(request, run, "Its file is missing.")
    except files.Damaged:
        return gone(request, run, "Its file is damaged: it is not the one that was exported.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=run.name, content_type=run.content_type)


def gone(request: HttpRequest, run: ExportRun, reason: str) -> HttpResponse:
    log.warning("run %s: %s", run.pk, reason)
    context = {"run": run, "line": RunLine(run, user_of(request)), "reason": reason}
    return render(request, "exports/gone.html", context, status=410)


@require_safe
@logged
@requires(Permission.DOWNLOAD)
def run_manifest(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The proof of a file. It is kept for good, also when the file is gone."""
    run = visible_run(request, pk)
    if not run.manifest:
        return conflict(request, f"Run {run.number} has no manifest: {run.get_state_display().lower()}.")
    response = HttpResponse(run.manifest, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{run.name}.manifest.json"'
    return response
