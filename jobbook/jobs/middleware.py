"""Times are shown in the company's time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jobbook.jobs.models import Company


def company_time_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the company on the request and activate its zone for people who are logged in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        request.company = Company.current()  # type: ignore[attr-defined]
        with timezone.override(request.company.zone):  # type: ignore[attr-defined]
            return get_response(request)

    return middleware
