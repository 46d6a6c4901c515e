"""The home dashboard."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.news import asked_number, nothing_new, told
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.ledger import ledger_number
from jobbook.reports.cards import cards


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Three rows of cards; everyone who is logged in has one, with the cards of the role."""
    return render(request, "reports/dashboard.html", _figures(user_of(request), ledger_number()))


@require_safe
def dashboard_news(request: HttpRequest) -> HttpResponse:
    """The cards with their figures as they are now; 204 while they are what the page shows (`ledger`, `mark`)."""
    number = ledger_number()
    if asked_number(request) == number:
        return nothing_new(request, number)
    figures = _figures(user_of(request), number)
    if request.GET.get("mark") == figures["mark"]:
        return nothing_new(request, number)
    return told(request, "reports/_figures.html", figures, number)


def _figures(user: User, number: int) -> dict[str, Any]:
    """What the dashboard shows. mark: of its figures, to tell whether they are others."""
    rows = cards(user, timezone.localdate())
    return {
        "rows": rows,
        "money": user.can(Permission.SEE_MONEY),
        "now": timezone.localtime(),
        "ledger": number,
        "mark": hashlib.sha256(repr(rows).encode()).hexdigest()[:16],
    }
