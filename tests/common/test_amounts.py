"""Amounts as other programs print them."""

from decimal import Decimal

import pytest

from jobbook.common.amounts import read_amount

READ = {
    "1234.5": "1234.50",
    "1,234.50": "1234.50",
    "1 234,50": "1234.50",
    "1.234,50": "1234.50",
    "1'234.50": "1234.50",
    "1,234": "1234.00",
    "1.234.567": "1234567.00",
    "0,5": "0.50",
    "12,345,678.00": "12345678.00",
    "$1,234.50": "1234.50",
    "CA$ 10": "10.00",
    "10.00 CAD": "10.00",
    "(120.00)": "-120.00",
    "-120.00": "-120.00",
    "-$120.00": "-120.00",
    "$-120.00": "-120.00",
    "\N{MINUS SIGN}120.00": "-120.00",
    "120.00-": "-120.00",
    "120.00CR": "-120.00",
    "120.00 CR": "-120.00",
    "-0.00": "0.00",
    "7.5000": "7.50",
    "\N{NO-BREAK SPACE}7 ": "7.00",
}
NOT_READ = (
    "",
    "INV-10001",
    "2026-11-20",
    "20.11.2026",
    "1.005",
    "1,2,3",
    "(5",
    "5)",
    "5 %",
    "1e5",
    "NaN",
    "--5",
    "12 ab",
)


@pytest.mark.parametrize(("text", "amount"), READ.items())
def test_read(text: str, amount: str) -> None:
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize("text", [*NOT_READ, "9" * 12])
def test_not_read(text: str) -> None:
    assert read_amount(text) is None


def test_the_largest() -> None:
    assert read_amount("-100,000,000,000.00") == Decimal(-(10**11))
