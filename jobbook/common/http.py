"""Small helpers for requests."""

from typing import TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jobbook.common.audit import Origin

Response = TypeVar("Response", bound=HttpResponseBase)


def safe_next(request: HttpRequest, default: str) -> str:
    """The `next` of the request when it lies on this site, else `default` (an address or the name of a page)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if on_this_site(request, target) else resolve_url(default)


def on_this_site(request: HttpRequest, target: str) -> bool:
    """Is `target` a path of this site, or an address on its host?"""
    return url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def referring_path(request: HttpRequest, default: str) -> str:
    """The path and query of the page the request came from when it is of this site, else `default`."""
    referrer = request.headers.get("Referer", "")
    if not on_this_site(request, referrer):
        return resolve_url(default)
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or resolve_url(default)


def page_url(name: str, *args: str) -> str | None:
    """The address of a page, None while it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def inert(response: Response, name: str, *, disposition: str = "inline") -> Response:
    """A file as it is, in the browser or (attachment) to be saved: its type is believed and nothing in it runs."""
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """A PDF, shown in the browser."""
    return inert(HttpResponse(data, content_type="application/pdf"), name)


def origin_of(request: HttpRequest) -> Origin:
    """Where a command came from, for the audit."""
    return Origin(getattr(request, "request_id", ""), request.META.get("REMOTE_ADDR", ""))
