"""F1, F2, F5, F6: workers and commands killed with -9 or asked to end, as real processes."""

import signal
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports import files
from exports.formats import PDF_ZIP
from exports.models import ExportRun, RunState
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.reports.management.commands.check_invariants import violations
from tests.exports.runs import asked, fresh, lease_ran_out, waited
from tests.factories import make_invoice, make_user
from tests.processes import manage, start_manage
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 45  # seconds: a process on a busy machine takes a while to start


@contextmanager
def worker(**changes: str) -> "Iterator[subprocess.Popen[str]]":
    """The embedded worker as a process; whatever happens, it is not left behind."""
    process = start_manage("run_exports", **changes)
    try:
        yield process
        process.terminate()
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()


def all_files() -> list[str]:
    return sorted(path.name for path in files.folder().rglob("*") if path.is_file())


def test_f1_worker_killed_in_the_middle_of_a_file() -> None:
    run = asked(count=60)
    killed = manage("run_exports", "--once", JOBBOOK_FAILPOINTS="csv.after_document:37=kill9")
    assert killed.returncode == -signal.SIGKILL
    assert (fresh(run).state, fresh(run).attempts) == (RunState.RUNNING, 1)
    assert len(all_files()) == 1, "the half-written temporary file"
    assert work_on(run.pk) is None, "nobody else takes it while the lease runs"

    lease_ran_out(run)
    assert manage("run_exports", "--once").returncode == 0
    run = fresh(run)
    assert (run.state, run.attempts) == (RunState.SUCCEEDED, 2)
    assert all_files() == [f"{run.pk}-2.csv"]
    undisturbed = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    work_on(undisturbed.pk)
    assert fresh(undisturbed).sha256 == run.sha256 == files.sha256_of(files.verified(run))
    assert violations() == []


OTHER_STEPS = [
    "file.after_rename",
    pytest.param("run.after_claim", marks=pytest.mark.stress),
    pytest.param("file.after_write", marks=pytest.mark.stress),
    pytest.param("run.before_publish", marks=pytest.mark.stress),
]


@pytest.mark.pdf
def test_f1_worker_killed_in_the_middle_of_a_zip() -> None:
    for _ in range(6):
        make_invoice()
    run = start_run(slug=PDF_ZIP, invoices=Invoice.objects.all(), by=make_user())
    killed = manage("run_exports", "--once", JOBBOOK_FAILPOINTS="zip.after_entry:4=kill9")
    assert killed.returncode == -signal.SIGKILL
    assert fresh(run).state == RunState.RUNNING

    lease_ran_out(run)
    assert manage("run_exports", "--once").returncode == 0
    run = fresh(run)
    assert (run.state, run.attempts) == (RunState.SUCCEEDED, 2)
    assert all_files() == [f"{run.pk}-2.zip"]
    undisturbed = start_run(slug=PDF_ZIP, invoices=Invoice.objects.all(), by=make_user())
    work_on(undisturbed.pk)
    assert fresh(undisturbed).sha256 == run.sha256 == files.sha256_of(files.verified(run))
    with zipfile.ZipFile(files.path_of(run)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 8, "six documents, the index as PDF and as CSV"
    assert violations() == []


@pytest.mark.parametrize("point", OTHER_STEPS)
def test_killed_at_every_other_step(point: str) -> None:
    run = asked()
    assert manage("run_exports", "--once", JOBBOOK_FAILPOINTS=f"{point}=kill9").returncode == -signal.SIGKILL
    lease_ran_out(run)
    work_on(run.pk)
    run = fresh(run)
    assert (run.state, run.attempts) == (RunState.SUCCEEDED, 2)
    assert all_files() == [f"{run.pk}-2.csv"]
    assert files.verified(run)
    assert violations() == []


def test_killed_after_publishing_changes_nothing() -> None:
    run = asked()
    assert manage("run_exports", "--once", JOBBOOK_FAILPOINTS="run.after_publish=kill9").returncode == -signal.SIGKILL
    assert (fresh(run).state, fresh(run).attempts) == (RunState.SUCCEEDED, 1)
    assert files.verified(fresh(run))


def test_f5_killed_between_commit_and_ringing(tmp_path: Path) -> None:
    first = asked(count=1)
    with worker() as process:
        wait_until(lambda: fresh(first).state == RunState.SUCCEEDED, "the worker did not start", PATIENCE)
        run = killed_before_it_rings(tmp_path)
        wait_until(lambda: fresh(run).state == RunState.SUCCEEDED, "the run is not built", 20)
    assert process.returncode == 0
    assert waited(run) < 10


def killed_before_it_rings(folder: Path) -> ExportRun:
    killed = manage(
        *("export_invoices", "--format", "csv", "--admin-queue", "--output", str(folder / "a.csv")),
        CELERY_BROKER_URL="redis://127.0.0.1:1/0",
        JOBBOOK_FAILPOINTS="outbox.before_publish=kill9",
    )
    assert killed.returncode == -signal.SIGKILL
    return ExportRun.objects.latest("number")


def test_f6_asked_to_end_it_gives_the_run_back() -> None:
    run = asked(count=5)
    with worker(JOBBOOK_FAILPOINTS="csv.after_document=sleep:0.3") as process:
        wait_until(lambda: fresh(run).state == RunState.RUNNING, "nobody claimed it", PATIENCE)
    assert process.returncode == 0
    run = fresh(run)
    assert (run.state, run.attempts, run.error) == (RunState.QUEUED, 0, "")
    assert all_files() == []
    work_on(run.pk)
    assert fresh(run).state == RunState.SUCCEEDED


def test_the_worker_outlives_a_database_that_does_not_answer() -> None:
    run = asked()
    with worker(JOBBOOK_FAILPOINTS="worker.turn:1=raise:OperationalError") as process:
        wait_until(lambda: fresh(run).state == RunState.SUCCEEDED, "the worker did not go on", PATIENCE)
    assert process.returncode == 0


def test_two_workers_build_each_run_once() -> None:
    make_invoice()
    user = make_user()
    runs = [start_run(slug="csv", invoices=Invoice.objects.all(), by=user) for _ in range(12)]
    with worker(), worker():
        wait_until(lambda: all(fresh(run).is_finished for run in runs), "not all are built", PATIENCE)
    assert {(fresh(run).state, fresh(run).attempts) for run in runs} == {(RunState.SUCCEEDED, 1)}
    assert len(all_files()) == 12
    assert violations() == []
