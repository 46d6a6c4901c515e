"""Amounts as people type them and other programs print them."""

import re
from decimal import Decimal

from jobbook.common.money import CENT, LIMIT

_SIGN = "[-\N{MINUS SIGN}]"  # one at most, or parentheses
_CURRENCY = r"(?:[A-Z]{3}\s+|[A-Z]{0,2}[$€£]\s*)?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<before>{_SIGN})?\s*{_CURRENCY}(?P<inner>{_SIGN})?\s*"
    rf"(?P<digits>\d[\d.,'\s]*)(?P<after>{_SIGN}|CR)?\s*(?:[A-Z]{{3}}|[$€£])?\s*(?P<close>\))?"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")


def read_amount(text: str) -> Decimal | None:
    """'1,234.50', '$1 234.50', '(120.00)', '120.00-', '120.00 CR', '1.234,50 CAD': the amount, with two decimals.

    Parentheses, a minus on either side and CR stand for less than zero. None for what is no amount, has parts of a
    cent, or is too large to be kept.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [name for name in ("open", "before", "inner", "after") if found[name]]
    if len(signs) > 1:
        return None
    digits = _plain(re.sub(r"[\s']", "", found["digits"]))
    if digits is None:
        return None
    value = Decimal(digits)
    if value > LIMIT or value != value.quantize(CENT):
        return None
    return -value.quantize(CENT) if signs and value else value.quantize(CENT)


def _plain(digits: str) -> str | None:
    """Without separators of thousands, a point before the decimals; None when it cannot be told."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        whole = digits.replace(thousands, "").replace(decimal, ".")
        return whole if whole.count(".") == 1 else None
    if digits.count(",") == 1 and not _THOUSANDS.fullmatch(digits):
        return digits.replace(",", ".")
    if comma >= 0 or digits.count(".") > 1:
        return re.sub("[.,]", "", digits) if _THOUSANDS.fullmatch(digits) else None
    return digits
