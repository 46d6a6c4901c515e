"""CSV as RFC 4180 has it, strictly: comma, quotes doubled inside quotes, no stray quotes. CR, LF and CRLF end a row.

The standard library's reader does not say on which line a row begins, and reads stray quotes as text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

_FIELD = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\r|\n|\Z)')
_LINE_END = re.compile(r"\r\n|\r|\n")

Record = tuple[int, list[str] | None, str]  # line where it begins; cells, or None and what is wrong


def decode(data: bytes) -> str:
    """UTF-8 with or without a byte order mark. UnicodeDecodeError for anything else."""
    return data.decode("utf-8-sig")


def undecodable_line(data: bytes, error: UnicodeDecodeError) -> int:
    """The line of the first byte that is not UTF-8."""
    start = data[:3] == b"\xef\xbb\xbf"
    return 1 + len(re.findall(rb"\r\n|\r|\n", data[: error.start + 3 * start]))


def records(text: str) -> Iterator[Record]:
    """The rows of a file in order, blank lines left out. A malformed row is named; reading goes on after its line."""
    position, line = 0, 1
    while position < len(text):
        end = _LINE_END.match(text, position)
        if end:
            position, line = end.end(), line + 1
            continue
        cells, after, wrong = _record(text, position)
        yield line, None if wrong else cells, wrong
        line += len(_LINE_END.findall(text, position, after))
        position = after


def _record(text: str, position: int) -> tuple[list[str], int, str]:
    """Cells of the row at `position`, where the next one begins, and what is wrong with it."""
    cells: list[str] = []
    while True:
        match = _FIELD.match(text, position)
        if match is None:
            wrong = _reason(text, position)
            end = None if wrong == _UNCLOSED else _LINE_END.search(text, position)
            return cells, end.end() if end else len(text), wrong
        quoted, plain, delimiter = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if delimiter != ",":
            return cells, position, ""


_UNCLOSED = "a quote is opened and never closed"


def _reason(text: str, position: int) -> str:
    if text[position] != '"':
        return "a quote stands inside a value that is not quoted"
    if re.compile(r'"[^"]*(?:""[^"]*)*"').match(text, position):
        return "text stands after a closing quote"
    return _UNCLOSED


def write(out: io.TextIOBase, rows: Iterable[Iterable[str]]) -> None:
    """Rows as RFC 4180 has them, CRLF at the end of each."""
    csv.writer(out, lineterminator="\r\n").writerows(rows)
