"""What the page offers to change the report by: periods, filters, and a chip for each filter that is set."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from backlog.grid.chips import Chip
from backlog.grid.choices import Option
from backlog.grid.query import encode
from jobbook.accounts.models import User
from jobbook.common.words import some_of
from jobbook.reports.wip.asked import DAYS, DEFAULT_BILLING, FACETS, PERIODS, Asked, days_of

SHOWN = 3  # names on a chip


@dataclass(frozen=True)
class Facet:
    """A filter of the form: its options, each with whether it is chosen. Jobs are typed: only the chosen are there."""

    name: str
    label: str
    options: list[tuple[Option, bool]]
    is_typed: bool
    error: str


def offered(asked: Asked, user: User, today: date) -> dict[str, Any]:
    """The context of the form. A query for each list of choices."""
    errors = {problem.name: problem.message for problem in asked.problems}
    return {
        "asked": asked,
        "periods": _periods(asked, today),
        "days": [(name, label, asked.written[name], errors.get(name, "")) for name, label in DAYS.items()],
        "facets": [_facet(name, asked, user, errors.get(name, "")) for name in FACETS],
        "chips": _chips(asked),
    }


def _periods(asked: Asked, today: date) -> list[tuple[str, str, bool]]:
    """Each period: its name, its address with the same filters, whether the report is of it."""
    shown = (asked.scope.start, asked.scope.end) if asked.scope else None
    return [
        (name, "?" + encode(asked.in_period(slug)), days_of(slug, today) == shown) for slug, name in PERIODS.items()
    ]


def _facet(name: str, asked: Asked, user: User, error: str) -> Facet:
    label, _, source = FACETS[name]
    chosen = asked.chosen.get(name, [])
    texts = [option.text for option in chosen] or (DEFAULT_BILLING if name == "billing" else ())
    is_typed = name == "job"
    options = chosen if is_typed else source.options(user)
    return Facet(name, label, [(option, option.text in texts) for option in options], is_typed, error)


def _chips(asked: Asked) -> list[Chip]:
    """A chip takes its filter away and leaves the days as they are."""
    chips = []
    for name in dict.fromkeys(name for name, _ in asked.filters):
        labels = [option.label for option in asked.chosen[name]]
        text = some_of(labels, SHOWN)
        rest = [pair for pair in asked.filters if pair[0] != name]
        chips.append(Chip(FACETS[name][0], text, "?" + encode([*asked.days, *rest])))
    return chips
