"""One act on one DWR or expense, asked for and done. Each act posts the version the user saw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, refuse
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.jobs.forms.fields import TextField
from jobbook.jobs.models.work import APPROVED, DRAFT, SUBMITTED
from jobbook.jobs.transitions.approvable import Approvable
from jobbook.jobs.work_rules import WHO, Rule, may_judge, may_write


class ActForm(forms.Form):
    """The version the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SendBackForm(ActForm):
    reason = TextField(
        max_length=500,
        help_text="The author reads this on its page.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("reason", "version")


@dataclass(frozen=True)
class Act:
    """An act, where and to whom it is offered, and its words. at_once: its button needs no further question."""

    slug: str
    state: str
    rule: Rule
    permission: Permission
    label: str
    consequence: str
    done: str
    run: Callable[..., None]
    form: type[ActForm] = ActForm
    at_once: bool = False


def usual_acts(
    *,
    submit: Callable[..., None],
    delete: Callable[..., None],
    send_back: Callable[..., None],
    reopen: Callable[..., None],
) -> tuple[Act, ...]:
    """What is done to DWRs and to expenses alike, by these commands."""
    write, judge = Permission.WRITE_WORK, Permission.APPROVE
    sent = "The job's project manager approves it or sends it back."
    gone = "It is gone from every list. That it was there, and what it said, stays in the audit log."
    opened = "It is Submitted again and leaves its approval batch; it can be corrected, approved or sent back."
    return (
        Act("submit", DRAFT, may_write, write, "Submit", sent, "submitted", submit, at_once=True),
        Act("delete", DRAFT, may_write, write, "Delete", gone, "deleted", delete),
        Act(
            "send-back",
            SUBMITTED,
            may_judge,
            judge,
            "Send back",
            "It is a draft again.",
            "sent back",
            send_back,
            SendBackForm,
        ),
        Act("reopen", APPROVED, may_judge, judge, "Reopen", opened, "reopened", reopen),
    )


@dataclass(frozen=True)
class Acts:
    """The acts of one kind of work. facts: what its page shows, label and text. Pages: `<kind>_page`, `<kind>_list`."""

    what: Approvable
    acts: tuple[Act, ...]
    related: tuple[str, ...]
    facts: Callable[[Any], Iterable[tuple[str, object]]]

    def offered(self, user: User, work: Any) -> list[Act]:
        """What its page offers. Nothing on an invoice: that is changed there."""
        if hasattr(work, "invoiced"):
            return []
        return [act for act in self.acts if act.state == work.state and act.rule(user, work)]

    def answer(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Ask (GET) and do (POST) one act. 403 for who may not, 404 for what the user may not see."""
        user, kind = user_of(request), self.what.kind
        act = next(act for act in self.acts if act.slug == slug)
        if not user.can(act.permission):
            raise refuse(act.permission)
        work = get_object_or_404(self.what.model.objects.visible_to(user).select_related(*self.related), pk=pk)
        if not act.rule(user, work):
            raise PermissionDenied(WHO[act.rule])
        form = act.form(request.POST or None, initial={"version": work.version})
        refused: Refused | None = None
        if request.method == "POST" and form.is_valid():
            try:
                act.run(pk, **form.cleaned_data, by=user, origin=origin_of(request))
            except Refused as error:
                refused = error
            else:
                messages.success(request, f"{work} {act.done}.")
                return redirect(f"{kind}_list") if slug == "delete" else redirect(f"{kind}_page", pk)
        context = {
            "act": act,
            "work": work,
            "page": f"{kind}_page",
            "state": work.state.capitalize(),
            "facts": self.facts(work),
            "form": form,
            "refused": refused,
            "offered": refused is None and act in self.offered(user, work),
        }
        return render(request, "jobs/work_act.html", context, status=409 if refused else 422 if form.errors else 200)
