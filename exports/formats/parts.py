"""Numbered CSV files in one ZIP, for packages that take only so many documents or rows a file.

Rows of a document are never torn apart. Entries are stored, not deflated, and carry no clock: the same rows give the
same bytes wherever they are written. UTF-8 without byte order mark, CR LF, quotes only where needed.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self


class TooLarge(ValueError):
    """One document alone is more than a file may hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file; `rows` counts the heading."""

    documents: int
    rows: int = 1_000_000
    size: int = 1_000_000_000  # bytes


class Parts:
    """Collects one part in memory, then writes it: `with Parts(..) as parts: parts.add(rows)`."""

    def __init__(self, out: BinaryIO, stem: str, heading: Sequence[str], limits: Limits) -> None:
        self._archive = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._stem, self._limits = stem, limits
        self._heading = _bytes_of([heading])
        self._written = 0
        self._begin()

    def _begin(self) -> None:
        self._documents, self._rows, self._chunks, self._size = 0, 1, [self._heading], len(self._heading)

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """The rows of one document. Raises TooLarge."""
        data = _bytes_of(rows)
        if len(rows) + 1 > self._limits.rows or len(self._heading) + len(data) > self._limits.size:
            raise TooLarge(f"{len(rows)} rows, {len(data)} bytes")
        if not self._has_room(len(rows), len(data)):
            self._flush()
        self._documents += 1
        self._rows += len(rows)
        self._size += len(data)
        self._chunks.append(data)

    def _has_room(self, rows: int, size: int) -> bool:
        return (
            self._documents < self._limits.documents
            and self._rows + rows <= self._limits.rows
            and self._size + size <= self._limits.size
        )

    def _flush(self) -> None:
        self._written += 1
        self._archive.writestr(entry(f"{self._stem}-{self._written:03}.csv"), b"".join(self._chunks))
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None and self._documents:
            self._flush()
        self._archive.close()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry without a clock, stored, mode 0644, whatever this machine is."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED
    return info


def _bytes_of(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
