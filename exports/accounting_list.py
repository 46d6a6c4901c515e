"""Accounting's own list as text: its rows, and which of its columns hold number, amount and reference. Pure."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from exports.uploaded_text import UTF_8_OR_WINDOWS, decoded
from jobbook.common.amounts import read_amount

MOST_BYTES = 1_000_000
_DELIMITERS = ("\t", ";", ",", "|")
_AMOUNT_WORDS = ("amount", "total", "gross", "balance")
_REFERENCE_WORDS = ("reference", "ref", "transaction", "trans", "txn", "entry", "document", "id", "no")


class BadList(ValueError):
    """The list cannot be used; the text is for the user."""


@dataclass(frozen=True)
class Row:
    """A row of the list; all have the same number of cells. line: where it ends in the text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Which column holds what, from 0. Without numbers the list is a column of references in the run's order."""

    number: int | None = None
    amount: int | None = None
    reference: int | None = None


def decode(data: bytes) -> str:
    """The text of an uploaded list: UTF-8, UTF-16 with its mark, else the code page of Western Windows."""
    if len(data) > MOST_BYTES:
        raise BadList(f"The list has {len(data):,} bytes; at most {MOST_BYTES:,} are read.")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise BadList("This is a workbook. Save the sheet as CSV, or copy its columns and paste them.")
    text = decoded(data, ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else UTF_8_OR_WINDOWS)
    if text is None:
        raise BadList("The list is no text that can be read. Save it as CSV in UTF-8.")
    return text


def rows_of(text: str) -> list[Row]:
    """The rows of a list whose cells are parted by tabs, semicolons, commas or bars, whichever fits best.

    A blank line counts in a single column, where the order tells, and nowhere else.
    """
    if "\0" in text:
        raise BadList("The list is no text that can be read. Save it as CSV in UTF-8.")
    lines = text.removesuffix("\n").removesuffix("\r").splitlines()
    tables = [_table(text, delimiter) for delimiter in _DELIMITERS]
    best = max(tables, key=lambda rows: sum(len(row.cells) > 1 for row in rows))
    filled = sum(bool(line.strip()) for line in lines)
    if sum(len(row.cells) > 1 for row in best) * 2 < filled or not best:
        return [Row(number, (line.strip(),)) for number, line in enumerate(lines, start=1)]
    width = max(len(row.cells) for row in best)
    return [Row(row.line, row.cells + ("",) * (width - len(row.cells))) for row in best if any(row.cells)]


def _table(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [Row(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error as error:
        raise BadList(f"Line {reader.line_num} of the list cannot be read: {error}.") from error


def key_of(number: str) -> str:
    """Numbers that differ in capitals alone are one."""
    return number.strip().casefold()


def guess(rows: list[Row], totals: Mapping[str, Decimal]) -> Columns:
    """The columns of a list, by what their cells are. totals: of the run's invoices, by `key_of` their numbers."""
    width = len(rows[0].cells) if rows else 0
    hits = [sum(key_of(row.cells[column]) in totals for row in rows) for column in range(width)]
    if width == 1 and not hits[0]:
        return Columns(reference=0)
    if not any(hits):
        raise BadList("No column of the list has a number of this run’s invoices.")
    number = hits.index(max(hits))
    others = [column for column in range(width) if column != number]
    known = [row for row in rows if key_of(row.cells[number]) in totals]
    labels = [label.casefold() for label in heading(rows, number, totals)]
    amount = _amount_column(known, number, others, labels, totals)
    return Columns(number, amount, _reference_column(known, [each for each in others if each != amount], labels))


def heading(rows: list[Row], number: int | None, totals: Mapping[str, Decimal]) -> tuple[str, ...]:
    """The row before the first that names an invoice of the run; blanks when there is none."""
    before = Row(0, ("",) * (len(rows[0].cells) if rows else 0))
    for row in rows:
        if number is not None and key_of(row.cells[number]) in totals:
            break
        before = row
    return before.cells


def _amount_column(
    known: list[Row], number: int, others: list[int], labels: list[str], totals: Mapping[str, Decimal]
) -> int | None:
    """The column with most of the run's totals; else one of amounts that is called so."""

    def equal(column: int) -> int:
        return sum(read_amount(row.cells[column]) == totals[key_of(row.cells[number])] for row in known)

    best = max(others, key=equal, default=None)
    if best is not None and equal(best):
        return best
    amounts = [each for each in others if all(read_amount(row.cells[each]) is not None for row in known)]
    return _first(amounts, lambda column: any(word in labels[column] for word in _AMOUNT_WORDS))


def _reference_column(known: list[Row], others: list[int], labels: list[str]) -> int | None:
    """The column called a reference, else the only one that is left or that has another text for each invoice."""
    for word in _REFERENCE_WORDS:
        found = _first(others, lambda column, word=word: word in labels[column].replace(".", " ").split())  # type: ignore[misc]
        if found is not None:
            return found
    different = [each for each in others if len({row.cells[each] for row in known} - {""}) == len(known)]
    return next((columns[0] for columns in (others, different) if len(columns) == 1), None)


def _first(columns: Iterable[int], fits: Callable[[int], bool]) -> int | None:
    return next((column for column in columns if fits(column)), None)
