"""DWRs and expenses in words: their history, and why one stands in the way of a command."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.utils import timezone

from jobbook.common.errors import Refusal
from jobbook.common.history import Change, Step, histories, history
from jobbook.jobs.models import DailyWorkRecord
from jobbook.jobs.transitions.approvable import RECORDS, Approvable

_LABELS = {
    "dwr_number": "DWR number",
    "batch": "Approval batch",
    "signed_by": "Representative",
    "client_signed_by": "Client",
    "receipt": "Receipt file",
}
_HIDDEN = {"Return reason", "Returned by", "Signature", "Client signature"}  # said elsewhere, or a drawing
_READ = {"Job", "Date", "Description", "Lines"}  # by the client before signing
_SIGNATURE = {"Client", "Client signature"}
_WAYS_OUT = {
    ("processed", "approved"): "; an Administrator unticks Processed first",
    ("approved", "submitted"): "; reopen it first",
    ("approved", "draft"): "; reopen it first",
    ("submitted", "draft"): "; its project manager can send it back",
}


def steps_of(what: Approvable, pk: int, *, money: bool = True) -> Iterator[Step]:
    """What was done to it, the newest step first. What it says now and reasons stand elsewhere.

    Without `money` nothing that tells the price of a line: not what lines come to, nor what an import changed.
    """
    words = {action: f"{done[:1].upper()}{done[1:]}" for action, done in what.words.items()}
    for step in history(what.object_type, pk, words=words, labels=_LABELS):
        if step.what == "Entered":
            at_once = any(each.label == "Submitted on" for each in step.changes)
            yield replace(step, what="Entered and submitted" if at_once else step.what, changes=[])
        else:
            yield replace(step, changes=_shown(step, money=money))


def _shown(step: Step, *, money: bool) -> list[Change]:
    if step.what == "Imported" and not money:
        return []
    hidden = _HIDDEN if money else _HIDDEN | {"Amounts"}
    return [each for each in step.changes if each.label not in hidden]


def changed_after_signed(records: Iterable[DailyWorkRecord]) -> dict[int, str]:
    """By key of those to which it happened: 'Corrected after the client signed: K. Osei, 20 Nov 2026'. One query."""
    signed = [record.pk for record in records if record.client_signed_by]
    found = histories(RECORDS.object_type, signed, words={}, labels=_LABELS) if signed else {}
    return {pk: said for pk, steps in found.items() if (said := _changed_since_signed(steps))}


def _changed_since_signed(steps: list[Step]) -> str:
    """A price is nothing that the client read."""
    newest: Step | None = None
    for step in steps[:-1]:  # the last one made it
        changed = {each.label for each in step.changes}
        if changed & _SIGNATURE:
            break
        newest = newest or (step if changed & _READ else None)
    if newest is None:
        return ""
    day = timezone.localtime(newest.at)
    what = "Corrected" if newest.what == "record.correct" else "Changed"
    return f"{what} after the client signed: {newest.by}, {day.day} {day:%b %Y}"


def not_in_state(what: Approvable, work: Any, wanted: str) -> Refusal:
    """'it is Approved, not Submitted, approved by K. Osei at 10:41 on 20 Nov 2026', and the way out if there is one."""
    here = work.state
    way_out = _WAYS_OUT.get((here, wanted), "")
    reason = f"it is {here.capitalize()}, not {wanted.capitalize()}{_since(what, work.pk)}{way_out}"
    return Refusal("state", reason, work.pk, str(work))


def deleted(what: Approvable, pk: int) -> Refusal:
    """Who deleted it."""
    return Refusal("deleted", f"it is not there any more{_since(what, pk)}", pk, f"This {what.noun}")


def on_an_invoice(what: Approvable, work: Any) -> Refusal | None:
    """The invoice that bills it or accounts for it, if one does."""
    invoiced = getattr(work, "invoiced", None)
    if invoiced is None:
        return None
    reason = f"it is on invoice {invoiced.invoice}{_since(what, work.pk)}; {what.way_off}"
    return Refusal("invoiced", reason, work.pk, str(work))


def _since(what: Approvable, pk: int) -> str:
    """Who did the last thing to it, and when; nothing for what has no history."""
    done = what.last_changes([pk]).get(pk)
    return f", {done}" if done else ""
