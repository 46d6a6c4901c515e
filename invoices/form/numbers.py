"""Numbers as they are typed: digits and a point. Never a float, never a guess about commas."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.([0-9]+))?", re.ASCII)


def number(text: str, *, places: int) -> Decimal:
    """The number `text` stands for, with at most `places` decimals. ValueError with a sentence for the user."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        raise ValueError("Enter a number of up to nine digits, with a point for decimals: 1234.5")
    if len(found[1] or "") > places:
        raise ValueError(f"At most {places} decimals.")
    return Decimal(text.strip())


def as_typed(value: Decimal | None) -> str:
    """A number as a field shows it: 2.5000 -> '2.5', None -> ''."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_price(value: Decimal | None) -> str:
    """As `as_typed`, with two decimals at least: 96 -> '96.00'."""
    text = as_typed(value)
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}" if text else ""
