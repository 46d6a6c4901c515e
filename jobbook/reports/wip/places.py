"""Where work and invoices stood at the end of a day, in SQL: a CASE each over dated facts.

The first that holds counts, so nothing falls out and nothing counts twice. With a day after all dates an invoice
stands in its `queue`.
"""

from datetime import date

from django.db.models import Case, Q, Value, When

from invoices.models import Queue
from jobbook.reports.wip.figures import Place

_INVOICE = "record__invoiced__invoice__"  # from a line of work


def queue_on(day: date, *, of: str = "") -> Case:
    """The queue of an invoice dated until `day`. of: the way from the row to its invoice."""

    def until(fact: str) -> Q:
        return Q(**{f"{of}{fact}__lte": day})

    approved = Q(**{f"{of}is_ticket": False}) | until("client_approved_on")
    return Case(
        When(until("paid_on"), then=Value(Queue.PAID.value)),
        When(until("processed_on"), then=Value(Queue.PROCESSED.value)),
        When(until("released_on") | (until("signed_on") & approved), then=Value(Queue.ADMIN.value)),
        When(until("signed_on"), then=Value(Queue.TICKET.value)),
        default=Value(Queue.PM.value),
    )


def place_on(day: date) -> Case:
    """The Place of a line of work of a DWR dated until `day`: its invoice's queue, else how far the DWR came."""
    return Case(
        When(**{f"{_INVOICE}invoice_date__lte": day}, then=queue_on(day, of=_INVOICE)),
        When(record__approved_on__lte=day, then=Value(Place.APPROVED.value)),
        When(record__submitted_on__lte=day, then=Value(Place.SUBMITTED.value)),
        default=Value(Place.DRAFT.value),
    )
