"""503: the database is busy with somebody else's change, or does not answer. Nothing failed that waiting won't mend."""

import logging
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

log = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "55P03", "57014"  # PostgreSQL's lock_not_available and query_canceled


@dataclass(frozen=True)
class Unavailable:
    """What the user is told: what is the matter, and what to do."""

    heading: str
    advice: str


BUSY = Unavailable(
    "Somebody else is saving just now",
    "Nothing was changed. Wait a few seconds, then try again.",
)
SLOW = Unavailable(
    "This took too long and was stopped",
    "Nothing was changed. Try again; if it is stopped again, select fewer rows or a shorter time.",
)
DOWN = Unavailable(
    "The database does not answer",
    "Wait a little, then look whether the last change is there before you repeat it.",
)


def unavailable_for(error: BaseException | None) -> Unavailable | None:
    """What an error that reached nobody means for the user; None for an error that is ours."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state == LOCK_TIMEOUT or "database is locked" in str(error):
        return BUSY
    if state == STATEMENT_TIMEOUT:
        return SLOW
    return DOWN if _is_about_the_connection(error, state) else None


def _is_about_the_connection(error: BaseException, state: str | None) -> bool:
    """PostgreSQL could not be reached (no state), or ended the session (classes 08, 53 and 57 of its states)."""
    if "sqlite" in type(error.__cause__).__module__:
        return False
    return state is None or state[:2] in {"08", "53", "57"}


def unavailable(request: HttpRequest, what: Unavailable) -> HttpResponse:
    """The page, or for a part of a page one line of text. Uses no database and no context processor."""
    reference = getattr(request, "request_id", "")
    log.error("Request %s: %s: %s %s", reference, what.heading, request.method, request.path)
    if request.headers.get("HX-Request"):
        text = f"{what.heading}. {what.advice} Reference {reference}."
        return _retry(HttpResponse(text, content_type="text/plain; charset=utf-8", status=503))
    values = {"heading": what.heading, "advice": what.advice, "request_id": reference}
    return _retry(HttpResponse(loader.get_template("errors/500.html").render(values), status=503))


def _retry(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(RETRY_AFTER)
    return response
