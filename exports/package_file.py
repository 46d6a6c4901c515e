"""Reading the list that a package exported: one name a line, a column of a CSV, or a list of an IIF; hostile files too.

Nothing in it is believed: size, number of names and their length are limited, and text is text.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exports.formats.fields import CONTROL
from exports.formats.profile import Kind
from exports.uploaded_text import decoded

MOST_BYTES = 2_000_000
MOST_NAMES = 20_000
_LONGEST = 500  # characters of a name
_SHOWN = 12  # columns named in a message
_IIF: dict[Kind, tuple[str, frozenset[str]]] = {  # keyword of the rows, and item types ("" for all)
    Kind.CLIENT: ("CUST", frozenset()),
    Kind.ITEM: ("INVITEM", frozenset()),
    Kind.TAX: ("INVITEM", frozenset({"COMPTAX", "STAX", "OTHC"})),
    Kind.TERMS: ("TERMS", frozenset()),
}
Names = list[tuple[str, str]]  # what is written into files, how the list describes it


class BadList(ValueError):
    """The list cannot be used; the text is for the user. `column`: the field of the form it is about."""

    def __init__(self, text: str, column: str = "file") -> None:
        self.column = column
        super().__init__(text)


@dataclass(frozen=True)
class Wanted:
    """Columns by the name in the first row, or by number from 1; "" for the first, or for no description.

    is_text: a line is one name, commas and all; only a tab parts columns.
    """

    name: str = ""
    words: str = ""
    has_headings: bool = False
    is_text: bool = False


def names_of(data: bytes, kind: Kind, wanted: Wanted) -> Names:
    """The names in the file, each once, in its order. Raises BadList."""
    if len(data) > MOST_BYTES:
        raise BadList(f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} can be read.")
    text = _text(data)
    found = dict.fromkeys(_clean(_from_iif(text, kind) if text.startswith("!") else _from_rows(text, wanted)))
    once: dict[str, str] = {}
    for name, words in found:
        once.setdefault(name, words)
    if not once:
        raise BadList("There is no name in the file.")
    if len(once) > MOST_NAMES:
        raise BadList(f"The file has {len(once):,} names; at most {MOST_NAMES:,} can be kept.")
    return list(once.items())


def _text(data: bytes) -> str:
    """UTF-8, else the Windows code page that most packages write."""
    if b"\0" in data:
        raise BadList("The file is no text: save it as CSV or text, not as a workbook.")
    text = decoded(data)
    if text is None:
        raise BadList("The file is neither UTF-8 nor Windows text.")
    return text


def _clean(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for place, pair in enumerate(pairs, start=1):
        name, words = (unicodedata.normalize("NFC", part.strip()) for part in pair)
        if len(name) > _LONGEST or len(words) > _LONGEST:
            raise BadList(f"Name {place} is longer than {_LONGEST} characters.")
        if CONTROL.search(name + words):
            raise BadList(f"Name {place} has a character that cannot be printed.")
        if name:
            yield name, words


def _from_rows(text: str, wanted: Wanted) -> Iterator[tuple[str, str]]:
    rows = _rows(text, "\t" if wanted.is_text else _delimiter(text))
    first = next(rows, [])
    name = _place(first, wanted.name, "column") or 0
    words = _place(first, wanted.words, "description") if wanted.words else None
    by_name = any(each and not each.isdigit() for each in (wanted.name, wanted.words))
    if not (wanted.has_headings or by_name):
        yield _pair(first, name, words)
    for row in rows:
        yield _pair(row, name, words)


def _delimiter(text: str) -> str:
    """What the first row has most of."""
    return max(",;\t", key=text.partition("\n")[0].count)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows that hold anything."""
    try:
        yield from (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row))
    except csv.Error as error:
        raise BadList(f"The columns of the file are not readable: {error}.") from error


def _place(first: list[str], column: str, field: str) -> int | None:
    """Where a column stands, from 0; None for "". By its heading, else by its number."""
    headings = [each.strip().casefold() for each in first]
    if not column:
        return None
    if column.casefold() in headings:
        return headings.index(column.casefold())
    if column.isascii() and column.isdigit() and 1 <= int(column[:4]) <= len(first):
        return int(column[:4]) - 1
    known = ", ".join(each.strip()[:40] for each in first[:_SHOWN])
    raise BadList(f"The first row has no column “{column[:40]}”. It has: {known}.", field)


def _pair(row: list[str], name: int, words: int | None) -> tuple[str, str]:
    return _cell(row, name), "" if words is None else _cell(row, words)


def _cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _from_iif(text: str, kind: Kind) -> Iterator[tuple[str, str]]:
    """The rows of the list's keyword under the heading before them; other lists are passed over."""
    keyword, types = _IIF[kind]
    headings: list[str] = []
    for row in _rows(text, "\t"):
        if row[0] == f"!{keyword}":
            headings = row
        elif row[0] == keyword and headings:
            cells = dict(zip(headings, row, strict=False))
            if not types or cells.get("INVITEMTYPE") in types:
                yield cells.get("NAME", ""), cells.get("DESC", "")
