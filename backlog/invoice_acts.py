"""What may be done to one invoice on its own page: Processed and Paid.

Each act asks on a page of its own, without JavaScript, and posts the version the user saw.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from invoices import transitions
from invoices.models import Invoice, Queue
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, refuse, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of


class VersionForm(forms.Form):
    """The version of the invoice the user saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PaidForm(VersionForm):
    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ("paid_on", "version")


@dataclass(frozen=True)
class Act:
    """An act, the queue it is offered in, and the words of its page."""

    slug: str
    queue: Queue
    permission: Permission
    label: str
    question: str
    consequence: str
    button: str
    done: str
    run: Callable[..., Any]
    form: type[VersionForm] = VersionForm


ACTS = (
    Act(
        "process",
        Queue.ADMIN,
        Permission.PROCESS,
        "Tick Processed",
        "Process {number}?",
        "It leaves the Invoice Process Backlog as a batch of one, which Undo Last Process Batch passes over."
        " Unticking Processed here brings it back.",
        "OK, process 1 invoice",
        "{number} is processed.",
        transitions.tick_processed,
    ),
    Act(
        "untick",
        Queue.PROCESSED,
        Permission.UNTICK,
        "Untick Processed",
        "Untick Processed of {number}?",
        "It returns to the Admin Queue and leaves its batch. A file that accounting already imported is not changed.",
        "OK, untick 1 invoice",
        "{number} is in the Admin Queue again.",
        transitions.untick_processed,
    ),
    Act(
        "paid",
        Queue.PROCESSED,
        Permission.SET_PAID,
        "Mark paid",
        "Mark {number} paid?",
        "Project managers see it as paid at once.",
        "OK, mark 1 invoice paid",
        "{number} is paid.",
        transitions.mark_paid,
        PaidForm,
    ),
    Act(
        "unpaid",
        Queue.PAID,
        Permission.SET_PAID,
        "Clear Paid",
        "Clear Paid of {number}?",
        "It is Processed again.",
        "OK, clear Paid of 1 invoice",
        "{number} is not paid any more.",
        transitions.clear_paid,
    ),
)


def acts_of(invoice: Invoice) -> list[Act]:
    """The acts offered where the invoice is now."""
    return [act for act in ACTS if act.queue == invoice.queue]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_INVOICES)
def invoice_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask (GET) and do (POST) one act. 403 for a role that may not, 404 for an invoice the user may not see."""
    user = user_of(request)
    act = next(act for act in ACTS if act.slug == slug)
    if not user.can(act.permission):
        raise refuse(act.permission)
    invoice = get_object_or_404(Invoice.objects.visible_to(user), pk=pk)
    initial = {"version": invoice.version, "paid_on": timezone.localdate()}
    form = act.form(request.POST or None, initial=initial)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act.run(pk, **form.values(), by=user, origin=origin_of(request))
        except Refused as error:
            refused = error
        else:
            messages.success(request, act.done.format(number=invoice.number))
            return redirect("invoice_page", pk)
    context = {
        "act": act,
        "invoice": invoice,
        "form": form,
        "refused": refused,
        "question": act.question.format(number=invoice.number),
        "offered": act.queue == invoice.queue and refused is None,
    }
    return render(request, "backlog/invoice_act.html", context, status=409 if refused else 200)
