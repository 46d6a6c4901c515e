"""What the readers of control totals share: the rows of the CSV files in a ZIP, and sums over them."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from exports.formats.base import ControlTotals

_ZERO = Decimal("0.00")


class Sums:
    """What has been added up so far; a document is a run of rows with one number."""

    def __init__(self) -> None:
        self.count = 0
        self.net = self.tax = _ZERO
        self.accounts: dict[str, Decimal] = defaultdict(lambda: _ZERO)
        self.taxes: dict[str, Decimal] = defaultdict(lambda: _ZERO)
        self.first = self.last = ""

    def take(self, number: str, net: Decimal, account: str = "") -> None:
        self._at(number)
        self.net += net
        if net:
            self.accounts[account] += net

    def take_tax(self, number: str, name: str, amount: Decimal) -> None:
        """name: what the file calls the tax, or the combination of taxes."""
        self._at(number)
        self.tax += amount
        if amount:
            self.taxes[name] += amount

    def _at(self, number: str) -> None:
        if number != self.last:
            self.count += 1
            self.first, self.last = self.first or number, number

    def totals(self, *, accounts: bool) -> ControlTotals:
        """accounts: whether the file names the account of each line."""
        return ControlTotals(
            self.count,
            self.net + self.tax,
            self.net,
            self.tax,
            taxes=dict(self.taxes),
            accounts=dict(self.accounts) if accounts else None,
            first=self.first,
            last=self.last,
        )


def rows_in_zip(path: Path) -> Iterator[dict[str, str]]:
    """The rows of every file in the archive, in order. Raises ValueError when one cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield from rows_in(archive.read(name), name)
    except (zipfile.BadZipFile, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"The archive cannot be read: {error}") from error


def rows_in(data: bytes, name: str, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
    text = data.decode(encoding)
    if not text.endswith("\r\n"):
        raise ValueError(f"{name}: the last row is not ended.")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(f"{name}: row {rows.line_num} has another width than the heading.")
        yield row
