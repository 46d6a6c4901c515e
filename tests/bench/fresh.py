"""What is measured in a process of its own: `python -m tests.bench.fresh WHAT N` prints {"seconds", "mb", ..} as JSON.

product, format, bare: a csv of N documents of five lines, from documents in memory. product is the writer of csv
files; format a loop over csv.writer that formats dates and amounts; bare csv.writer with strings that are ready. All
three write the same bytes.
run: a whole csv run over N invoices of the Admin Queue, from asking to publishing. latency: N runs of one invoice
asked for one by one; how long each waits for a worker.
"""

import csv
import gc
import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402 - models are there only after the set-up

from exports.formats import get_format  # noqa: E402
from exports.formats.base import CompanyFacts, Context  # noqa: E402
from exports.formats.csv import COLUMNS, document_rows, guarded  # noqa: E402
from exports.formats.profile import Profile  # noqa: E402
from exports.models import ExportRun, RunState  # noqa: E402
from exports.start import start_run  # noqa: E402
from exports.work import work_on  # noqa: E402
from invoices.document import InvoiceData  # noqa: E402
from invoices.models import Invoice  # noqa: E402
from jobbook.common.audit import CommandLine  # noqa: E402
from tests.exports.documents import document, line  # noqa: E402

_PAUSE = 0.07  # seconds between two runs asked for; not a whole part of any polling interval


def documents(count: int) -> Iterator[InvoiceData]:
    """Documents of five lines and two taxes, no two alike."""
    for n in range(1, count + 1):
        lines = [line(f"Work at station {n + k}", "7.5", f"{90 + n % 50 + k}.25", service_date=None) for k in range(5)]
        yield document(lines, id=n, number=f"INV-{n:06}", invoice_date=date(2026, 1 + n % 12, 1 + n % 28))


def memory() -> float:
    """The most memory this process has had, in MB. Not ru_maxrss: it begins with that of the parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def product(count: int, out: BinaryIO) -> Callable[[], None]:
    ready = list(documents(count))
    context = Context(1, CompanyFacts("Northfork", "CAD", "letter"), Profile({"guard": "on", "bom": "off"}))
    return lambda: get_format("csv").write(out, ready, context)


def bare(count: int, out: BinaryIO) -> Callable[[], None]:
    ready = [list(row) for each in documents(count) for row in document_rows(each, guarded)]

    def work() -> None:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        rows.writerows(ready)
        text.detach()

    return work


_DATES = [index for index, name in enumerate(COLUMNS) if name.endswith("_date")]
_MONEY = ("unit_price", "line_net", "line_tax", "line_gross", "document_net", "document_tax", "document_total")
_AMOUNTS = [index for index, name in enumerate(COLUMNS) if name in _MONEY or name.endswith("_amount")]
_NUMBERS = [index for index, name in enumerate(COLUMNS) if name == "quantity" or name.endswith("_rate")]


def formatted(count: int, out: BinaryIO) -> Callable[[], None]:
    """Rows with dates and Decimals, formatted on the way into csv.writer; text is written as it is."""
    ready = [typed(row) for each in documents(count) for row in document_rows(each, guarded)]

    def work() -> None:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        for row in ready:
            cells = list(row)
            for index in _DATES:
                cells[index] = cells[index].strftime("%Y-%m-%d")
            for index in _AMOUNTS:
                cells[index] = f"{cells[index]:.2f}"
            for index in _NUMBERS:
                cells[index] = f"{cells[index]:f}"
            rows.writerow(cells)
        text.detach()

    return work


def typed(row: list[str]) -> list[Any]:
    cells: list[Any] = list(row)
    for index in _DATES:
        cells[index] = date.fromisoformat(row[index])
    for index in (*_AMOUNTS, *_NUMBERS):
        cells[index] = Decimal(row[index])
    return cells


WRITERS = {"product": product, "format": formatted, "bare": bare}


def written(what: str, count: int) -> dict[str, Any]:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.DATA_DIR / f"{what}.csv"
    with path.open("w+b") as out:
        work = WRITERS[what](count, out)
        gc.collect()
        gc.freeze()
        before, started = memory(), time.perf_counter()
        work()
        out.flush()
        taken = time.perf_counter() - started
        extra = memory() - before
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.unlink()
    return {"seconds": taken, "mb": extra, "sha256": digest}


def whole_run(count: int) -> dict[str, Any]:
    invoices = Invoice.objects.admin_queue().filter(kind="invoice").order_by("pk")
    picked = Invoice.objects.filter(pk__in=list(invoices.values_list("pk", flat=True)[:count]))
    Invoice.objects.first()
    gc.collect()
    before, started = memory(), time.perf_counter()
    run = start_run(slug="csv", invoices=picked, by=CommandLine())
    work_on(run.pk)
    taken = time.perf_counter() - started
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED, run.error
    return {"seconds": taken, "mb": memory() - before, "count": run.item_count}


def latency(count: int) -> dict[str, Any]:
    """Seconds from asking to the start of each run, by the database's clock."""
    one = Invoice.objects.filter(pk=Invoice.objects.admin_queue().filter(kind="invoice").order_by("pk")[0].pk)
    waited = []
    for number in range(count + 2):
        run = start_run(slug="csv", invoices=one, by=CommandLine())
        while not run.is_finished:
            time.sleep(0.01)
            run = ExportRun.objects.get(pk=run.pk)
        assert run.state == RunState.SUCCEEDED, run.error
        if number >= 2 and run.started_at:  # the first ones pay for imports
            waited.append((run.started_at - run.created_at).total_seconds())
        time.sleep(_PAUSE + 0.013 * (number % 11))
    return {"seconds": waited}


def main(what: str, count: int) -> None:
    if what in WRITERS:
        found = written(what, count)
    else:
        found = {"run": whole_run, "latency": latency}[what](count)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
