"""An independent reader of ZIPs with numbered CSV files: entry names, dates, encodings, strict CSV, documents whole."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.exports.csv_reader import Broken, ensure, records

__all__ = ["Broken", "Document", "ensure"]
MONEY = re.compile(r"-?\d+\.\d\d")
QUANTITY = re.compile(r"-?\d+(\.\d{1,4})?")
CENT = Decimal("0.01")


@dataclass
class Document:
    number: str
    rows: list[dict[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.rows[0][name]

    def sum(self, name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in self.rows), Decimal("0.00"))


def read_parts(data: bytes, stem: str, number: str) -> list[list[Document]]:
    """The documents of each file; `number` is the column that tells them apart."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ensure(archive.testzip() is None, "a damaged entry")
        infos = archive.infolist()
        names = [info.filename for info in infos]
        ensure(names == [f"{stem}-{n:03}.csv" for n in range(1, len(infos) + 1)], f"names {names}")
        fixed = {(info.date_time, info.compress_type, info.external_attr) for info in infos}
        ensure(fixed <= {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644 << 16)}, "dates or modes of entries")
        parts = [documents(table(archive.read(name)), number) for name in names]
    seen = [document.number.casefold() for part in parts for document in part]
    ensure(len(set(seen)) == len(seen), "a number stands there twice")
    return parts


def table(data: bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Rows by column name. No byte order mark, strict CSV, one width, one line a row, no blank row."""
    ensure(data and not data.startswith(b"\xef\xbb\xbf"), "empty, or with a byte order mark")
    heading, *rows = records(data.decode(encoding))
    ensure(len(set(heading)) == len(heading), "a column stands there twice")
    for cells in rows:
        ensure(len(cells) == len(heading), f"{len(cells)} cells under {len(heading)} columns")
        ensure(any(cells), "a blank row")
        ensure(not re.search("[\x00-\x1f\x7f-\x9f\ufeff]", "".join(cells)), f"a control character in {cells}")
    return [dict(zip(heading, cells, strict=True)) for cells in rows]


def documents(rows: list[dict[str, str]], number: str) -> list[Document]:
    """Rows of one number stand together."""
    found: list[Document] = []
    for row in rows:
        if not found or found[-1].number != row[number]:
            found.append(Document(row[number]))
        found[-1].rows.append(row)
    return found


def is_utf_8(data: bytes) -> bool:
    """Whether bytes that should be those of a Windows code page are not."""
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False


def same(document: Document, columns: list[str]) -> None:
    for name in columns:
        ensure(len({row[name] for row in document.rows}) == 1, f"{document.number}: {name} differs")


def day(text: str, style: str) -> date:
    """style: dmy, mdy or iso; ten characters, a real day."""
    if style == "iso":
        ensure(re.fullmatch(r"\d{4}-\d\d-\d\d", text), f"the date {text!r}")
        return date.fromisoformat(text)
    ensure(re.fullmatch(r"\d\d/\d\d/\d{4}", text), f"the date {text!r}")
    first, second, year = map(int, text.split("/"))
    return date(year, second, first) if style == "dmy" else date(year, first, second)


def begins_like_a_formula(cell: str) -> bool:
    """As a spreadsheet sees it; numbers are none."""
    return bool(re.match(r"[=+@\-\t\r\n]", cell)) and not re.fullmatch(r"-?\d+(\.\d+)?%?", cell)
