"""393 real documents of a wholesaler: imported whole, quickly, once."""

import time
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from invoices.models import Invoice, InvoiceLine
from jobbook.common.audit import CommandLine, verify
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.common.money import money_sum
from jobbook.transfer.importing import run_import
from tests.commands import assert_sound
from tests.transfer.folders import REAL, real_files

pytestmark = pytest.mark.django_db


def test_real_data_come_in_whole_and_once() -> None:
    out = StringIO()
    started = time.monotonic()
    call_command("import_data", REAL, stdout=out)
    assert time.monotonic() - started < 30  # takes 2 to 3 seconds; the rest is for a busy machine
    backlog = Invoice.objects.admin_queue().aggregate(count=Count("pk"), sum=money_sum("total"))
    assert backlog == {"count": 393, "sum": Decimal("163845.93")}
    assert InvoiceLine.objects.count() == 9531
    lines = out.getvalue().splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        f"Invitation for {name}@example.com" for name in ("admin", "manager", "books")
    ]
    assert lines[-1].startswith("company.csv: 1 made, 0 updated, 0 left alone; offices.csv: 1 made")
    assert lines[-1].endswith(
        "invoices.csv: 393 made, 0 updated, 0 left alone; invoice_lines.csv: 9531 made, 0 updated, 0 left alone"
    )
    assert_sound()


def test_a_second_import_leaves_all_alone() -> None:
    run_import(real_files(), by=CommandLine())
    history = (AuditEntry.objects.count(), AuditItem.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = run_import(real_files(), by=CommandLine())
    assert not result.problems
    assert {name: (count.made, count.updated) for name, count in result.counts.items()} == dict.fromkeys(
        result.counts, (0, 0)
    )
    assert result.counts["invoice_lines.csv"].left == 9531
    assert not result.new_users
    assert (AuditEntry.objects.count(), AuditItem.objects.count()) == history
    assert len(queries) < 40
    assert Invoice.objects.count() == 393
    assert verify() == []
