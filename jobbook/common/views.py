"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse


def confirm_again(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page shown when a form's CSRF token is stale, for example after a log-in in another tab."""
    return HttpResponse("This page is out of date. Go back, reload and confirm again.", status=403)
