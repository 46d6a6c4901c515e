"""What stands against a selection before anything is built: problems of the format, and earlier exports."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, QuerySet

from exports import profiles
from exports.formats import get_format
from exports.formats.base import Problem
from exports.models import ExportMark
from invoices.document import load
from invoices.models import Invoice

BATCH = 500  # documents in memory at a time


@dataclass(frozen=True)
class Cause:
    """Problems of one kind."""

    cause: str
    problems: list[Problem]

    @property
    def invoice_ids(self) -> set[int]:
        return {problem.invoice_id for problem in self.problems}


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


def by_cause(problems: list[Problem]) -> list[Cause]:
    """Problems grouped by cause, the most frequent first."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.cause, []).append(problem)
    return [Cause(cause, found) for cause, found in sorted(groups.items(), key=lambda group: -len(group[1]))]


def earlier_marks(invoices: "QuerySet[Invoice]") -> "QuerySet[ExportMark]":
    """The newest earlier export of each of `invoices`, newest first; `changed` tells whether it changed since."""
    marks = ExportMark.objects.filter(invoice__in=invoices.order_by().values("pk"))
    return marks.select_related("run", "invoice").order_by("-exported_at", "invoice__number")


def changed_since(marks: "QuerySet[ExportMark]") -> "QuerySet[ExportMark]":
    """Those whose invoice has other content now than when it was exported."""
    return marks.exclude(content_version=F("invoice__content_version"))
