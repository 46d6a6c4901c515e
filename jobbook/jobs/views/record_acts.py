"""What may be done to one DWR on its page, beside changing it. Each act posts the version the user saw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, refuse, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.jobs.forms.fields import TextField
from jobbook.jobs.models import DailyWorkRecord, RecordState
from jobbook.jobs.record_words import on_an_invoice
from jobbook.jobs.transitions import records as commands
from jobbook.jobs.work_rules import WHO, Rule, may_judge, may_write


class ActForm(forms.Form):
    """The version of the record the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SendBackForm(ActForm):
    reason = TextField(
        max_length=500,
        help_text="Who wrote it reads this on the DWR.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("reason", "version")


@dataclass(frozen=True)
class Act:
    """An act, where and to whom it is offered, and its words. at_once: its button needs no further question."""

    slug: str
    state: RecordState
    rule: Rule
    permission: Permission
    label: str
    consequence: str
    done: str
    run: Callable[..., None]
    form: type[ActForm] = ActForm
    at_once: bool = False


ACTS = (
    Act(
        "submit",
        RecordState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Submit",
        "The job's project manager approves it or sends it back.",
        "submitted",
        commands.submit_record,
        at_once=True,
    ),
    Act(
        "delete",
        RecordState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Delete",
        "It is gone from every list. That it was there, and what it said, stays in the audit log.",
        "deleted",
        commands.delete_record,
    ),
    Act(
        "send-back",
        RecordState.SUBMITTED,
        may_judge,
        Permission.APPROVE,
        "Send back",
        "It is a draft again.",
        "sent back",
        commands.send_back_record,
        SendBackForm,
    ),
    Act(
        "reopen",
        RecordState.APPROVED,
        may_judge,
        Permission.APPROVE,
        "Reopen",
        "It is Submitted again and leaves its approval batch; it can be corrected, approved or sent back.",
        "reopened",
        commands.reopen_record,
    ),
)


def acts_for(user: User, record: DailyWorkRecord) -> list[Act]:
    """What the page offers. A record on an invoice is locked."""
    if on_an_invoice(record):
        return []
    return [act for act in ACTS if act.state == record.state and act.rule(user, record)]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def record_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask (GET) and do (POST) one act. 403 for who may not, 404 for a record the user may not see."""
    user = user_of(request)
    act = next(act for act in ACTS if act.slug == slug)
    if not user.can(act.permission):
        raise refuse(act.permission)
    visible = DailyWorkRecord.objects.visible_to(user).select_related("job__client", "created_by", "invoiced__invoice")
    record = get_object_or_404(visible, pk=pk)
    if not act.rule(user, record):
        raise PermissionDenied(WHO[act.rule])
    form = act.form(request.POST or None, initial={"version": record.version})
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act.run(pk, **form.cleaned_data, by=user, origin=origin_of(request))
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"{record} {act.done}.")
            return redirect("record_list") if slug == "delete" else redirect("record_page", pk)
    context: dict[str, Any] = {
        "act": act,
        "record": record,
        "state": RecordState(record.state).label,
        "form": form,
        "refused": refused,
        "offered": refused is None and act in acts_for(user, record),
    }
    return render(request, "jobs/record_act.html", context, status=409 if refused else 422 if form.errors else 200)
