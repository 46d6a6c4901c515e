"""`make bench` once at its smallest, so that it cannot rot. Its figures mean nothing here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import Result, interleave, table
from tests.processes import ROOT

CODES = ["G1", "G2", "G3", "G4", "G5", "G6", "plan", "B1", "B2", "B3", "E1", "C1", "I", "P1", "P5", "P6", "J1"]


@pytest.mark.sqlite  # once, all of it: on PostgreSQL nothing differs but the address
@pytest.mark.timeout(300)
def test_the_whole_suite_runs() -> None:
    environment = {**os.environ}
    environment.pop("JOBBOOK_TEST_DATA_DIR", None)  # a data directory of its own, as `make bench` has
    words = [sys.executable, "-m", "tests.bench", "--size", "small", "--databases", "sqlite"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for code in CODES:
        assert f" {code} " in done.stdout, done.stdout
    counted = [line for line in done.stdout.splitlines() if " G4 " in line or " B3 " in line]
    assert counted
    assert not [line for line in counted if "missed" in line]  # counts hold on any machine


def test_a_ratio_stands_beside_its_goal_and_its_control() -> None:
    assert Result("a : b", "<= 1.30", 1.2, 1.0).verdict == "met"
    assert Result("a : b", "<= 1.30", 1.4, 1.0).verdict == "missed"
    assert Result("a : b", "<= 1.30", 1.2, 1.2).verdict == "void"
    assert Result("a : b", "", 9.0, 1.0).verdict == ""


def test_the_slower_side_is_seen() -> None:
    ratio, _, typical = interleave(lambda: sum(range(200_000)), lambda: sum(range(20_000)), 5)
    assert ratio > 2
    assert typical > 2


def test_a_part_measured_again_replaces_its_rows_only(tmp_path: Path) -> None:
    docs = tmp_path / "performance.md"
    docs.write_text(f"Words\n{table.BEGIN}\nold\n{table.END}\nmore words\n")
    old = [
        table.Row(table.SQLITE, Result("page", "<= 1.10", 1.5, 1.0, code="G1")),
        table.Row(table.SQLITE, Result("undo", "<= 3.00", 2.5, 1.0, code="B2")),
    ]
    new = [
        table.Row(table.SQLITE, Result("page", "<= 1.10", 1.0, 1.0, code="G1")),
        table.Row(table.POSTGRES, Result("page", "<= 1.10", 1.2, 1.0, code="G1")),
    ]
    table.save(tmp_path / "kept.json", table.merged(old, new))
    table.write_docs(table.load(tmp_path / "kept.json"), docs)
    text = docs.read_text()
    assert "| G1 | page | <= 1.10 | 1.00, A/A 1.00 | 1.20, A/A 1.00 **missed** |" in text
    assert "| B2 | undo | <= 3.00 | 2.50, A/A 1.00 |  |" in text
    assert text.startswith("Words\n")
    assert text.endswith("\nmore words\n")
    assert "old" not in text
