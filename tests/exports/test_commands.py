"""export_invoices: the page's run without a browser; its line, its exit status, its files."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exports import command_line, files, work
from exports.models import ExportMark, ExportRun, RunState
from invoices.models import InvoiceLine
from jobbook.accounts.roles import Role
from tests.exports import csv_reader
from tests.factories import make_invoice, make_user
from tests.processes import manage

pytestmark = pytest.mark.django_db(transaction=True)


def export(*words: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("export_invoices", "--format", "csv", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_admin_queue_as_a_file_with_its_manifest(tmp_path: Path) -> None:
    for _ in range(3):
        make_invoice()
    make_invoice(signed=False)
    target = tmp_path / "out.csv"
    status, out, err = export("--admin-queue", "--output", str(target))
    run = ExportRun.objects.get()
    assert (status, err) == (0, "")
    assert out == f"Run 1: 3 invoices, net 300.00, tax 15.00, total 315.00, SHA-256 {run.sha256}\n"
    assert len(csv_reader.read(target.read_bytes())) == 3
    assert files.sha256_of(target) == run.sha256
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert manifest["file"]["sha256"] == run.sha256
    assert manifest["requested"]["by"] == "command line"
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out.csv", "out.csv.manifest.json"]
    assert ExportMark.objects.count() == 3


def test_exported_before_is_named_and_does_not_stop_it(tmp_path: Path) -> None:
    invoice = make_invoice()
    words = ("--invoice", invoice.number.lower(), "--output", str(tmp_path / "out.csv"))
    export(*words)
    status, _, err = export(*words, "--by", make_user().email)
    assert status == 0
    assert re.fullmatch(rf"{invoice.number}: exported before, run 1, \d{{4}}-\d\d-\d\d\n", err)
    assert ExportRun.objects.count() == 2


def test_every_problem_a_line_and_no_file(tmp_path: Path) -> None:
    for text in ("\x07", " "):
        bad = make_invoice()
        InvoiceLine.objects.filter(invoice=bad).update(description=text)
    make_invoice()
    status, out, err = export("--admin-queue", "--output", str(tmp_path / "out.csv"))
    assert (status, out) == (1, "")
    assert err.splitlines()[0] == "Nothing was exported."
    assert len(err.splitlines()) == 3
    assert "U+0007" in err
    assert not list(tmp_path.glob("out*"))
    assert not ExportRun.objects.exists()


def test_refusals(tmp_path: Path) -> None:
    target = ("--output", str(tmp_path / "out.csv"))
    assert export("--admin-queue", *target)[0] == 1
    early = make_invoice(signed=False)
    status, _, err = export("--invoice", early.number, *target)
    assert (status, f"{early.number}: it is in the PM Queue" in err) == (1, True)
    assert export("--invoice", "INV-1", *target)[0] == 1
    assert export("--invoice", early.number, "--by", make_user(Role.ACCOUNTING).email, *target)[0] == 1
    assert not ExportRun.objects.exists()


def test_wrong_use_ends_with_2(tmp_path: Path) -> None:
    make_invoice()
    with pytest.raises(CommandError) as nowhere:
        export("--admin-queue", "--output", str(tmp_path / "no" / "out.csv"))
    assert nowhere.value.returncode == 2
    wrong = manage("export_invoices", "--format", "fax", "--admin-queue", "--output", str(tmp_path / "x"))
    assert wrong.returncode == 2
    assert "invalid choice: 'fax'" in wrong.stderr


def test_it_waits_for_a_worker_that_was_quicker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_invoice()
    taken: list[str] = []

    def quicker(run_id: str) -> ExportRun | None:
        if not taken:
            taken.append(run_id)
            work.work_on(run_id)
        return None

    monkeypatch.setattr(command_line, "work_on", quicker)
    assert export("--admin-queue", "--output", str(tmp_path / "out.csv"))[0] == 0
    assert ExportRun.objects.get().state == RunState.SUCCEEDED
