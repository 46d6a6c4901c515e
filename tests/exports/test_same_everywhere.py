"""I-35, F46: the same invoices give the same SHA-256 on SQLite and PostgreSQL, in other processes, elsewhere.

Real processes: a worker started anew on the same database, and a site of its own on SQLite with the same firm.
"""

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from django.db.models import QuerySet

from exports.formats import accounting_formats
from exports.models import ExportRun, ProfileEntry, RunState
from exports.problems import find_problems
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.common.audit import CommandLine
from tests.exports.test_runs_of_formats import SETTINGS
from tests.factories import make_client, make_company, make_invoice, make_job, make_user
from tests.processes import start, start_manage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
PROGRAM = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.exports import test_same_everywhere as test
test.firm()
print(test.digests(test.asked()))
"""


def firm() -> None:
    """Invoices and credit notes of two clients; capitals and small letters in their numbers."""
    make_company()
    manager = make_user("project_manager", name="R. Abe")
    for slug, settings in SETTINGS.items():
        for name, value in settings.items():
            ProfileEntry.objects.create(format=slug, kind="setting", ours=name, theirs=value)
    for number, name in enumerate(("Café Šimek Ltd.", "Alder Mills"), start=1):
        client = make_client(client_number=f"C-{number}", name=name, address_1=f"{number} Main Street")
        job = make_job(job_number=f"J-{number}", project_name="Survey", client=client, project_manager=manager)
        for letter, amounts in (("B", ["100.10", "0.05"]), ("a", ["33.33"]), ("C", ["-80.05"])):
            make_invoice(job=job, amounts=amounts, number=f"INV-{letter}{number}", invoice_date=date(2026, 11, number))


def asked() -> list[ExportRun]:
    """A run of each format over the invoices it can take."""
    return [start_run(slug=each.slug, invoices=fit(each.slug), by=CommandLine()) for each in accounting_formats()]


def fit(slug: str) -> "QuerySet[Invoice]":
    unfit = {problem.invoice_id for problem in find_problems(Invoice.objects.all(), slug)}
    return Invoice.objects.exclude(pk__in=unfit)


def digests(runs: list[ExportRun]) -> str:
    """The SHA-256 of each format's file, or why it failed, as JSON; built here where no worker did it."""
    found = {}
    for run in runs:
        work_on(run.pk)
        done = ExportRun.objects.get(pk=run.pk)
        found[run.format] = done.sha256 or done.error
    return json.dumps(found)


def test_the_same_bytes_on_both_databases_after_a_restart_and_elsewhere(tmp_path: Path) -> None:
    firm()
    place = {
        **ELSEWHERE,
        "JOBBOOK_TEST_DATA_DIR": str(tmp_path / "other"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
    }
    (tmp_path / "other").mkdir()
    with start(sys.executable, "-c", PROGRAM, **place) as other:
        here = digests(asked())
        again = asked()
        with start_manage("run_exports", "--once", **ELSEWHERE) as worker:
            assert worker.wait(90) == 0
        out, err = other.communicate(timeout=90)
    assert all(ExportRun.objects.get(pk=each.pk).attempts == 1 for each in again), "the worker built them"
    assert digests(again) == here
    assert out.strip() == here, err
    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED}, here
    assert all(run.item_count in (4, 6) for run in again), "two formats take no credit notes"
