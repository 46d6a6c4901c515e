"""What became of selected DWRs and expenses that left their backlog."""

from collections.abc import Sequence

from backlog.gone import rows_gone
from backlog.grid.grid import Gone
from jobbook.accounts.models import User
from jobbook.common.ids import IdSet
from jobbook.jobs.transitions.approvable import Approvable


def work_gone(what: Approvable, user: User, ids: Sequence[int]) -> list[Gone]:
    """One for each row of the user's own jobs, or that was deleted. Four queries, whatever the number."""
    known = what.managed_by(user).filter(pk__in=IdSet(ids)).values_list("pk", what.number, "state")
    return rows_gone(
        ids,
        object_type=what.object_type,
        done=lambda action: what.words.get(action, "changed"),
        known={pk: (what.label(number), f"is {state}") for pk, number, state in known},
        existing=set(what.model.objects.filter(pk__in=IdSet(ids)).values_list("pk", flat=True)),
        noun=f"{'An' if what.noun[0] in 'aeiou' else 'A'} {what.noun}",
    )
