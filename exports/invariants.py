"""What must always hold of export runs and their files."""

import json
from collections.abc import Iterator
from decimal import Decimal

from exports import files
from exports.formats import FORMATS
from exports.models import ExportItem, ExportMark, ExportRun, RunState
from exports.snapshot import digest
from jobbook.common.invariants import Invariant, gapless, query
from jobbook.common.models import AuditEntry
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
    """The mark of an invoice is its item in the newest finished accounting run, whichever finished last."""
    slugs = [each.slug for each in FORMATS if each.marks_exported]
    done = [RunState.SUCCEEDED, RunState.EXPIRED]
    items = ExportItem.objects.filter(run__state__in=done, run__format__in=slugs, problem="")
    columns = ("invoice_id", "run_id", "content_version")
    newest = {row[0]: row for row in items.order_by("run__number").values_list(*columns)}
    marks = {row[0]: row for row in ExportMark.objects.values_list(*columns)}
    for invoice_id in sorted(newest.keys() | marks.keys()):
        if newest.get(invoice_id) != marks.get(invoice_id):
            yield f"invoice {invoice_id}: its export mark is not its newest export"


def _confirmations() -> Iterator[str]:
    rows = query(
        "SELECT r.number FROM exports_runconfirmation c JOIN exports_exportrun r ON r.id = c.run_id"
        " WHERE c.note = '' AND (c.count <> r.item_count OR c.total <> r.total)"
    )
    for (number,) in rows:
        yield f"run {number}: accounting's figures differ from the file's, and nothing says why"


def _manifests() -> Iterator[str]:
    """The manifest of a finished run is the one that the chain recorded, and names the chain's head of that moment."""
    ready = AuditEntry.objects.filter(action="export.ready").values_list("values", "number", "previous_hash")
    recorded = {json.loads(values)["manifest"]: (number - 1, head) for values, number, head in ready}
    finished = ExportRun.objects.filter(state__in=[RunState.SUCCEEDED, RunState.EXPIRED])
    for number, manifest in finished.values_list("number", "manifest").iterator(chunk_size=500):
        head = json.loads(manifest)["audit_head"]
        if digest(manifest) not in recorded:
            yield f"run {number}: its manifest is not the one that the audit chain recorded"
        elif (head["number"], head["hash"]) != recorded[digest(manifest)]:
            yield f"run {number}: the audit head of its manifest is not in the chain"


def _numbers() -> Iterator[str]:
    return gapless("run", "exports_exportrun")


INVARIANTS = (
    Invariant("I-33", "a run that is ready has its whole file", _files),
    Invariant("I-32", "control totals are the sums of the values sent", _totals),
    Invariant("I-32a", "a confirmation that differs from its file says why", _confirmations),
    Invariant("I-31", "a run has the invoices it was asked for", _counts),
    Invariant("I-38", "an invoice is marked with its newest export", _marks),
    Invariant("I-55", "the audit chain knows every manifest, and each names its head", _manifests),
    Invariant("I-41", "run numbers have no gaps", _numbers),
)
