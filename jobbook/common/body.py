"""What one request may bring: a longer one is refused with the limit in words, before anything of it is kept."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_CHUNK = 1 << 16
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def body_limit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a body longer than REQUEST_MOST_BYTES. Django's own limits do not count what is in files."""

    def middleware(request: HttpRequest) -> HttpResponse:
        text = request.META.get("CONTENT_LENGTH") or "0"
        size = int(text) if text.isascii() and text.isdigit() else 0
        if size <= settings.REQUEST_MOST_BYTES:
            return get_response(request)
        _let_it_end(request, size)
        most = _megabytes(settings.REQUEST_MOST_BYTES)
        return too_much(request, f"What was sent has {_megabytes(size)}; at most {most} are taken at once.")

    return middleware


def too_much(request: HttpRequest, reason: str) -> HttpResponse:
    """413 as a page, or as the line that scripts show."""
    if request.headers.get("HX-Request"):
        return HttpResponse(reason, content_type="text/plain", status=413)
    return render(request, "errors/413.html", {"reason": reason}, status=413)


def reason_of(exception: Exception) -> str:
    """What Django's limits of a form mean, with the limit in it."""
    if isinstance(exception, TooManyFieldsSent):
        return f"The form has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields, the most that are taken."
    if isinstance(exception, TooManyFilesSent):
        return f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files were sent, the most that are taken at once."
    most = _megabytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return f"The texts of the form have more than {most}, the most that is taken at once."


def _let_it_end(request: HttpRequest, size: int) -> None:
    """Read a body of up to four times the limit and forget it: a browser that still sends reads no answer."""
    if size > 4 * settings.REQUEST_MOST_BYTES:
        return
    while request.read(_CHUNK):
        pass


def _megabytes(size: int) -> str:
    """15000000 -> '15 MB', 2621440 -> '2.6 MB'."""
    tenths = (size + 50_000) // 100_000
    return f"{tenths // 10:,} MB" if tenths % 10 == 0 else f"{tenths // 10:,}.{tenths % 10} MB"
