"""The control totals of an IIF file, worked out from its bytes alone."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

from exports.formats.base import ControlTotals
from exports.formats.profile import Kind, Profile

_ZERO = Decimal("0.00")


def read_totals(path: Path, profile: Profile) -> ControlTotals:
    """Read the file once. Raises ValueError when it is not what it should be.

    What posts to an account of taxes is tax: no line of ours may post there. A tax is called by item and account.
    """
    tax_accounts = {profile["tax_account"], *(tax.account for tax in profile.maps.get(Kind.TAX, {}).values())} - {""}
    headings: dict[str, list[str]] = {}
    count, total, open_sum = 0, _ZERO, _ZERO
    accounts: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    taxes: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    numbers: list[str] = []
    for position, row in enumerate(_rows(path, profile["characters"]), start=1):
        keyword, *cells = row
        if keyword.startswith("!"):
            headings[keyword[1:]] = cells
            continue
        if keyword not in headings or len(cells) != len(headings[keyword]):
            raise ValueError(f"Row {position} has no heading, or another width than it.")
        named = dict(zip(headings[keyword], cells, strict=True))
        try:
            if keyword == "TRNS":
                count, open_sum = count + 1, Decimal(named["AMOUNT"])
                total += open_sum
                numbers.append(named["DOCNUM"])
            elif keyword == "SPL":
                amount = Decimal(named["AMOUNT"])
                open_sum += amount
                if named["ACCNT"] in tax_accounts:
                    taxes[f"{named['INVITEM']} ({named['ACCNT']})"] -= amount
                else:
                    accounts[named["ACCNT"]] -= amount
            elif keyword == "ENDTRNS" and open_sum:
                raise ValueError(f"{numbers[-1]}: its rows add up to {open_sum}, not to zero.")
        except (InvalidOperation, KeyError, IndexError) as error:
            raise ValueError(f"Row {position}: {error!r}") from error
    first, last = (numbers[0], numbers[-1]) if numbers else ("", "")
    booked = {name: amount for name, amount in taxes.items() if amount}  # the row of a tax group has none
    tax = sum(booked.values(), _ZERO)
    return ControlTotals(count, total, total - tax, tax, booked, dict(accounts), first, last)


def _rows(path: Path, encoding: str) -> list[list[str]]:
    text = path.read_bytes().decode(encoding)
    if not text.endswith("\r\n"):
        raise ValueError("The last row is not ended.")
    return [[cell.strip('"') for cell in line.split("\t")] for line in text[:-2].split("\r\n")]
