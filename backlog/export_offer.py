"""What a window about a file shows: what goes in, what cannot, what was exported before."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from backlog.grid.selection import Selection
from backlog.run_line import size_text
from exports import profiles
from exports.formats import PDF_ZIP, accounting_formats, get_format
from exports.formats.base import Format
from exports.models import ExportRun, RunState
from exports.problems import Cause, by_cause, changed_since, earlier_marks, find_problems
from invoices.models import Invoice
from jobbook.common.ids import IdSet
from jobbook.jobs.models import Company

AT_ONCE = 100  # PDFs that start without a window
NAMED = 4  # invoices or runs named in the window
ROUGH_PDF = 40_000  # bytes, while there is no earlier run to go by


@dataclass(frozen=True)
class Offer:
    """A file of `rows`: the selection without what cannot be in it and without what the user leaves out."""

    format: Format
    selection: Selection
    rows: "QuerySet[Invoice]"
    causes: list[Cause]
    bad_count: int
    exported: int
    changed: int
    earlier: list[dict[str, Any]]  # runs, with how many of the rows
    leave_out: bool
    is_default: bool

    @property
    def formats(self) -> list[Format]:
        """What the window lets choose: accounting formats, or nothing for PDFs."""
        return accounting_formats() if self.format.marks_exported else []

    @property
    def starts_at_once(self) -> bool:
        """There is nothing to say before it starts."""
        seen = self.selection
        told = self.causes or self.exported or seen.gone_count or seen.hidden_count or not self.is_default
        return not told and seen.count > 0 and (self.format.marks_exported or seen.count <= AT_ONCE)

    @property
    def file_name(self) -> str:
        extension, _ = self.format.file_type(profiles.current(self.format.slug))
        return f"{self.format.stem}-run-….{extension}"

    @property
    def earlier_more(self) -> int:
        """Earlier runs that are not named."""
        return max(0, len(self.earlier) - NAMED)

    @property
    def rough_size(self) -> str:
        """How large the ZIP will be, going by the ones before."""
        before = ExportRun.objects.filter(format=self.format.slug, state=RunState.SUCCEEDED)
        sums = before.aggregate(size=Sum("size"), items=Sum("item_count"))
        each = sums["size"] // sums["items"] if sums["items"] else ROUGH_PDF
        return size_text(each * self.selection.count)


def export_offer(selection: Selection, *, slug: str, leave_out: bool) -> Offer:
    """The offer of an accounting file. Raises UnknownFormat."""
    default = default_format()
    format_ = get_format(slug or default.slug)
    rows, causes = _fit(selection.queryset, format_)
    marks = earlier_marks(rows)
    exported, changed = marks.count(), changed_since(marks).count()
    earlier: list[Any] = list(
        marks.order_by("-run__number")
        .values("run", "run__number", "run__finished_at", "run__requested_by_name")
        .annotate(n=Count("pk"))
    )
    if leave_out:
        rows = rows.filter(export_mark__isnull=True)
    bad = len({pk for cause in causes for pk in cause.invoice_ids})
    return Offer(
        format_, selection, rows, causes, bad, exported, changed, earlier, leave_out, format_.slug == default.slug
    )


def pdf_offer(selection: Selection) -> Offer:
    """The offer of a ZIP of PDFs. Exporting before does not matter to it."""
    format_ = get_format(PDF_ZIP)
    rows, causes = _fit(selection.queryset, format_)
    bad = len({pk for cause in causes for pk in cause.invoice_ids})
    return Offer(format_, selection, rows, causes, bad, 0, 0, [], leave_out=False, is_default=True)


def default_format() -> Format:
    """The company's accounting format; the first there is when its setting names none."""
    wanted = Company.current().default_format
    known = accounting_formats()
    return next((each for each in known if each.slug == wanted), known[0])


def _fit(rows: "QuerySet[Invoice]", format_: Format) -> "tuple[QuerySet[Invoice], list[Cause]]":
    """The rows that can stand in a file of this format, and why the others cannot."""
    picked = Invoice.objects.filter(pk__in=rows.order_by().values("pk"))
    causes = by_cause(list(find_problems(picked, format_.slug)))
    bad = {pk for cause in causes for pk in cause.invoice_ids}
    return (picked.exclude(pk__in=IdSet(bad)) if bad else picked), causes
