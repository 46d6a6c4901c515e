"""What may stand in a cell: how it is read, strictly, and how it is written back."""

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from jobbook.common.money import LIMIT, format_quantity, has_two_decimals

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,2})?")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,4})?")
_WHOLE = re.compile(r"[0-9]{1,18}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class BadValueError(ValueError):
    """What is wrong with a cell, in words."""


@dataclass(frozen=True)
class Kind:
    """A kind of value. `parse` gets the text of a non-empty cell and raises BadValueError."""

    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str


def shown(text: str) -> str:
    """A text of the file inside a message: quoted, cut short, nothing in it that moves a terminal's cursor."""
    cut = text if len(text) <= 60 else f"{text[:59]}…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut) + '"'


def plain_text(text: str, *, limit: int | None = None, breaks: bool = False) -> str:
    """NFC text without control characters, as it stands."""
    found = (_CONTROL_BUT_BREAKS if breaks else _CONTROL).search(text)
    if found:
        raise BadValueError(f"has a control character (U+{ord(found[0]):04X})")
    text = unicodedata.normalize("NFC", text)
    if limit is not None and len(text) > limit:
        raise BadValueError(f"is longer than {limit} characters ({len(text)})")
    return text


def text(model: type[Model], field: str) -> Kind:
    """One line of text, as long as the column of the database."""
    limit: int | None = getattr(model._meta.get_field(field), "max_length", None)
    return Kind(lambda cell: plain_text(cell, limit=limit))


def required_text(model: type[Model], field: str) -> Kind:
    """Text that is more than blanks."""
    inner = text(model, field)

    def parse(cell: str) -> str:
        if not cell.strip():
            raise BadValueError("must not be empty")
        return str(inner.parse(cell))

    return Kind(parse)


LINES = Kind(lambda cell: plain_text(cell, breaks=True))


def choice(values: Collection[str]) -> Kind:
    """One of a few words, exactly."""

    def parse(cell: str) -> str:
        if cell not in values:
            raise BadValueError(f"{shown(cell)} is not one of: {', '.join(values)}")
        return cell

    return Kind(parse)


def _day(cell: str) -> date:
    try:
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass  # 2026-02-30
    raise BadValueError(f"{shown(cell)} is not a date (YYYY-MM-DD)")


DAY = Kind(_day, date.isoformat)


def _decimal(pattern: re.Pattern[str], cell: str, what: str) -> Decimal:
    if not pattern.fullmatch(cell):
        raise BadValueError(f"{shown(cell)} is not {what}")
    number = Decimal(cell)
    if abs(number) > LIMIT:
        raise BadValueError(f"{shown(cell)} is beyond {LIMIT:,}")
    return number + 0  # -0 is 0


def _money(cell: str) -> Decimal:
    return _decimal(_MONEY, cell, "an amount (digits, a point, at most 2 decimals)")


def _number(cell: str) -> Decimal:
    return _decimal(_NUMBER, cell, "a number (digits, a point, at most 4 decimals)")


def _not_negative(parse: Callable[[str], Decimal]) -> Callable[[str], Decimal]:
    def checked(cell: str) -> Decimal:
        number = parse(cell)
        if number < 0:
            raise BadValueError(f"{shown(cell)} is negative")
        return number

    return checked


MONEY = Kind(_money, "{:.2f}".format)
MONEY_NOT_NEGATIVE = Kind(_not_negative(_money), "{:.2f}".format)
NUMBER = Kind(_number, format_quantity)
NUMBER_NOT_NEGATIVE = Kind(_not_negative(_number), format_quantity)


def whole(least: int, most: int) -> Kind:
    """A whole number between two bounds."""

    def parse(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or not least <= int(cell) <= most:
            raise BadValueError(f"{shown(cell)} is not a whole number from {least} to {most}")
        return int(cell)

    return Kind(parse)


def _tick(cell: str) -> bool:
    if cell not in {"yes", "no"}:
        raise BadValueError(f"{shown(cell)} is neither yes nor no")
    return cell == "yes"


TICK = Kind(_tick, lambda value: "yes" if value else "no")


def _email(cell: str) -> str:
    try:
        validate_email(plain_text(cell, limit=254))
    except ValidationError as error:
        raise BadValueError(f"{shown(cell)} is not an e-mail address") from error
    return plain_text(cell)


EMAIL = Kind(_email)


def _currency(cell: str) -> str:
    if not _CURRENCY.fullmatch(cell):
        raise BadValueError(f"{shown(cell)} is not a currency (three capital letters)")
    if not has_two_decimals(cell):
        raise BadValueError(f"{cell} does not have two decimals")
    return cell


CURRENCY = Kind(_currency)


_time_zones = functools.cache(zoneinfo.available_timezones)  # it walks through a folder


def _time_zone(cell: str) -> str:
    if cell not in _time_zones():
        raise BadValueError(f"{shown(cell)} is not a time zone")
    return cell


TIME_ZONE = Kind(_time_zone)


def _tax_code(cell: str) -> str:
    if ";" in cell:
        raise BadValueError("a tax code has no semicolon")
    return plain_text(cell, limit=32)


TAX_CODE = Kind(_tax_code)


def _codes(cell: str) -> str:
    joined = plain_text(cell, limit=200)
    codes = joined.split(";")
    for code in codes:
        if not code:
            raise BadValueError("an empty code stands between semicolons")
    for position, code in enumerate(codes):
        if code in codes[:position]:
            raise BadValueError(f"{shown(code)} is named twice")
    return joined


CODES = Kind(_codes)
