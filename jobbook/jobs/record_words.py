"""Daily work records in words: their history, and why one stands in the way of a command."""

from collections.abc import Iterator
from dataclasses import replace

from jobbook.common.errors import Refusal
from jobbook.common.history import Change, Step, history, last_step
from jobbook.jobs.models import DailyWorkRecord, RecordState

RECORD = "dwr"  # object_type of audit items

WORDS = {
    "record.create": "Entered",
    "record.change": "Changed",
    "record.submit": "Submitted",
    "record.correct": "Corrected",
    "record.send_back": "Sent back",
    "record.approve": "Approved",
    "record.undo_approval": "Approval undone",
    "record.reopen": "Reopened",
    "record.delete": "Deleted",
    "invoice.create": "Invoiced",
    "invoice.delete": "Invoice deleted",
    "data.import": "Imported",
}
_LABELS = {"batch": "Approval batch", "signed_by": "Representative", "client_signed_by": "Client"}
_HIDDEN = {"Return reason", "Returned by", "Signature", "Client signature"}  # said elsewhere, or a drawing
_WAYS_OUT = {
    (RecordState.APPROVED, RecordState.SUBMITTED): "; reopen it first",
    (RecordState.APPROVED, RecordState.DRAFT): "; reopen it first",
    (RecordState.SUBMITTED, RecordState.DRAFT): "; its project manager can send it back",
}


def record_history(pk: int, *, money: bool) -> Iterator[Step]:
    """What was done to a record, the newest step first. What it says now and reasons stand elsewhere.

    Without `money` nothing that tells a price: not what lines come to, nor what an import changed.
    """
    for step in history(RECORD, pk, words=WORDS, labels=_LABELS):
        if step.what == "Entered":
            at_once = any(each.label == "Submitted on" for each in step.changes)
            yield replace(step, what="Entered and submitted" if at_once else step.what, changes=[])
        else:
            yield replace(step, changes=_shown(step, money=money))


def _shown(step: Step, *, money: bool) -> list[Change]:
    hidden = _HIDDEN if money else _HIDDEN | {"Amounts"}
    if step.what == WORDS["data.import"] and not money:
        return []
    return [each for each in step.changes if each.label not in hidden]


def not_in_state(record: DailyWorkRecord, wanted: RecordState) -> Refusal:
    """'it is Approved, not Submitted, approved by K. Osei at 10:41 on 20 Nov 2026', and the way out if there is one."""
    here = RecordState(record.state)
    way_out = _WAYS_OUT.get((here, wanted), "")
    return Refusal(
        "state", f"it is {here.label}, not {wanted.label}{since(record.pk)}{way_out}", record.pk, str(record)
    )


def deleted(pk: int) -> Refusal:
    """Who deleted a record."""
    return Refusal("deleted", f"it is not there any more{since(pk)}", pk, "This DWR")


def on_an_invoice(record: DailyWorkRecord) -> Refusal | None:
    """The invoice that bills a record, if one does."""
    invoiced = getattr(record, "invoiced", None)
    if invoiced is None:
        return None
    reason = f"it is on invoice {invoiced.invoice}; a draft that is deleted gives it back"
    return Refusal("invoiced", reason, record.pk, str(record))


def since(pk: int) -> str:
    """Who did the last thing to it, and when; nothing for what has no history."""
    return last_step(RECORD, pk, WORDS)
