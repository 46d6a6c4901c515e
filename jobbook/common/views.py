"""Pages that belong to no app: what is shown when something is refused or fails."""

import logging
import sys
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from jobbook.common.body import TOO_MUCH, reason_of, too_much
from jobbook.common.errors import Refusal
from jobbook.common.http import referring_path
from jobbook.common.unavailable import unavailable, unavailable_for

log = logging.getLogger(__name__)

PLAIN_FAILURE = "<!doctype html><html lang=en><title>Something failed</title><h1>Something failed</h1>"


def confirm_again(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page shown when a form's CSRF token is stale, for example after a log-in in another tab.

    It offers the page the form stood on, never the form's content: that may have come from another site.
    """
    back = referring_path(request, "dashboard")
    return render(request, "errors/confirm_again.html", {"back": back}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. The exception may quote the sender, so the page does not repeat it. 413 for more than is taken at once."""
    if isinstance(exception, TOO_MUCH):
        return too_much(request, reason_of(exception))
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the sentence of `PermissionDenied`: which role may do it."""
    reason = str(exception or "") or "Your role may not do this."
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing this user may see; the page does not tell which."""
    return render(request, "errors/404.html", status=404)


def conflict(request: HttpRequest, reason: str, *, refusals: Sequence[Refusal] = (), back: str = "") -> HttpResponse:
    """409: somebody else was faster. `back` is the address where the user looks again."""
    return render(request, "errors/409.html", {"reason": reason, "refusals": refusals, "back": back}, status=409)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the reference that stands in the log; 503 when the database is busy or away.

    Uses no database and no context processor. Django calls it while it handles the exception.
    """
    if (what := unavailable_for(sys.exc_info()[1])) is not None:
        return unavailable(request, what)
    reference = getattr(request, "request_id", "")
    log.error("Request %s failed: %s %s", reference, request.method, request.path)
    try:
        page = loader.get_template("errors/500.html").render({"request_id": reference})
    except Exception:
        log.exception("The page for failures failed")
        page = PLAIN_FAILURE
    return HttpResponse(page, status=500)
