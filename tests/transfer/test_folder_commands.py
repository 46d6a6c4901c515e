"""import_data and export_data as a script meets them: exit status, streams, last line."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from invoices.models import Invoice
from jobbook.accounts.links import is_valid, person_of
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry
from tests.factories import make_user
from tests.transfer.folders import SMALL, replaced, write_folder

pytestmark = pytest.mark.django_db


def status(*arguments: Any, **options: Any) -> int:
    with pytest.raises(CommandError) as error:
        call_command(*arguments, **options)
    return error.value.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "in", SMALL)


def test_all_problems_of_all_files_at_once_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = dict(SMALL)
    for name, old, new in [
        ("company.csv", "a4", "b5"),
        ("clients.csv", "Kestrel Inc.", "Kestrel\tInc."),
        ("jobs.csv", "1000.50", "1,000.50"),
        ("dwrs.csv", "8002,26-1", "8002,26-9"),
        ("invoices.csv", "Client is away", ""),
        ("invoice_lines.csv", "50,50.00", "50,50.01"),
        ("invoice_lines.csv", "-96.00,GST", "-96.00,HST"),
    ]:
        texts[name] = replaced(texts[name], old, new)
    assert status("import_data", write_folder(tmp_path / "bad", texts)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        'company.csv:2: paper: "b5" is not one of: letter, a4',
        "clients.csv:2: name: has a control character (U+0009)",
        "jobs.csv:2: row: 10 columns in the header, 11 here",
        'dwrs.csv:3: job_number: there is no job "26-9"',
        "invoices.csv:5: release_reason: is empty; released_by, released_on and release_reason stand together",
        'invoice_lines.csv:5: taxes: there is no tax "HST"',
        "invoice_lines.csv:9: amount: 50.01 is not quantity x unit price, 50.00",
    ]
    assert not Invoice.objects.exists()
    assert not AuditEntry.objects.exists()


def test_each_new_user_gets_a_link_that_works_and_the_counts_come_last(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_data", folder)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "Invitation for admin@example.com",
        "Invitation for Manager@example.com",
        "Batch 1",
    ]
    uid, token = lines[0].rstrip("/").split("/")[-2:]
    assert is_valid(person_of(uid), token)
    assert lines[-1].startswith("company.csv: 1 made, 0 updated, 0 left alone; offices.csv: 1 made")
    call_command("import_data", folder)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_dry_run_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_data", folder, dry_run=True)
    first, last = capsys.readouterr().out.splitlines()
    assert first == "Dry run: nothing was written."
    assert last.endswith("invoice_lines.csv: 8 made, 0 updated, 0 left alone")
    assert not Invoice.objects.exists()


def test_the_history_names_who_imported(folder: Path) -> None:
    user = make_user(Role.ADMINISTRATOR, email="boss@example.com")
    call_command("import_data", folder, by="BOSS@example.com")
    assert AuditEntry.objects.get().actor_id == user.pk


def test_only_an_administrator_imports(folder: Path) -> None:
    make_user(Role.ACCOUNTING, email="books@example.com")
    assert status("import_data", folder, by="books@example.com") == 1
    assert status("import_data", folder, by="nobody@example.com") == 1
    assert not Invoice.objects.exists()


def test_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no import file")
    assert status("import_data", tmp_path) == 2
    assert status("import_data", tmp_path / "nowhere") == 2
    assert status("export_data", tmp_path / "notes.txt") == 2
