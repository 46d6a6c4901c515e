"""Small pieces of sentences."""

from collections.abc import Sequence


def some_of(words: Sequence[str], most: int) -> str:
    """The first `most` of them, and how many there are besides: "A, B and 3 more"."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
