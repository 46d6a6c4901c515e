"""Export, import into an empty database, export again: the same bytes."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from jobbook.common.audit import CommandLine
from jobbook.transfer.exporting import run_export
from jobbook.transfer.importing import run_import
from jobbook.transfer.layout import FILES
from tests.commands import assert_sound
from tests.transfer.folders import RATES, SMALL, import_texts

pytestmark = pytest.mark.django_db(transaction=True)
ODD_TEXTS = {
    "clients.csv": "client_number,name,address_1\n"
    'C-9," Zoë ""Z"", Ltd. ",=1+1\n"C-10",مرحبا \u202eabc,e\u0301 is one letter\n',
    "expenses.csv": "expense_number,job_number,date,employee,amount,description\n"
    '7,26-1,2026-10-27,J.,1,"CR\rLF\nCRLF\r\n"\n',
}


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def exported_again(folder: Path, copy: Path) -> dict[str, bytes]:
    """Import `folder` into an emptied database and export that."""
    call_command("flush", interactive=False, verbosity=0)
    result = run_import({spec.name: folder / spec.name for spec in FILES}, by=CommandLine())
    assert not result.problems
    assert_sound()
    run_export(copy)
    return files_in(copy)


def small() -> None:
    assert not import_texts(SMALL).problems
    assert not import_texts(RATES).problems
    assert not import_texts(ODD_TEXTS).problems


def demo() -> None:
    call_command("seed_demo", invoices=60, seed=3, stdout=StringIO())


@pytest.mark.parametrize("fill", [small, demo])
def test_export_and_import_give_the_same_bytes(fill: Callable[[], None], tmp_path: Path) -> None:
    fill()
    run_export(tmp_path / "first")
    first = files_in(tmp_path / "first")
    assert sorted(first) == sorted(spec.name for spec in FILES)
    assert exported_again(tmp_path / "first", tmp_path / "second") == first


def test_odd_texts_are_written_as_they_stood(tmp_path: Path) -> None:
    small()
    call_command("export_data", tmp_path, stdout=StringIO())
    clients = (tmp_path / "clients.csv").read_bytes().decode()
    assert '\r\nC-9," Zoë ""Z"", Ltd. ",,,,,0,,=1+1,,,,,,yes,\r\n' in clients
    assert "C-10,مرحبا \u202eabc,,,,,0,,\u00e9 is one letter," in clients
    assert '"CR\rLF\nCRLF\r\n"' in (tmp_path / "expenses.csv").read_bytes().decode()


def test_an_export_over_an_older_one_replaces_it_and_leaves_nothing_else(tmp_path: Path) -> None:
    small()
    run_export(tmp_path)
    older = files_in(tmp_path)
    import_texts({"offices.csv": "name\nCalgary\n"})
    assert run_export(tmp_path)["offices.csv"] == 2
    assert sorted(files_in(tmp_path)) == sorted(older)
    assert files_in(tmp_path)["offices.csv"] != older["offices.csv"]
