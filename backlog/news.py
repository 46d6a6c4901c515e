"""Answers to pages that ask whether something changed since they were made (static/js/news.js)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backlog.notices import notices, waiting
from jobbook.accounts.http import user_of


def asked_number(request: HttpRequest) -> int | None:
    """The number of the ledger that the page was made at; None when it does not say."""
    text = request.GET.get("ledger", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def nothing_new(request: HttpRequest, number: int) -> HttpResponse:
    """204: nothing that the page shows changed until `number`."""
    return _said(request, HttpResponse(status=204), number)


def told(request: HttpRequest, template: str, context: dict[str, object], number: int) -> HttpResponse:
    """What is new, as the page shows it."""
    return _said(request, render(request, template, context), number)


def _said(request: HttpRequest, response: HttpResponse, number: int) -> HttpResponse:
    """X-Ledger: the number the answer is of. X-Waiting: of what waits for the user, when anything was written."""
    response["X-Ledger"] = str(number)
    if asked_number(request) != number:
        response["X-Waiting"] = str(waiting(user_of(request)))
    return response


@require_safe
def notice_page(request: HttpRequest) -> HttpResponse:
    """What waits for the user, with the way to each; everyone who is logged in has one."""
    return render(request, "backlog/notices.html", {"notices": notices(user_of(request))})
