"""Columns of a grid. Each declares the fields it reads, how it sorts, one `cell` that escapes, and its `value`.

The classes are django-tables2 columns: a Table declares which there are and in which order. The rows of a page are
not rendered by django-tables2 but by one line compiled from the columns' cells (rendering.py), which is ten times
faster; `render` gives the same cell to django-tables2.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import F, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower, NullIf
from django.utils import timezone
from django.utils.html import format_html
from django_tables2.utils import A

from jobbook.common.money import format_hours, format_money
from jobbook.common.spreadsheet import Kind
from jobbook.common.spreadsheet import Value as FileValue
from jobbook.common.templatetags.jobbook import moment

NONE = '<span class="sub"><span aria-hidden="true">—</span><span class="vh">none</span></span>'


class GridColumn(tables.Column):
    """A column over one or more fields of `values_list`.

    css: classes of its cells. descending_first: the first click sorts the largest first. shown: is it a default
    column. header: row header of the row. `sort` names the fields it orders by; "-" before one turns it around.
    kind: what `value` is in a file; None for a column that is no value and so in no file.
    """

    css: ClassVar[str] = "lo"
    kind: ClassVar[Kind | None] = "text"
    descending_first: ClassVar[bool] = False
    row_header: ClassVar[bool] = False

    def __init__(
        self, label: str, *fields: str, sort: Sequence[str] = (), shown: bool = True, css: str | None = None
    ) -> None:
        super().__init__(verbose_name=label, empty_values=(), orderable=bool(sort), visible=shown)
        self.fields = fields
        self.sort = tuple(sort)
        self.classes = self.css if css is None else css

    def cell(self, *values: Any) -> str:
        """The HTML inside the cell, escaped. `values` are those of `fields`."""
        value = values[0]
        return NONE if value is None or value == "" else escape(str(value))

    def value(self, *values: Any) -> FileValue:
        """What a file holds in its place: a number or a day as such, else the words of the cell; None for nothing."""
        value: FileValue = values[0]
        return value

    def total(self, value: Any) -> str:
        """The HTML of a sum of this column: under a group and under the table."""
        return self.cell(value)

    def render(self, record: Any) -> str:
        """The same cell for django-tables2."""
        return format_html("{}", self.cell(*(A(name).resolve(record, quiet=True) for name in self.fields)))

    def ordering(self, *, descending: bool) -> list[OrderBy]:
        """What the database orders by. Empty and missing values come last either way."""
        return [order_by(name, descending=descending) for name in self.sort]


def order_by(name: str, *, descending: bool = False) -> OrderBy:
    """'invoice_date', '-total', 'lower:client_name', 'blank:po_number' (blank last), 'null:paid_on' (missing last)."""
    if name.startswith("-"):
        name, descending = name[1:], not descending
    kind, _, field = name.rpartition(":")
    expression: Any = F(field)
    if kind in {"lower", "blank"}:
        expression = Lower(field)
    if kind == "blank":
        expression = NullIf(expression, Value(""))
    return OrderBy(expression, descending=descending, nulls_last=True if kind in {"null", "blank"} else None)


class TextColumn(GridColumn):
    """Text, or a dash."""


class DateColumn(GridColumn):
    """A date: 2026-11-17."""

    kind = "date"

    def cell(self, *values: Any) -> str:
        value: date | None = values[0]
        if value is None:
            return NONE
        shown = value.isoformat()
        return f'<time datetime="{shown}">{shown}</time>'


class MomentColumn(GridColumn):
    """A point in time in the company's zone, or `missing` in words."""

    missing = "Not yet"

    def cell(self, *values: Any) -> str:
        value: datetime | None = values[0]
        return f'<span class="sub">{self.missing}</span>' if value is None else str(moment(value))

    def value(self, *values: Any) -> FileValue:
        return None if values[0] is None else f"{timezone.localtime(values[0]):%Y-%m-%d %H:%M}"


class MoneyColumn(GridColumn):
    """An amount. Negatives in parentheses, with the word a screen reader needs."""

    css = "lo num"
    kind = "money"
    descending_first = True

    def cell(self, *values: Any) -> str:
        return money_html(values[0])


class HoursColumn(GridColumn):
    """A number of hours."""

    css = "lo num"
    kind = "quantity"
    descending_first = True

    def cell(self, *values: Any) -> str:
        value: Decimal | None = values[0]
        return NONE if value is None else f'<data value="{value}">{format_hours(value)}</data>'


class AgeColumn(GridColumn):
    """Days since a date; red above `old`."""

    css = "lo num"
    kind = "count"
    descending_first = True
    old = 30

    def cell(self, *values: Any) -> str:
        if values[0] is None:
            return NONE
        days = age(values[0])
        return (
            f'<span class="old">{days}<span class="vh"> days, over {self.old}</span></span>'
            if days > self.old
            else str(days)
        )

    def value(self, *values: Any) -> FileValue:
        return None if values[0] is None else age(values[0])


class ChoiceColumn(GridColumn):
    """The label of a value with choices."""

    def __init__(self, label: str, *fields: str, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(label, *fields, **kwargs)
        self.labels = {value: str(text) for value, text in choices}

    def cell(self, *values: Any) -> str:
        label = self.labels.get(values[0])
        return NONE if label is None else escape(label)

    def value(self, *values: Any) -> FileValue:
        return self.labels.get(values[0])


def money_html(value: Decimal | None) -> str:
    """An amount in a cell: <data> with the plain number for machines."""
    if value is None:
        return NONE
    if value < 0:
        shown = f'<span class="neg"><span class="vh">minus </span>({format_money(-value)})</span>'
    else:
        shown = format_money(value)
    return f'<data value="{value}">{shown}</data>'


def age(day: date) -> int:
    """Days from `day` to today in the company's time zone."""
    return (timezone.localdate() - day).days


def cents(value: Decimal) -> int:
    """1.50 -> 150. Sums on the page are of whole cents."""
    return int(value.scaleb(2))


class GridTable(tables.Table):
    """The columns of a grid, in order. Names are the words of the address (`sort=-total`)."""

    @classmethod
    def declared(cls) -> dict[str, GridColumn]:
        return dict(cls.base_columns)
