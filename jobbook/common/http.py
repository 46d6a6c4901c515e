"""Small helpers for requests."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jobbook.common.audit import Origin


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


def origin_of(request: HttpRequest) -> Origin:
    """Where a command came from, for the audit."""
    return Origin(getattr(request, "request_id", ""), request.META.get("REMOTE_ADDR", ""))
