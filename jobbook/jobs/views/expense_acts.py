"""What may be done to one expense on its page, beside changing it. Each act posts the version the user saw."""

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
from jobbook.jobs.expense_rules import WHO, Rule, may_judge, may_tick, may_write
from jobbook.jobs.expense_words import on_an_invoice
from jobbook.jobs.forms.expenses import TextField
from jobbook.jobs.models import Expense, ExpenseState
from jobbook.jobs.transitions import expenses as commands


class ActForm(forms.Form):
    """The version of the expense the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SendBackForm(ActForm):
    reason = TextField(
        max_length=500,
        help_text="Who entered it reads this on the expense.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("reason", "version")


@dataclass(frozen=True)
class Act:
    """An act, where and to whom it is offered, and its words. at_once: its button needs no further question."""

    slug: str
    state: ExpenseState
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
        ExpenseState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Submit",
        "The job's project manager approves it or sends it back.",
        "submitted",
        commands.submit_expense,
        at_once=True,
    ),
    Act(
        "delete",
        ExpenseState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Delete",
        "It is gone from every list. That it was there, and what it said, stays in the audit log.",
        "deleted",
        commands.delete_expense,
    ),
    Act(
        "send-back",
        ExpenseState.SUBMITTED,
        may_judge,
        Permission.APPROVE,
        "Send back",
        "It is a draft again.",
        "sent back",
        commands.send_back_expense,
        SendBackForm,
    ),
    Act(
        "reopen",
        ExpenseState.APPROVED,
        may_judge,
        Permission.APPROVE,
        "Reopen",
        "It is Submitted again and leaves its approval batch; it can be corrected, approved or sent back.",
        "reopened",
        commands.reopen_expense,
    ),
    Act(
        "process",
        ExpenseState.APPROVED,
        may_tick,
        Permission.PROCESS_EXPENSES,
        "Tick Processed",
        "It is reimbursed, or accounted for.",
        "processed",
        commands.process_expense,
        at_once=True,
    ),
    Act(
        "unprocess",
        ExpenseState.PROCESSED,
        may_tick,
        Permission.PROCESS_EXPENSES,
        "Untick Processed",
        "It is Approved again.",
        "not processed any more",
        commands.unprocess_expense,
        at_once=True,
    ),
)


def acts_for(user: User, expense: Expense) -> list[Act]:
    """What the page offers. What an invoice accounts for is unticked there."""
    if on_an_invoice(expense):
        return []
    return [act for act in ACTS if act.state == expense.state and act.rule(user, expense)]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask (GET) and do (POST) one act. 403 for who may not, 404 for an expense the user may not see."""
    user = user_of(request)
    act = next(act for act in ACTS if act.slug == slug)
    if not user.can(act.permission):
        raise refuse(act.permission)
    visible = Expense.objects.visible_to(user).select_related("job__client", "invoiced__invoice")
    expense = get_object_or_404(visible, pk=pk)
    if not act.rule(user, expense):
        raise PermissionDenied(WHO[act.rule])
    form = act.form(request.POST or None, initial={"version": expense.version})
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act.run(pk, **form.cleaned_data, by=user, origin=origin_of(request))
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"{expense} {act.done}.")
            return redirect("expense_list") if slug == "delete" else redirect("expense_page", pk)
    context: dict[str, Any] = {
        "act": act,
        "expense": expense,
        "state": ExpenseState(expense.state).label,
        "form": form,
        "refused": refused,
        "offered": refused is None and act in acts_for(user, expense),
    }
    return render(request, "jobs/expense_act.html", context, status=_status(form, refused))


def _status(form: ActForm, refused: Refused | None) -> int:
    return 409 if refused else 422 if form.errors else 200
