"""What became of selected invoices that left the backlog or were deleted."""

from collections.abc import Sequence

from backlog.gone import rows_gone
from backlog.grid.grid import Gone
from invoices.history import done_words
from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.common.ids import IdSet


def invoices_gone(user: User, ids: Sequence[int]) -> list[Gone]:
    """One for each invoice the user may see, or could before it was deleted. Four queries, whatever the number."""
    rows = Invoice.objects.filter(pk__in=IdSet(ids))
    visible = rows.visible_to(user).values_list("pk", "number", "queue")
    return rows_gone(
        ids,
        object_type="invoice",
        done=done_words,
        known={pk: (number, f"is in {Queue(queue).label}") for pk, number, queue in visible},
        existing=set(rows.values_list("pk", flat=True)),
        noun="An invoice",
    )
