"""Where invoices were sent to accounting before, or are being sent right now: the guard against sending twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, IntegerField, Max, QuerySet, Value, When

from exports.formats import accounting_formats, get_format
from exports.models import UNFINISHED, ExportItem, ExportMark, ExportRun, RunState
from exports.problems import NAMED
from invoices.models import Invoice
from jobbook.common.errors import Refusal

LIVE = (*UNFINISHED, RunState.SUCCEEDED, RunState.EXPIRED)  # its file is there, or comes


@dataclass(frozen=True)
class Sent:
    """An invoice in an earlier run."""

    invoice_id: int
    number: str
    changed: bool  # its content is another now


@dataclass(frozen=True)
class Earlier:
    """An accounting run that sent some of the invoices, or is at it."""

    run: ExportRun
    sent: list[Sent]

    @property
    def format_label(self) -> str:
        return get_format(self.run.format).label

    @property
    def named(self) -> list[tuple[int, str]]:
        return [(each.invoice_id, each.number) for each in self.sent[:NAMED]]

    @property
    def others(self) -> list[tuple[int, str]]:
        return [(each.invoice_id, each.number) for each in self.sent[NAMED:]]


def earlier_runs(invoices: "QuerySet[Invoice]") -> list[Earlier]:
    """The newest finished accounting run of each of `invoices`, and every unfinished one; the newest run first."""
    chosen = invoices.order_by().values("pk")
    marks = ExportMark.objects.filter(invoice__in=chosen)
    items = ExportItem.objects.filter(
        invoice__in=chosen, problem="", run__state__in=UNFINISHED, run__format__in=_accounting()
    )
    sent: dict[UUID, list[Sent]] = defaultdict(list)
    for rows in (marks, items):
        for run_id, each in _sent(rows):
            sent[run_id].append(each)
    runs = ExportRun.objects.filter(pk__in=list(sent)).defer("manifest", "traceback").order_by("-number")
    return [Earlier(run, sent[run.pk]) for run in runs]


def earlier_marks(invoices: "QuerySet[Invoice]") -> "QuerySet[ExportMark]":
    """The newest finished accounting export of each of `invoices`, newest first."""
    marks = ExportMark.objects.filter(invoice__in=invoices.order_by().values("pk"))
    return marks.select_related("run", "invoice").order_by("-exported_at", "invoice__number")


def newest_run() -> int:
    """The number of the newest run. Read before `earlier_runs`: no run up to it is missed there."""
    return ExportRun.objects.aggregate(newest=Max("number"))["newest"] or 0


def sent_since(invoices: "QuerySet[Invoice]", newest: int) -> list[Refusal]:
    """Those of `invoices` that an accounting run later than number `newest` sends too, each with who and which."""
    items = ExportItem.objects.filter(
        invoice__in=invoices.order_by().values("pk"),
        problem="",
        run__number__gt=newest,
        run__state__in=LIVE,
        run__format__in=_accounting(),
    )
    rows = items.order_by("position").values_list(
        "invoice_id", "invoice__number", "run__number", "run__requested_by_name"
    )
    return [Refusal("exported", f"{name} exports it in run {run}", pk, number) for pk, number, run, name in rows]


def _accounting() -> list[str]:
    return [each.slug for each in accounting_formats()]


def _sent(rows: "QuerySet[ExportMark] | QuerySet[ExportItem]") -> Iterator[tuple[UUID, Sent]]:
    """Each with the id of its run."""
    changed = Case(
        When(content_version=F("invoice__content_version"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = rows.annotate(changed=changed).order_by("invoice__invoice_date", "invoice__number")
    for run_id, invoice_id, number, is_changed in found.values_list(
        "run_id", "invoice_id", "invoice__number", "changed"
    ):
        yield run_id, Sent(invoice_id, number, bool(is_changed))
