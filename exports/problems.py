"""What stands against a selection before anything is built: each problem and warning of the format, by cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from exports import profiles
from exports.formats import get_format
from exports.formats.base import Mend, Problem
from invoices.document import load
from invoices.models import Invoice

BATCH = 500  # documents in memory at a time
NAMED = 4  # invoices or reasons named at once; the others unfold


@dataclass(frozen=True)
class Reason:
    """One sentence about some invoices, (id, number) in document order, with a problem for each place it is mended."""

    reason: str
    invoices: list[tuple[int, str]]
    mends: list[Problem]

    @property
    def named(self) -> list[tuple[int, str]]:
        return self.invoices[:NAMED]

    @property
    def others(self) -> list[tuple[int, str]]:
        return self.invoices[NAMED:]


@dataclass(frozen=True)
class Cause:
    """Problems of one kind."""

    cause: str
    problems: list[Problem]

    @property
    def invoice_ids(self) -> set[int]:
        return {problem.invoice_id for problem in self.problems}

    @property
    def count(self) -> int:
        """How many invoices it concerns."""
        return len(self.invoice_ids)

    @property
    def reasons(self) -> list[Reason]:
        """Its sentences with the invoices each is said of, the most frequent first."""
        invoices: dict[str, dict[int, str]] = {}
        mends: dict[str, dict[tuple[Mend, str], Problem]] = {}
        for each in self.problems:
            invoices.setdefault(each.reason, {})[each.invoice_id] = each.number
            mends.setdefault(each.reason, {}).setdefault((each.mend, each.key), each)
        found = [Reason(reason, list(said.items()), list(mends[reason].values())) for reason, said in invoices.items()]
        return sorted(found, key=lambda reason: -len(reason.invoices))


def find_problems(invoices: "QuerySet[Invoice]", slug: str) -> Iterator[Problem]:
    """Every reason why one of `invoices` cannot stand in a file of this format, in document order."""
    return (each for each in find_findings(invoices, slug) if not each.is_warning)


def find_findings(invoices: "QuerySet[Invoice]", slug: str) -> Iterator[Problem]:
    """The same with the warnings of what the file will lack."""
    format_, profile = get_format(slug), profiles.current(slug)
    across = format_.across(profile)
    ids = list(invoices.in_document_order().values_list("pk", flat=True))  # type: ignore[attr-defined]
    for start in range(0, len(ids), BATCH):
        picked = Invoice.objects.filter(pk__in=ids[start : start + BATCH]).in_document_order()
        for document in load(picked):
            found = format_.problems(document, profile)
            yield from found
            if all(each.is_warning for each in found):
                yield from across.take(document)


def by_cause(problems: Iterable[Problem]) -> list[Cause]:
    """Problems grouped by cause, the most frequent first."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.cause, []).append(problem)
    return [Cause(cause, found) for cause, found in sorted(groups.items(), key=lambda group: -len(group[1]))]
