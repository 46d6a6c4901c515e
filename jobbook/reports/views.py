"""The home dashboard."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.reports.cards import cards


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Three rows of cards; everyone who is logged in has one, with the cards of the role."""
    user = cast(User, request.user)
    context = {
        "rows": cards(user, timezone.localdate()),
        "money": user.can(Permission.SEE_MONEY),
        "now": timezone.localtime(),
    }
    return render(request, "reports/dashboard.html", context)
