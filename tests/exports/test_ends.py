"""How runs end otherwise: failed, cancelled, taken over, given back, expired, made again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from exports import files, runs
from exports.formats.csv import GenericCsv
from exports.models import ExportMark, ExportRun, RunState
from exports.start import make_again, retry, start_run
from exports.sweep import sweep
from exports.work import work_on
from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.roles import Role
from jobbook.common import audit, failpoints
from jobbook.common.clock import database_now
from jobbook.common.errors import Refused
from tests.exports.runs import asked, built, fresh, lease_ran_out
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def arm(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(failpoints, "_armed", failpoints.parse(text))


def no_files_left() -> bool:
    return not [path for path in files.folder().rglob("*") if path.is_file()]


def test_an_invoice_changed_since_is_named_and_fails_the_run() -> None:
    run = asked()
    changed = Invoice.objects.order_by("number").first()
    assert changed is not None
    Invoice.objects.filter(pk=changed.pk).update(content_version=2)
    work_on(run.pk)
    run = fresh(run)
    assert (run.state, run.attempts) == (RunState.FAILED, 1)
    assert run.error == f"Changed after the export was asked for: {changed.number}."
    assert no_files_left()


def test_a_commit_whose_answer_was_lost_keeps_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection broke while COMMIT was answered: the row says succeeded, so its file must be there."""
    arm(monkeypatch, "run.after_commit=raise:OperationalError")
    run = asked()
    work_on(run.pk)
    run = fresh(run)
    assert run.state == RunState.SUCCEEDED
    assert files.verified(run).is_file()


def test_three_attempts_with_pauses_then_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    arm(monkeypatch, "csv.after_document=raise:boom")
    run = asked()
    for attempt in (1, 2, 3):
        work_on(run.pk)
        assert fresh(run).attempts == attempt
        assert work_on(run.pk) is None, "it pauses"
        if attempt < 3:
            lease_ran_out(run)
    run = fresh(run)
    assert run.state == RunState.FAILED
    assert run.error == "The file could not be built (RuntimeError)."
    assert "boom" in run.traceback
    assert no_files_left()


def test_the_fourth_claim_fails_a_run_whose_workers_died() -> None:
    run = asked()
    for _ in range(3):
        assert runs.claim(run.pk) is not None
        lease_ran_out(run)
    sweep()
    run = fresh(run)
    assert (run.state, run.error) == (RunState.FAILED, runs.WORKER_GONE)


def test_no_space_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    arm(monkeypatch, "csv.after_document:2=raise:ENOSPC")
    run = built()
    assert (run.state, run.attempts, run.error) == (RunState.FAILED, 1, "There is no space left for the file.")
    assert no_files_left()


def test_a_frozen_worker_that_wakes_cannot_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked()
    write = GenericCsv.write

    def slow(self: GenericCsv, out: Any, invoices: Any, ctx: Any) -> None:
        write(self, out, invoices, ctx)
        monkeypatch.setattr(GenericCsv, "write", write)
        lease_ran_out(run)
        other = work_on(run.pk)
        assert other is not None
        assert other.state == RunState.SUCCEEDED

    monkeypatch.setattr(GenericCsv, "write", slow)
    work_on(run.pk)
    run = fresh(run)
    assert (run.state, run.fence, run.attempts) == (RunState.SUCCEEDED, 2, 2)
    assert files.verified(run).name.endswith("-2.csv")
    assert len([path for path in files.folder().rglob("*") if path.is_file()]) == 1
    assert audit.verify() == []


def test_cancel_stops_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    run = asked(user)
    write = GenericCsv.write

    def cancelled(self: GenericCsv, out: Any, invoices: Any, ctx: Any) -> None:
        runs.cancel(run, by=user)
        write(self, out, invoices, ctx)

    monkeypatch.setattr(GenericCsv, "write", cancelled)
    work_on(run.pk)
    run = fresh(run)
    assert (run.state, run.error) == (RunState.CANCELLED, f"Cancelled by {user.name}.")
    assert no_files_left()
    assert not ExportMark.objects.exists()
    with pytest.raises(Refused, match="nothing to cancel"):
        runs.cancel(run, by=user)


def test_a_worker_told_to_stop_gives_the_run_back() -> None:
    run = asked()
    work_on(run.pk, lambda: True)
    run = fresh(run)
    assert (run.state, run.attempts, run.error) == (RunState.QUEUED, 0, "")
    work_on(run.pk)
    assert fresh(run).state == RunState.SUCCEEDED


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.PROJECT_MANAGER}, {"role": Role.ACCOUNTING}])
def test_a_lost_right_ends_the_run_before_it_publishes(change: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    run = asked(user)
    write = GenericCsv.write

    def demoted(self: GenericCsv, out: Any, invoices: Any, ctx: Any) -> None:
        write(self, out, invoices, ctx)
        type(user).objects.filter(pk=user.pk).update(**change)

    monkeypatch.setattr(GenericCsv, "write", demoted)
    work_on(run.pk)
    run = fresh(run)
    assert run.state == RunState.FAILED
    assert "may no longer" in run.error
    assert no_files_left()


def test_a_cent_of_difference_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked()
    write = GenericCsv.write

    def wrong(self: GenericCsv, out: Any, invoices: Any, ctx: Any) -> None:
        write(self, out, invoices, ctx)
        out.flush()
        text = Path(out.name).read_bytes()
        out.seek(0)
        out.write(text.replace(b"105.00", b"105.01", 1).replace(b",158.08", b",158.09"))

    monkeypatch.setattr(GenericCsv, "write", wrong)
    work_on(run.pk)
    assert fresh(run).state == RunState.FAILED
    assert no_files_left()


def test_a_document_that_is_not_in_the_file_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked()
    write = GenericCsv.write

    def short(self: GenericCsv, out: Any, invoices: Any, ctx: Any) -> None:
        write(self, out, list(invoices)[:-1], ctx)

    monkeypatch.setattr(GenericCsv, "write", short)
    work_on(run.pk)
    run = fresh(run)
    assert run.state == RunState.FAILED
    assert "count: expected 3, the file has 2" in run.error
    assert no_files_left()


def test_a_problem_names_the_invoice_and_trying_again_leaves_it_out() -> None:
    user = make_user()
    bad = make_invoice()
    InvoiceLine.objects.filter(invoice=bad).update(description="bell \x07")
    run = built(user)
    assert run.state == RunState.FAILED
    assert bad.number in run.error
    assert "U+0007" in run.error
    again = retry(run, by=user)
    work_on(again.pk)
    again = fresh(again)
    assert (again.state, again.item_count, again.retry_of) == (RunState.SUCCEEDED, 3, run)
    with pytest.raises(Refused, match="did not fail"):
        retry(again, by=user)


def expired() -> ExportRun:
    run = built()
    ExportRun.objects.update(expires_at=database_now() - timedelta(days=1))
    sweep()
    return fresh(run)


def test_an_expired_file_is_removed_and_made_again_with_the_same_bytes() -> None:
    run = expired()
    assert run.state == RunState.EXPIRED
    with pytest.raises(files.Gone):
        files.verified(run)
    Invoice.objects.update(content_version=7, client_name="Renamed since")
    make_again(run, by=make_user())
    work_on(run.pk)
    again = fresh(run)
    assert (again.state, again.sha256, again.manifest) == (RunState.SUCCEEDED, run.sha256, run.manifest)
    assert files.verified(again)
    assert audit.verify() == []


def test_a_file_made_again_that_differs_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    run = expired()
    monkeypatch.setattr("exports.formats.csv.COLUMNS", ("x",))
    make_again(run, by=make_user())
    work_on(run.pk)
    run = fresh(run)
    assert run.state == RunState.EXPIRED
    assert "differs" in run.error


def test_what_is_not_finished_is_not_made_again() -> None:
    run = asked()
    with pytest.raises(Refused, match="no file"):
        make_again(run, by=make_user())


@pytest.mark.parametrize("harm", ["truncate", "flip"])
def test_a_damaged_file_is_noticed(harm: str) -> None:
    run = built()
    path = files.path_of(run)
    data = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(data[:-5] if harm == "truncate" else data[:100] + b"#" + data[101:])
    with pytest.raises(files.Damaged):
        files.verified(run)


def test_what_a_dead_attempt_left_is_removed_by_the_next() -> None:
    run = asked()
    dead = runs.claim(run.pk)
    assert dead is not None
    files.temporary_folder().mkdir(parents=True)
    (files.temporary_folder() / f"{run.pk}-1.4711.part").write_text("half")
    files.put_in_place(files.write_temporary(dead, lambda out: None), files.relative_path(dead, "csv"))
    lease_ran_out(run)
    work_on(run.pk)
    assert [path.name for path in files.folder().rglob("*") if path.is_file()] == [f"{run.pk}-2.csv"]


def test_runs_of_the_command_line_have_no_user() -> None:
    make_invoice()
    run = start_run(slug="csv", invoices=Invoice.objects.all(), by=audit.CommandLine())
    work_on(run.pk)
    run = fresh(run)
    assert (run.state, run.requested_by, run.requested_by_name) == (RunState.SUCCEEDED, None, "command line")
