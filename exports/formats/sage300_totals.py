"""The control totals of a batch for Sage 300, worked out from the bytes of the workbook or the CSV alone."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree import ElementTree

from exports.formats.base import ControlTotals
from exports.formats.parts_totals import Sums
from exports.formats.profile import Profile

_ZERO = Decimal("0.00")
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEETS = {"1": "xl/worksheets/sheet1.xml", "2": "xl/worksheets/sheet2.xml", "3": "xl/worksheets/sheet3.xml"}
_SHIFTED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Record = dict[str, str]


@dataclass
class _Document:
    number: str
    sign: int
    group: str
    taxes: dict[str, Decimal]  # of the header, by authority of the group: "1"
    line_taxes: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: _ZERO))
    details: list[tuple[str, Decimal]] = field(default_factory=list)  # account, amount
    due: Decimal | None = None


def read_totals(path: Path, profile: Profile) -> ControlTotals:
    """Raises ValueError when taxes of header and lines, or schedule and total, differ.

    A tax is called by its group and its authority there.
    """
    documents: dict[str, _Document] = {}
    records = _csv_records(path, profile) if profile["file"] == "csv" else _xlsx_records(path)
    for kind, record in records:
        try:
            _take(documents, kind, record)
        except (InvalidOperation, KeyError) as error:
            raise ValueError(f"{record}: {error!r}") from error
    sums = Sums()
    for document in documents.values():
        _add(sums, document, states_tax=profile["tax"] == "ours")
    totals = sums.totals(accounts=profile["accounts"] == "shown")
    if profile["tax"] == "ours":
        return totals
    return ControlTotals(totals.count, None, totals.net, accounts=totals.accounts, first=totals.first, last=totals.last)


def _take(documents: dict[str, _Document], kind: str, record: Record) -> None:
    taxes = {name[6:]: Decimal(cell) for name, cell in record.items() if name.startswith("AMTTAX") and cell}
    if kind == "1":
        sign = -1 if record["TEXTTRX"] == "3" else 1
        documents[record["CNTITEM"]] = _Document(record["IDINVC"], sign, record["CODETAXGRP"], taxes)
    elif kind == "2":
        document = documents[record["CNTITEM"]]
        document.details.append((record["IDACCTREV"], Decimal(record["AMTEXTN"])))
        for authority, amount in taxes.items():
            document.line_taxes[authority] += amount
    elif kind == "3":
        documents[record["CNTITEM"]].due = Decimal(record["AMTDUE"])


def _add(sums: Sums, document: _Document, *, states_tax: bool) -> None:
    gross = sum((amount for _, amount in document.details), sum(document.taxes.values(), _ZERO))
    for authority in sorted(document.taxes.keys() | document.line_taxes.keys()) if states_tax else ():
        head, lines = document.taxes.get(authority, _ZERO), document.line_taxes.get(authority, _ZERO)
        if head != lines:
            raise ValueError(f"{document.number}: the header has {head} of tax {authority}, its lines {lines}.")
    if document.due not in {None, gross}:
        raise ValueError(f"{document.number}: {document.due} is due of {gross}.")
    for authority, amount in document.taxes.items():
        sums.take_tax(document.number, f"{document.group}, authority {authority}", document.sign * amount)
    for account, amount in document.details:
        sums.take(document.number, document.sign * amount, account)


def _csv_records(path: Path, profile: Profile) -> Iterator[tuple[str, Record]]:
    """Heading rows come first, in the order of the record types."""
    text = path.read_bytes().decode(profile["encoding"])
    if not text.endswith("\r\n"):
        raise ValueError("The last row is not ended.")
    headings: list[list[str]] = []
    for kind, *cells in csv.reader(io.StringIO(text, newline=""), strict=True):
        if kind == "RECTYPE":
            headings.append(cells)
            continue
        heading = headings[int(kind) - 1]
        if len(heading) != len(cells):
            raise ValueError(f"A record of type {kind} has {len(cells)} values.")
        yield kind, dict(zip(heading, cells, strict=True))


def _xlsx_records(path: Path) -> Iterator[tuple[str, Record]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip():
                raise ValueError(f"{archive.testzip()} is damaged.")
            for kind, name in _SHEETS.items():
                rows = _rows(archive.read(name))
                heading = next(rows)
                yield from ((kind, {name: row.get(at, "") for at, name in heading.items()}) for row in rows)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise ValueError(f"The workbook cannot be read: {error}") from error


def _rows(data: bytes) -> Iterator[Record]:
    """Each row as letters of the column -> text."""
    for _, element in ElementTree.iterparse(io.BytesIO(data)):  # noqa: S314 - the file was written here
        if element.tag == f"{_SPACE}row":
            yield {(cell.get("r") or "").rstrip("0123456789"): _text(cell) for cell in element}
            element.clear()


def _text(cell: ElementTree.Element) -> str:
    text = "".join(cell.itertext())
    return _SHIFTED.sub(lambda found: chr(int(found[1], 16)), text) if cell.get("t") == "inlineStr" else text
