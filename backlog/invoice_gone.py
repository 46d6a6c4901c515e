"""What became of selected invoices that are no longer in the grid: "INV-10448 was processed by K. Osei at 10:41"."""

from collections.abc import Sequence

from django.db.models import Max
from django.utils import timezone

from backlog.grid.grid import Gone
from invoices.history import done_words
from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.common.ids import IdSet
from jobbook.common.models import AuditEntry, AuditItem


def invoices_gone(user: User, ids: Sequence[int]) -> list[Gone]:
    """One for each invoice the user may see, or could before it was deleted. Four queries, whatever the number."""
    items = AuditItem.objects.filter(object_type="invoice", object_id__in=IdSet(ids))
    newest = dict(items.values_list("object_id").annotate(entry=Max("entry_id")))
    entries = AuditEntry.objects.in_bulk(set(newest.values()))
    rows = Invoice.objects.visible_to(user).filter(pk__in=IdSet(ids)).values_list("pk", "number", "queue")
    known = {pk: (number, queue) for pk, number, queue in rows}
    existing = set(Invoice.objects.filter(pk__in=IdSet(ids)).values_list("pk", flat=True))
    gone = []
    for pk in ids:
        entry = entries.get(newest.get(pk, 0))
        if pk in known:
            number, queue = known[pk]
            gone.append(Gone(pk, number, _words(entry, f"is in {Queue(queue).label}")))
        elif entry and pk not in existing:
            gone.append(Gone(pk, "An invoice", _words(entry, "was deleted")))
    return gone


def _words(entry: AuditEntry | None, otherwise: str) -> str:
    if entry is None:
        return otherwise
    at = timezone.localtime(entry.at)
    day = "" if at.date() == timezone.localdate() else f" on {at:%-d %b %Y}"
    return f"was {done_words(entry.action)} by {entry.actor_name} at {at:%H:%M}{day}"
