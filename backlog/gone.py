"""What became of selected rows that are no longer in a grid: "INV-10448 was processed by K. Osei at 10:41"."""

from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone

from backlog.grid.grid import Gone
from jobbook.common.last_change import last_entries
from jobbook.common.models import AuditEntry


def rows_gone(
    ids: Sequence[int],
    *,
    object_type: str,
    done: Callable[[str], str],
    known: Mapping[int, tuple[str, str]],
    existing: set[int],
    noun: str,
) -> list[Gone]:
    """One for each row the user may see, or could before it was deleted. Two queries, whatever the number.

    done: an audit action in words, "processed". known: label and present place of the rows the user may see.
    existing: the rows there are, seen or not. noun: "An invoice", of a row without its label.
    """
    entries = last_entries(object_type, ids)
    gone = []
    for pk in ids:
        entry = entries.get(pk)
        if pk in known:
            label, otherwise = known[pk]
            gone.append(Gone(pk, label, _words(entry, done, otherwise)))
        elif entry and pk not in existing:
            gone.append(Gone(pk, noun, _words(entry, done, "was deleted")))
    return gone


def _words(entry: AuditEntry | None, done: Callable[[str], str], otherwise: str) -> str:
    if entry is None:
        return otherwise
    at = timezone.localtime(entry.at)
    day = "" if at.date() == timezone.localdate() else f" on {at:%-d %b %Y}"
    return f"was {done(entry.action)} by {entry.actor_name} at {at:%H:%M}{day}"
