"""The history of an invoice, newest first, and the words for what is done to invoices."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobbook.common.history import Step
from jobbook.common.history import history as common_history


@dataclass(frozen=True)
class Words:
    """An action in words. done: "it was processed by K. Osei"; heading: of its step in the history."""

    done: str
    heading: str


WORDS = {
    "invoice.process": Words("processed", "Processed"),
    "invoice.undo": Words("returned by an undo", "Returned to the Admin Queue: batch undone"),
    "invoice.untick": Words("unticked", "Processed unticked"),
    "invoice.paid": Words("marked paid", "Marked paid"),
    "invoice.unpaid": Words("marked not paid", "Paid cleared"),
    "invoice.create": Words("made", "Made"),
    "invoice.edit": Words("changed", "Changed"),
    "invoice.sign": Words("signed", "Signed"),
    "invoice.unsign": Words("given without its signature", "Signature taken off"),
    "invoice.client_approve": Words("approved by the client", "Client approved the ticket"),
    "invoice.client_unapprove": Words("sent to wait for the client again", "Client approval cleared"),
    "invoice.release": Words("released", "Released unsigned"),
    "invoice.take_release_back": Words("given without its release", "Release taken back"),
    "invoice.reference": Words("given an accounting reference", "Accounting reference entered"),
    "invoice.delete": Words("deleted", "Deleted"),
    "data.import": Words("changed by an import", "Imported"),
}
_FIELDS = {
    "batch": "Batch",
    "processed_on": "Processed on",
    "paid_on": "Paid on",
    "accounting_reference": "Accounting reference",
    "invoice_date": "Date",
    "due_date": "Due date",
    "po_number": "PO number",
    "signed_by": "Signed by",
    "signed_on": "Signed on",
    "signed_total": "Signed total",
    "client_approved_on": "Client approved on",
    "client_approved_by": "Client approved by",
    "release_reason": "Reason",
    "credited_by": "Credited by",
}


def done_words(action: str) -> str:
    """'processed': an audit action as the past participle of a sentence."""
    return WORDS[action].done if action in WORDS else "changed"


def history(invoice_id: int, *, limit: int = 200) -> Iterator[Step]:
    """What was done to an invoice: one query, the newest step first."""
    headings = {action: words.heading for action, words in WORDS.items()}
    return common_history("invoice", invoice_id, words=headings, labels=_FIELDS, limit=limit)
