"""What a window about a file shows: what goes in, what cannot, what was exported before and looks otherwise now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet, Sum

from backlog.grid.selection import Selection
from backlog.mending import pages_of
from backlog.run_line import size_text
from exports import profiles
from exports.changed import Compared, compared
from exports.earlier import Earlier, earlier_runs, newest_run
from exports.formats import PDF_ZIP, accounting_formats, get_format
from exports.formats.base import Format
from exports.models import ExportItem, ExportRun, RunState
from exports.problems import NAMED, Cause, Reason, by_cause, find_findings
from exports.renamed import Renamed, renamed_clients
from invoices.models import Invoice
from jobbook.common.ids import IdSet

AT_ONCE = 100  # PDFs that start without a window
LINKED = 6  # pages to mend something, named at once
ROUGH_PDF = 40_000  # bytes, while there is no earlier run to go by


@dataclass(frozen=True)
class ShownReason:
    """A reason, and links (words, address) to where it is mended; the invoices themselves are links already."""

    said: Reason
    links: list[tuple[str, str]]

    @property
    def named(self) -> list[tuple[str, str]]:
        return self.links[:LINKED]

    @property
    def others(self) -> list[tuple[str, str]]:
        return self.links[LINKED:]


@dataclass(frozen=True)
class Offer:
    """A file of `rows`: the selection without what cannot be in it and without what the user leaves out."""

    format: Format
    selection: Selection
    rows: "QuerySet[Invoice]"
    causes: list[Cause]
    warnings: list[Cause] = field(default_factory=list)
    earlier: list[Earlier] = field(default_factory=list)  # the newest run first
    renamed: list[Renamed] = field(default_factory=list)
    leave_out: bool = False
    is_default: bool = True
    newest: int | None = None  # number of the newest run the window knows; None where nobody minds

    @property
    def formats(self) -> list[Format]:
        """What the window lets choose: accounting formats, or nothing for PDFs."""
        return accounting_formats() if self.format.marks_exported else []

    @property
    def starts_at_once(self) -> bool:
        """There is nothing to say before it starts."""
        seen = self.selection
        told = (self.causes, self.warnings, self.earlier, self.renamed, seen.gone_count, seen.hidden_count)
        few_enough = self.format.marks_exported or seen.count <= AT_ONCE
        return not any(told) and self.is_default and seen.count > 0 and few_enough

    @property
    def file_name(self) -> str:
        extension, _ = self.format.file_type(profiles.current(self.format.slug))
        return f"{self.format.stem}-run-….{extension}"

    @cached_property
    def bad_count(self) -> int:
        return len(_ids(self.causes))

    @cached_property
    def warned_count(self) -> int:
        return len(_ids(self.warnings))

    @property
    def shown_causes(self) -> list[tuple[Cause, list[ShownReason], list[ShownReason]]]:
        """Each cause, its first reasons with the pages where each is mended, and the others."""
        shown = []
        for cause in self.causes:
            reasons = [ShownReason(each, pages_of(each, self.format)) for each in cause.reasons]
            shown.append((cause, reasons[:NAMED], reasons[NAMED:]))
        return shown

    @cached_property
    def exported(self) -> int:
        return len({sent.invoice_id for each in self.earlier for sent in each.sent})

    @cached_property
    def changed(self) -> list[tuple[int, str]]:
        """What was changed since a finished run sent it: the item of that run, and the invoice's number."""
        sent = {
            (each.run.pk, sent.invoice_id): sent.number
            for each in self.earlier
            if each.run.is_finished
            for sent in each.sent
            if sent.changed
        }
        runs, invoices = {run for run, _ in sent}, {invoice for _, invoice in sent}
        items = ExportItem.objects.filter(run__in=runs, invoice__in=IdSet(invoices)).order_by(
            "-run__number", "position"
        )
        rows = items.values_list("pk", "run_id", "invoice_id") if sent else ()
        return [(pk, sent[run, invoice]) for pk, run, invoice in rows if (run, invoice) in sent]

    @property
    def side_by_side(self) -> list[Compared]:
        """The first of the changed, as sent and as they are."""
        first = [pk for pk, _ in self.changed[:NAMED]]
        items = ExportItem.objects.filter(pk__in=first).select_related("run", "invoice") if first else ()
        return compared(sorted(items, key=lambda item: first.index(item.pk)))

    @property
    def other_changed(self) -> list[tuple[int, str]]:
        return self.changed[NAMED:]

    @property
    def rough_size(self) -> str:
        """How large the ZIP will be, going by the ones before."""
        before = ExportRun.objects.filter(format=self.format.slug, state=RunState.SUCCEEDED)
        sums = before.aggregate(size=Sum("size"), items=Sum("item_count"))
        each = sums["size"] // sums["items"] if sums["items"] else ROUGH_PDF
        return size_text(each * self.selection.count)


def export_offer(selection: Selection, *, slug: str, leave_out: bool) -> Offer:
    """The offer of an accounting file. Raises UnknownFormat."""
    default, newest = profiles.default_format(), newest_run()
    format_ = get_format(slug or default.slug)
    rows, causes, warnings = _fit(selection.queryset, format_)
    earlier = earlier_runs(rows)
    if leave_out:
        rows = rows.exclude(pk__in=IdSet({sent.invoice_id for each in earlier for sent in each.sent}))
    return Offer(
        format_,
        selection,
        rows,
        causes,
        warnings,
        earlier,
        renamed_clients(rows, format_.slug),
        leave_out,
        format_.slug == default.slug,
        newest,
    )


def pdf_offer(selection: Selection) -> Offer:
    """The offer of a ZIP of PDFs. Exporting before does not matter to it."""
    format_ = get_format(PDF_ZIP)
    rows, causes, _ = _fit(selection.queryset, format_)
    return Offer(format_, selection, rows, causes)


def _fit(rows: "QuerySet[Invoice]", format_: Format) -> "tuple[QuerySet[Invoice], list[Cause], list[Cause]]":
    """The rows that can stand in a file of this format, why the others cannot, and what these will lack."""
    picked = Invoice.objects.filter(pk__in=rows.order_by().values("pk"))
    findings = list(find_findings(picked, format_.slug))
    causes = by_cause(each for each in findings if not each.is_warning)
    bad = _ids(causes)
    warnings = by_cause(each for each in findings if each.is_warning and each.invoice_id not in bad)
    return (picked.exclude(pk__in=IdSet(bad)) if bad else picked), causes, warnings


def _ids(causes: Iterable[Cause]) -> set[int]:
    return {pk for cause in causes for pk in cause.invoice_ids}
