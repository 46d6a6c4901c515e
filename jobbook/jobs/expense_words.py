"""Expenses in words: their history, and why one stands in the way of a command."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from jobbook.common.errors import Refusal
from jobbook.common.history import Step, history
from jobbook.common.models import AuditItem
from jobbook.jobs.models import Expense, ExpenseState

EXPENSE = "expense"  # object_type of audit items

_WORDS = {
    "expense.create": "Entered",
    "expense.change": "Changed",
    "expense.submit": "Submitted",
    "expense.correct": "Corrected",
    "expense.send_back": "Sent back",
    "expense.approve": "Approved",
    "expense.undo_approval": "Approval undone",
    "expense.reopen": "Reopened",
    "expense.process": "Processed ticked",
    "expense.unprocess": "Processed unticked",
    "expense.delete": "Deleted",
    "data.import": "Imported",
}
_LABELS = {
    "job": "Job",
    "receipt": "Receipt file",
    "submitted_on": "Submitted on",
    "approved_on": "Approved on",
    "approved_by": "Approved by",
    "processed_on": "Processed on",
    "return_reason": "Reason",
    "batch": "Approval batch",
}
_SAID = {"Reason", "Returned by"}
_WAYS_OUT = {
    (ExpenseState.PROCESSED, ExpenseState.APPROVED): "; an Administrator unticks Processed first",
    (ExpenseState.APPROVED, ExpenseState.SUBMITTED): "; reopen it first",
    (ExpenseState.SUBMITTED, ExpenseState.DRAFT): "; its project manager can send it back",
}


def expense_history(pk: int) -> Iterator[Step]:
    """What was done to an expense, the newest step first. What it says now and reasons stand elsewhere."""
    for step in history(EXPENSE, pk, words=_WORDS, labels=_LABELS):
        if step.what == "Entered":
            at_once = any(each.label == "Submitted on" for each in step.changes)
            yield replace(step, what="Entered and submitted" if at_once else step.what, changes=[])
        else:
            yield replace(step, changes=[each for each in step.changes if each.label not in _SAID])


def not_in_state(expense: Expense, wanted: ExpenseState) -> Refusal:
    """'it is Approved, not Submitted, approved by K. Osei at 10:41 on 20 Nov 2026', and the way out if there is one."""
    here = ExpenseState(expense.state)
    reason = f"it is {here.label}, not {wanted.label}{_since(expense.pk)}{_WAYS_OUT.get((here, wanted), '')}"
    return Refusal("state", reason, expense.pk, str(expense))


def deleted(pk: int) -> Refusal:
    """Who deleted an expense."""
    return Refusal("deleted", f"it is not there any more{_since(pk)}", pk, "This expense")


def on_an_invoice(expense: Expense) -> Refusal | None:
    """The invoice that accounts for an expense, if one does."""
    invoiced = getattr(expense, "invoiced", None)
    if invoiced is None:
        return None
    reason = f"invoice {invoiced.invoice} accounts for it{_since(expense.pk)}; untick it on the invoice first"
    return Refusal("invoiced", reason, expense.pk, str(expense))


def _since(pk: int) -> str:
    """Who did the last thing to it, and when; nothing for what has no history."""
    item = AuditItem.objects.filter(object_type=EXPENSE, object_id=pk).select_related("entry").order_by("-id").first()
    if item is None:
        return ""
    moment = timezone.localtime(item.entry.at)
    what = _WORDS.get(item.entry.action, "changed").lower()
    return f", {what} by {item.entry.actor_name} at {moment:%H:%M} on {moment.day} {moment:%b %Y}"
