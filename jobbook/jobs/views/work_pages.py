"""What the pages of DWRs and of expenses share: the tabs of the list, and what comes after a form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.history import Step
from jobbook.common.views import conflict
from jobbook.jobs.models.work import DRAFT, SUBMITTED, WorkQuerySet
from jobbook.jobs.transitions.approvable import Approvable
from jobbook.jobs.work_rules import WHO, may_write
from jobbook.jobs.work_words import not_in_state

PAGE = 50


@dataclass(frozen=True)
class Tab:
    """A part of the list. empty: what stands there when nothing does."""

    slug: str
    label: str
    condition: Q
    empty: str


TABS = (
    Tab("not_submitted", "Not submitted", Q(state=DRAFT), "No drafts."),
    Tab("not_approved", "Not approved", Q(state=SUBMITTED), "Nothing waits for approval."),
    Tab("all", "All", Q(), "None yet."),
)


def tab_of(request: HttpRequest) -> Tab:
    """The tab of the address, or the first."""
    return next((tab for tab in TABS if tab.slug == request.GET.get("tab")), TABS[0])


def counted(rows: WorkQuerySet[Any]) -> list[tuple[Tab, int]]:
    """Each tab with how many of these rows it has. One query."""
    found = rows.aggregate(**{tab.slug: Count("pk", filter=tab.condition, distinct=True) for tab in TABS})
    return [(tab, found[tab.slug]) for tab in TABS]


def may_open_invoice(user: User, work: Any) -> bool:
    return bool(user.role == Role.ADMINISTRATOR or work.job.project_manager_id == user.pk)


def steps_after(steps: Iterable[Step], version: int | None) -> list[Step]:
    """What happened since the form was opened at `version`."""
    return [step for step in steps if (step.version or 0) > (version or 0)]


def not_opened(request: HttpRequest, what: Approvable, work: Any) -> HttpResponse:
    """Why its form does not open: another's draft, or its state."""
    if work.state == DRAFT:
        raise PermissionDenied(WHO[may_write])
    wanted = DRAFT if work.state == SUBMITTED else SUBMITTED
    back = redirect(f"{what.kind}_page", work.pk).url
    return conflict(request, f"{work} can't be changed now.", refusals=[not_in_state(what, work, wanted)], back=back)


def saved_page(request: HttpRequest, what: Approvable, work: Any, done: str) -> HttpResponse:
    """To its page; to the list when it went to a job that the user does not manage."""
    messages.success(request, f"{work} {done}.")
    is_visible = what.model.objects.visible_to(user_of(request)).filter(pk=work.pk).exists()
    return redirect(f"{what.kind}_page", work.pk) if is_visible else redirect(f"{what.kind}_list")
