"""What must always hold of export runs and their files."""

import json
from collections.abc import Iterator
from decimal import Decimal

from exports import files
from exports.formats import FORMATS
from exports.models import ExportItem, ExportMark, ExportRun, RunState
from jobbook.common.invariants import Invariant, gapless, query
from jobbook.common.money import total_of


def _files() -> Iterator[str]:
    """A run that is ready has its whole file."""
    for run in ExportRun.objects.filter(state=RunState.SUCCEEDED).iterator(chunk_size=500):
        path = files.path_of(run)
        if not path.is_file():
            yield f"run {run.number}: its file is not there"
        elif path.stat().st_size != run.size or files.sha256_of(path) != run.sha256:
            yield f"run {run.number}: its file is not the one that was made"


def _totals() -> Iterator[str]:
    """The control totals of a finished run are the sums of the values it sent."""
    finished = ExportRun.objects.filter(state__in=[RunState.SUCCEEDED, RunState.EXPIRED])
    for run in finished.iterator(chunk_size=500):
        sent = ExportItem.objects.filter(run=run, problem="").values_list("sent", flat=True)
        documents = [json.loads(text) for text in sent.iterator(chunk_size=500) if text]
        sums = [total_of(Decimal(document[name]) for document in documents) for name in ("subtotal", "tax", "total")]
        if sums != [run.net, run.tax, run.total]:
            yield f"run {run.number}: what it sent adds up to {sums[2]}, its control total is {run.total}"


def _counts() -> Iterator[str]:
    rows = query(
        "SELECT r.number, r.item_count, count(i.id) FROM exports_exportrun r"
        " LEFT JOIN exports_exportitem i ON i.run_id = r.id GROUP BY r.id, r.number, r.item_count"
        " HAVING r.item_count <> count(i.id)"
    )
    for number, expected, found in rows:
        yield f"run {number} says {expected} invoices and has {found}"


def _marks() -> Iterator[str]:
    """The mark of an invoice is its newest item in a finished accounting file."""
    slugs = [each.slug for each in FORMATS if each.marks_exported]
    done = [RunState.SUCCEEDED, RunState.EXPIRED]
    items = ExportItem.objects.filter(run__state__in=done, run__format__in=slugs, problem="")
    columns = ("invoice_id", "run_id", "content_version")
    newest = {row[0]: row for row in items.order_by("run__finished_at", "run__number").values_list(*columns)}
    marks = {row[0]: row for row in ExportMark.objects.values_list(*columns)}
    for invoice_id in sorted(newest.keys() | marks.keys()):
        if newest.get(invoice_id) != marks.get(invoice_id):
            yield f"invoice {invoice_id}: its export mark is not its newest export"


def _numbers() -> Iterator[str]:
    return gapless("run", "exports_exportrun")


INVARIANTS = (
    Invariant("I-33", "a run that is ready has its whole file", _files),
    Invariant("I-32", "control totals are the sums of the values sent", _totals),
    Invariant("I-31", "a run has the invoices it was asked for", _counts),
    Invariant("I-38", "an invoice is marked with its newest export", _marks),
    Invariant("I-41", "run numbers have no gaps", _numbers),
)
