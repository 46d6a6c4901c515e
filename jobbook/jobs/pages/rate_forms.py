"""The form of a rate sheet: its name, and a table of prices with a line for each item."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from jobbook.common.forms import number_text
from jobbook.common.records import Part
from jobbook.jobs.models import Item, RateLine, RateSheet, Section
from jobbook.jobs.pages.fields import NumberField, Texts, shown
from jobbook.jobs.pages.saving import SheetForm
from jobbook.jobs.prices import price_problems

_UNIT = re.compile(r"unit-([0-9]{1,18})")
_PREFIXES = {"unit_price": "unit", "hourly_price": "hourly"}


class RateSheetForm(SheetForm):
    class Meta:
        model = RateSheet
        fields = ("name", "active")
        help_texts = {"active": "Inactive rate sheets are not offered; where one is chosen it stays."}
        error_messages = {"name": {"unique": "Another rate sheet has this name."}}


@dataclass(frozen=True)
class PriceRow:
    """An item and its two inputs; only labour has an hourly price."""

    item: Item
    unit: forms.BoundField
    hourly: forms.BoundField | None


class PriceTable(Texts, forms.Form):
    """The prices of the items shown. Lines of items that are not among them stay as they are."""

    title = "Prices"

    def __init__(self, data: QueryDict | None, *, record: RateSheet, items: Iterable[Item]) -> None:
        super().__init__(data)
        self.record = record
        offered = items if data is None else Item.objects.filter(pk__in=posted_items(data))
        self.items = {item.pk: item for item in offered}
        self.lines = {line.item_id: line for line in lines_of(record)}
        for item in self.items.values():
            self._add(item)

    def _add(self, item: Item) -> None:
        line = self.lines.get(item.pk) or RateLine()
        self._field(item, "unit", "unit price", item.unit_price, line.unit_price)
        if item.section == Section.LABOUR:
            self._field(item, "hourly", "hourly price", item.hourly_price, line.hourly_price)

    def _field(self, item: Item, prefix: str, words: str, own: Decimal | None, agreed: Decimal | None) -> None:
        field = NumberField(f"{item.code} {item.name}, {words}")
        placeholder = "" if own is None else number_text(own)
        field.widget.attrs |= {"aria-label": field.label, "placeholder": placeholder}
        self.fields[f"{prefix}-{item.pk}"] = field
        self.initial[f"{prefix}-{item.pk}"] = agreed

    @property
    def groups(self) -> Iterator[tuple[str, list[PriceRow]]]:
        """The rows by section, in the order of items."""
        for section, items in groupby(self.items.values(), key=lambda item: item.section):
            yield str(Section(section).label), [self._row(item) for item in items]

    def _row(self, item: Item) -> PriceRow:
        hourly = f"hourly-{item.pk}"
        return PriceRow(item, self[f"unit-{item.pk}"], self[hourly] if hourly in self.fields else None)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for item in self.items.values():
            if not {f"unit-{item.pk}", f"hourly-{item.pk}"} & self.errors.keys():
                self._check(item, values)
        return values

    def _check(self, item: Item, values: dict[str, Any]) -> None:
        unit, hourly = values.get(f"unit-{item.pk}"), values.get(f"hourly-{item.pk}")
        for name, problem in price_problems(item, unit, hourly).items():
            self.add_error(f"{_PREFIXES[name]}-{item.pk}", problem)

    @property
    def has_errors(self) -> bool:
        return self.is_bound and bool(self.errors)

    def named_errors(self) -> Iterator[tuple[str, str, str]]:
        for bound in self:
            for error in bound.errors:
                yield bound.id_for_label, str(bound.label), str(error)

    def show_unchecked(self) -> None:
        self.unchecked = True

    def rows(self) -> list[dict[str, Any]]:
        """The lines as they will be, in the order of codes."""
        others = [_row_of(line) for pk, line in self.lines.items() if pk not in self.items]
        filled = [self._values(item) for item in self.items.values()]
        given = [row for row in filled if row["unit_price"] is not None]
        return sorted([*others, *given], key=lambda row: str(row["item"]))

    def _values(self, item: Item) -> dict[str, Any]:
        prices = {name: self.cleaned_data.get(f"{prefix}-{item.pk}") for name, prefix in _PREFIXES.items()}
        return {"item": item, **prices}

    def part(self) -> Part:
        return Part("lines", RateLine, "sheet", "item", self.rows())

    def words(self) -> list[str]:
        return [", ".join(filter(None, map(shown, row.values()))) for row in self.rows()]

    def stored(self, record: Any) -> list[str]:
        return [", ".join(filter(None, map(shown, _row_of(line).values()))) for line in lines_of(record)]


def lines_of(sheet: RateSheet) -> list[RateLine]:
    """The lines of a sheet in the order of codes; none while it is new."""
    return list(sheet.lines.select_related("item").order_by("item__code")) if sheet.pk else []


def _row_of(line: RateLine) -> dict[str, Any]:
    return {"item": line.item, "unit_price": line.unit_price, "hourly_price": line.hourly_price}


class CloneForm(RateSheetForm):
    """The name of a copy, which is active."""

    active_field = "active"


class Cloned:
    """The lines of another sheet, as those of a new one."""

    title = "Prices"
    has_errors = False

    def __init__(self, source: RateSheet) -> None:
        self.source = source

    def named_errors(self) -> Iterator[tuple[str, str, str]]:
        return iter(())

    def show_unchecked(self) -> None:
        """It has no form."""

    def words(self) -> list[str]:
        return []

    def stored(self, record: Any) -> list[str]:
        return []

    def part(self) -> Part:
        return Part("lines", RateLine, "sheet", "item", [_row_of(line) for line in lines_of(self.source)])


def posted_items(data: QueryDict) -> list[int]:
    """The items whose prices were on the page that was posted."""
    return [int(found[1]) for name in data if (found := _UNIT.fullmatch(name))]
