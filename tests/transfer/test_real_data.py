"""393 real documents of a wholesaler: imported whole, quickly, once; exported and imported to the same bytes."""

import time
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from invoices.models import Invoice, InvoiceLine
from jobbook.common.audit import CommandLine
from jobbook.common.models import AuditEntry
from jobbook.common.money import money_sum
from jobbook.transfer.exporting import run_export
from jobbook.transfer.importing import run_import
from tests.transfer.folders import REAL, real_files
from tests.transfer.test_round_trip import exported_again, files_in


def assert_whole() -> None:
    backlog = Invoice.objects.admin_queue().aggregate(count=Count("pk"), sum=money_sum("total"))
    assert backlog == {"count": 393, "sum": Decimal("163845.93")}
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (393, 9531)


@pytest.mark.django_db(transaction=True)
def test_real_data_come_in_whole_and_once_and_go_out_as_they_are(tmp_path: Path) -> None:
    out = StringIO()
    started = time.monotonic()
    call_command("import_data", REAL, stdout=out)
    assert time.monotonic() - started < 60  # takes 3 seconds; the rest is for a busy machine
    assert_whole()
    assert (
        out.getvalue()
        .splitlines()[-1]
        .endswith(
            "invoices.csv: 393 made, 0 updated, 0 left alone; invoice_lines.csv: 9531 made, 0 updated, 0 left alone"
        )
    )

    with CaptureQueriesContext(connection) as queries:
        again = run_import(real_files(), by=CommandLine())
    assert not again.problems
    assert {(count.made, count.updated) for count in again.counts.values()} == {(0, 0)}
    assert again.counts["invoice_lines.csv"].left == 9531
    assert len(queries) < 40
    assert AuditEntry.objects.count() == 1

    run_export(tmp_path / "first")
    first = files_in(tmp_path / "first")
    assert exported_again(tmp_path / "first", tmp_path / "second") == first
    assert_whole()
