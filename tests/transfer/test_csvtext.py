"""Reading and writing CSV: what is written is read back exactly; random bytes are named, never a crash."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobbook.transfer import csvtext
from jobbook.transfer.layout import CLIENTS, FILES
from jobbook.transfer.sheets import Problems, read_sheet

RELAXED = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1))
AWKWARD = st.text(st.sampled_from('a,"\r\n;0-'), max_size=40)


@RELAXED
@given(TABLES)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csvtext.write(out, rows)
    read = list(csvtext.records(out.getvalue()))
    assert [cells for _, cells, _ in read] == rows
    assert not any(wrong for _, _, wrong in read)


@RELAXED
@given(AWKWARD)
def test_it_reads_what_the_standard_library_reads_or_says_what_is_wrong(text: str) -> None:
    read = list(csvtext.records(text))
    if any(wrong for _, _, wrong in read):
        return
    expected = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert [cells for _, cells, _ in read] == expected


@RELAXED
@given(st.lists(AWKWARD.filter(lambda text: '"' not in text), max_size=5))
def test_rows_begin_on_the_lines_on_which_they_begin(parts: list[str]) -> None:
    text = "".join(f'{n},"{part}"\r\n' for n, part in enumerate(parts))
    starts, line = [], 1
    for part in parts:
        starts.append(line)
        line += 1 + len((part.replace("\r\n", "\n").replace("\r", "\n")).split("\n")) - 1
    assert [line for line, _, _ in csvtext.records(text)] == starts


@RELAXED
@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
@given(data=st.data())
def test_random_cells_are_problems_and_never_crash(spec: object, data: st.DataObject) -> None:
    assert isinstance(spec, type(CLIENTS))
    names = [column.name for column in spec.columns]
    cell = st.one_of(CELLS, st.sampled_from(["", "1", "-1.5", "2026-01-01", "yes", "a@b.example", "GST;PST", "9" * 40]))
    rows = data.draw(st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=3))
    out = io.StringIO(newline="")
    csvtext.write(out, [names, *rows])
    problems = Problems()
    read_sheet(spec, out.getvalue().encode(), problems)
    for problem in problems.found:
        assert str(problem).isprintable()


@RELAXED
@given(st.binary(max_size=60))
def test_random_bytes_never_crash(data: bytes) -> None:
    problems = Problems()
    read_sheet(CLIENTS, b"client_number,name\n" + data, problems)
