"""The results as the table that `make bench` prints and keeps in docs/performance.md."""

import json
import os
import platform
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import Result
from tests.processes import ROOT

DOCS = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
ONCE, SQLITE, POSTGRES = "", "SQLite", "PostgreSQL"


@dataclass(frozen=True)
class Row:
    """A result, and where it was measured: SQLite, PostgreSQL, or "" for what touches no database."""

    place: str
    result: Result

    @property
    def key(self) -> tuple[str, str, str]:
        return self.result.code, self.result.label, self.result.goal


def said(place: str, result: Result) -> str:
    """A line for the terminal."""
    control = "" if result.control is None else f"A/A {result.control:.2f}"
    paired = "" if result.paired is None else f"({result.paired:.2f})"
    figures = f"{result.figure:>14} {paired:>9} {result.goal or 'no goal':>9} {control:>9} {result.verdict:>6}"
    return f"{place or 'once':<10} {result.code:<6} {figures}  {result.label}"


def load(path: Path) -> list[Row]:
    """What an earlier run found."""
    if not path.is_file():
        return []
    return [Row(each.pop("place"), Result(**each)) for each in json.loads(path.read_text())]


def save(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([{"place": row.place, **asdict(row.result)} for row in rows], indent=1) + "\n")


def merged(old: list[Row], new: list[Row]) -> list[Row]:
    """The new rows in place of the old ones of the same name, in the order of the codes."""
    found = {(row.place, row.result.label): row for row in [*old, *new]}
    return sorted(found.values(), key=lambda row: row.result.code)


def markdown(rows: list[Row]) -> str:
    """One line for each thing measured, a column for each database."""
    lines = ["| | what | goal | SQLite or no database | PostgreSQL |", "|---|---|---|---|---|"]
    keys = list(dict.fromkeys(row.key for row in rows))
    for key in keys:
        cells = {row.place: cell(row.result) for row in rows if row.key == key}
        left = cells.get(ONCE) or cells.get(SQLITE, "")
        code, label, goal = key
        lines.append(f"| {code} | {label} | {goal} | {left} | {cells.get(POSTGRES, '')} |")
    return "\n".join(lines)


def cell(result: Result) -> str:
    paired = "" if result.paired is None else f" ({result.paired:.2f})"
    control = "" if result.control is None else f", A/A {result.control:.2f}"
    verdict = {"missed": " **missed**", "void": " *void*"}.get(result.verdict, "")
    return f"{result.figure}{paired}{control}{verdict}"


def machine() -> str:
    load = "/".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load} at the end, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


def write_docs(rows: list[Row], docs: Path = DOCS) -> None:
    """Replace what stands between the markers."""
    text = docs.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    docs.write_text(f"{before}{BEGIN}\n{machine()}\n\n{markdown(rows)}\n{END}{after}", encoding="utf-8")
