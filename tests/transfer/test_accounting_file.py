"""accounting.csv: settings and names of the packages, in and out."""

from pathlib import Path

import pytest

from exports import profiles
from exports.formats.profile import Kind, Mapped
from exports.models import ProfileEntry
from exports.profile_change import Wish, change_entries
from exports.profile_history import profile_history
from jobbook.common.audit import CommandLine
from jobbook.common.models import AuditEntry
from jobbook.transfer.exporting import run_export
from jobbook.transfer.importing import run_import
from tests.commands import assert_sound
from tests.transfer.folders import SMALL, import_texts
from tests.transfer.test_round_trip import exported_again

pytestmark = pytest.mark.django_db
NAMES = """\
format,kind,ours,theirs,account,extra
quickbooks-desktop,setting,dates,iso,,
quickbooks-desktop,setting,receivables,A/R - Trade,,
quickbooks-desktop,item,LAB,Field:Labour,4010,
quickbooks-desktop,item,,Other work,,
quickbooks-desktop,tax,GST;PST,GST/PST,,CRA
sage-300,client,C-1,KES,,
sage-300,terms,Net 30,N30,,
"""


@pytest.mark.django_db(transaction=True)
def test_the_file_is_imported_and_comes_out_byte_for_byte(tmp_path: Path) -> None:
    result = import_texts({**SMALL, "accounting.csv": NAMES})
    assert not result.problems
    assert str(result.counts["accounting.csv"]) == "7 made, 0 updated, 0 left alone"
    iif = profiles.current("quickbooks-desktop")
    assert (iif["dates"], iif["receivables"]) == ("iso", "A/R - Trade")
    assert iif.mapped(Kind.ITEM, "LAB") == Mapped("Field:Labour", "4010")
    assert iif.mapped(Kind.ITEM, "") == Mapped("Other work")
    assert profiles.current("sage-300").mapped(Kind.CLIENT, "C-1") == Mapped("KES")
    (step,) = profile_history("sage-300", Kind.CLIENT, {})
    assert (step.what, step.by, [(each.label, each.after) for each in step.changes]) == (
        "Imported",
        "command line",
        [("C-1", "KES")],
    )
    run_export(tmp_path / "first")
    first = (tmp_path / "first" / "accounting.csv").read_bytes()
    assert first.decode().replace("\r\n", "\n") == NAMES
    assert exported_again(tmp_path / "first", tmp_path / "second")["accounting.csv"] == first


def test_a_second_import_changes_nothing_and_a_new_value_alone_what_it_says(tmp_path: Path) -> None:
    import_texts({**SMALL, "accounting.csv": NAMES})
    before = AuditEntry.objects.count()
    again = import_texts({"accounting.csv": NAMES})
    assert str(again.counts["accounting.csv"]) == "0 made, 0 updated, 7 left alone"
    assert AuditEntry.objects.count() == before
    part = "format,kind,ours,theirs\nquickbooks-desktop,item,LAB,Labour\nsage-300,client,C-1,\nsage-300,client,C-2,\n"
    changed = import_texts({"accounting.csv": part})
    assert str(changed.counts["accounting.csv"]) == "0 made, 2 updated, 1 left alone"
    assert profiles.current("quickbooks-desktop").mapped(Kind.ITEM, "LAB") == Mapped("Labour", "4010")
    assert profiles.current("sage-300").maps == {Kind.TERMS: {"Net 30": Mapped("N30")}}
    run_export(tmp_path)
    assert "sage-300,client" not in (tmp_path / "accounting.csv").read_text()
    assert_sound()


def test_a_dry_run_writes_nothing() -> None:
    import_texts(SMALL)
    result = run_import({"accounting.csv": NAMES.encode()}, by=CommandLine(), dry_run=True)
    assert result.counts["accounting.csv"].made == 7
    assert not ProfileEntry.objects.exists()


def test_every_problem_is_told_and_nothing_written() -> None:
    rows = """\
xero,terms,Net 30,30D,,
csv,setting,guard,maybe,,
csv,setting,colour,red,,
csv,setting,bom,off,4010,x
quickbooks-online,item,LAB,Work,4010,
sage-300,client,C-9,NINE,,
sage-300,client,,NOBODY,,
sage-300,item,NOPE,NOPE,,
sage-300,tax,GST;HST,BC,,
sage-300,terms,,N0,,
pdf-zip,setting,x,y,,
sage-300,colour,x,y,,
sage-300,client,C-1,ONE,,
sage-300,client,C-1,TWO,,
"""
    result = import_texts({**SMALL, "accounting.csv": NAMES.partition("\n")[0] + "\n" + rows})
    told = [f"{problem.line} {problem.column}: {problem.text}" for problem in result.problems]
    assert told == [
        "2 kind: Xero takes our own names of terms",
        "3 theirs: 'maybe' is none of on, off",
        "4 ours: Generic CSV has no such setting",
        "5 account: a setting has nothing but its value",
        "5 extra: a setting has nothing but its value",
        "6 account: QuickBooks Online (CSV) has no account for items",
        '7 ours: there is no client "C-9"',
        '8 ours: there is no client ""',
        '9 ours: there is no item "NOPE"',
        '10 ours: there is no tax "HST"',
        "11 ours: must not be empty",
        '12 format: "pdf-zip" is not one of: quickbooks-desktop, quickbooks-online, sage-50-us, sage-50-ca, sage-300, '
        "csv, xero",
        '13 kind: "colour" is not one of: setting, client, item, tax, terms',
        '15 ours: "sage-300" "client" "C-1" stands in line 14 already',
    ]
    assert not ProfileEntry.objects.exists()


def test_columns_that_must_be_there() -> None:
    result = import_texts({**SMALL, "accounting.csv": "format,kind\ncsv,setting\n"})
    assert [(each.column, each.text) for each in result.problems] == [
        ("ours", "this column is missing"),
        ("theirs", "this column is missing"),
    ]


def test_pages_and_file_keep_the_same_rows() -> None:
    """What a page emptied is mapped again by the file, on the row whose history it has."""
    import_texts({**SMALL, "accounting.csv": NAMES})
    change_entries("sage-300", Kind.CLIENT, {"C-1": Wish(Mapped())}, by=CommandLine())
    result = import_texts({"accounting.csv": NAMES})
    assert str(result.counts["accounting.csv"]) == "0 made, 1 updated, 6 left alone"
    assert [step.what for step in profile_history("sage-300", Kind.CLIENT, {})] == ["Imported", "Changed", "Imported"]
