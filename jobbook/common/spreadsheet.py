"""Tables as files to work with: CSV for programs, XLSX with real numbers, dates and a frozen head.

What a screen shows is a `Sheet`; both files are written from it, so they cannot differ. Text never becomes a
formula: XLSX cells are written as strings, CSV cells get an apostrophe before what a spreadsheet would calculate.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

Kind = Literal["text", "money", "quantity", "percent", "count", "date"]
Value = str | Decimal | int | date | None
FILES = ("csv", "xlsx")
_FORMULA = re.compile(r"[\s]*[=+\-@]|[\t\r]")
_FORMATS = {"money": "#,##0.00", "quantity": "#,##0.00##", "percent": "0.00##", "count": "#,##0", "date": "yyyy-mm-dd"}
_WIDTHS = {"text": 24, "money": 15, "quantity": 12, "percent": 10, "count": 8, "date": 12}


@dataclass(frozen=True)
class Field:
    """A column of a sheet. percent: 12.5 stands for 12.5 %."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table with what it is of. `about` are lines over it: filters, period, as of when. total: its last row."""

    title: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[Value]]
    about: Sequence[str] = ()
    total: Sequence[Value] | None = None


def csv_bytes(sheet: Sheet) -> bytes:
    """RFC 4180, CRLF, UTF-8 with byte order mark; head and rows alone, so that a program can read it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow([field.label for field in sheet.fields])
    rows.writerows([_plain(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": sheets[0].title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock in files
    styles = _Styles(book)
    for sheet in sheets:
        _write(book.add_worksheet(_sheet_name(sheet.title)), sheet, styles)
    book.close()
    return out.getvalue()


def file_response(kind: str, sheets: Sequence[Sheet], name: str) -> HttpResponse:
    """The download "name, day.csv" or ".xlsx" of sheets; a CSV holds the first. kind: "csv" or "xlsx"."""
    if kind == "csv":
        response = HttpResponse(csv_bytes(sheets[0]), content_type="text/csv; charset=utf-8")
    else:
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(xlsx_bytes(sheets), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name} {timezone.localdate():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


class _Styles:
    """The cell formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.plain = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        self.total = {
            kind: book.add_format({"num_format": text, "bold": True, "top": 1}) for kind, text in _FORMATS.items()
        }
        self.total_text = book.add_format({"bold": True, "top": 1})


def _write(page: Any, sheet: Sheet, styles: _Styles) -> None:
    page.write_string(0, 0, sheet.title, styles.title)
    for at, line in enumerate(sheet.about, start=1):
        page.write_string(at, 0, line)
    top = len(sheet.about) + 2
    for at, field in enumerate(sheet.fields):
        page.set_column(at, at, _WIDTHS[field.kind])
        page.write_string(top, at, field.label, styles.head)
    page.freeze_panes(top + 1, 0)
    row = top
    for row, values in enumerate(sheet.rows, start=top + 1):
        _write_row(page, row, sheet.fields, values, styles.plain, None)
    if row > top:
        page.autofilter(top, 0, row, len(sheet.fields) - 1)
    if sheet.total is not None:
        _write_row(page, row + 1, sheet.fields, sheet.total, styles.total, styles.total_text)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write_row(page: Any, row: int, fields: Sequence[Field], values: Sequence[Value], styles: Any, text: Any) -> None:
    for at, (field, value) in enumerate(zip(fields, values, strict=True)):
        if value is None or value == "":
            page.write_blank(row, at, None, text) if text else None
        elif isinstance(value, str):
            page.write_string(row, at, value, text)
        elif isinstance(value, date):
            page.write_datetime(row, at, value, styles["date"])
        else:
            page.write_number(row, at, value, styles[field.kind])


def _plain(value: Value) -> str:
    """A cell of a CSV file: amounts with two decimals, other numbers with those they have, days as 2026-11-17."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return str(value) if isinstance(value, int) else f"{value:f}"  # an int would get six decimals


def _sheet_name(title: str) -> str:
    """What Excel takes for the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip()
