"""Workbooks of plain tables, the same bytes for the same rows: stored entries without a clock, no counters, no author.

Only what an import needs: a sheet a table with its columns in row 1, text and numbers, and for each table a defined
name of the same text over headings and data. No formulas, no styles but the default one.
"""

import re
import tempfile
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from types import TracebackType
from typing import BinaryIO, Self
from xml.sax.saxutils import escape

from exports.formats.parts import entry

_IN_MEMORY = 8_000_000  # bytes of a sheet kept before it goes to disk
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Cell = str | Decimal  # text, or a number; "" is an empty cell


class Table:
    """One sheet under way."""

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        self.name = name
        self.width, self.rows = len(columns), 0
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `copy_to`
        self._write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
        self.add(columns)

    def add(self, cells: Sequence[Cell]) -> None:
        self.rows += 1
        written = "".join(_cell(at, self.rows, cell) for at, cell in enumerate(cells) if cell != "")
        self._write(f'<row r="{self.rows}">{written}</row>')

    def copy_to(self, out: zipfile.ZipFile, name: str) -> None:
        self._write("</sheetData></worksheet>")
        self._file.seek(0)
        with out.open(entry(name), "w") as part:
            while chunk := self._file.read(1 << 20):
                part.write(chunk)
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def area(self) -> str:
        return f"'{self.name}'!$A$1:${_letters(self.width - 1)}${self.rows}"

    def _write(self, text: str) -> None:
        self._file.write(text.encode())


class Workbook:
    """`with Workbook(out, {name: columns}) as book: book[name].add(cells)`; written when the block ends well."""

    def __init__(self, out: BinaryIO, tables: dict[str, Sequence[str]]) -> None:
        self._out = out
        self._tables = [Table(name, columns) for name, columns in tables.items()]

    def __getitem__(self, name: str) -> Table:
        return next(table for table in self._tables if table.name == name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._finish()
        for table in self._tables:
            table.close()

    def _finish(self) -> None:
        names = [f"xl/worksheets/sheet{number}.xml" for number, _ in enumerate(self._tables, start=1)]
        with zipfile.ZipFile(self._out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(entry("[Content_Types].xml"), _content_types(names))
            archive.writestr(entry("_rels/.rels"), _relations([("officeDocument", "xl/workbook.xml")]))
            archive.writestr(entry("xl/workbook.xml"), _workbook(self._tables))
            sheets = [("worksheet", name.removeprefix("xl/")) for name in names]
            archive.writestr(entry("xl/_rels/workbook.xml.rels"), _relations([*sheets, ("styles", "styles.xml")]))
            archive.writestr(entry("xl/styles.xml"), _STYLES)
            for table, name in zip(self._tables, names, strict=True):
                table.copy_to(archive, name)


def _cell(at: int, row: int, value: Cell) -> str:
    place = f"{_letters(at)}{row}"
    if isinstance(value, Decimal):
        return f'<c r="{place}"><v>{value:f}</v></c>'
    text = escape(_LOOKS_ESCAPED.sub("_x005F_", value))  # Excel reads _x0041_ as A
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(at: int) -> str:
    """The column at `at`, from 0: A .. Z, AA .."""
    tens, ones = divmod(at, 26)
    return (_letters(tens - 1) if tens else "") + chr(ord("A") + ones)


def _workbook(tables: list[Table]) -> str:
    numbered = list(enumerate(tables, start=1))
    sheets = "".join(f'<sheet name="{table.name}" sheetId="{n}" r:id="rId{n}"/>' for n, table in numbered)
    names = "".join(f'<definedName name="{table.name}">{table.area}</definedName>' for table in tables)
    body = f"<sheets>{sheets}</sheets><definedNames>{names}</definedNames>"
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{body}</workbook>'


def _relations(targets: list[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{each}</Relationships>'


def _content_types(sheets: list[str]) -> str:
    kinds = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles"), *((name, "worksheet") for name in sheets)]
    parts = "".join(f'<Override PartName="/{name}" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in kinds)
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = (
        f'<Default Extension="rels" ContentType="{relations}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{defaults}{parts}</Types>'
    )


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
