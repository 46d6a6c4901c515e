"""The control totals of a generic CSV file, worked out from its bytes alone."""

import csv
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from exports.formats.base import ControlTotals

ZERO = Decimal("0.00")
csv.field_size_limit(2**31 - 1)  # the module's own 131,072 characters would fail the run of a longer description


class Sums:
    """What has been added up so far, and the document under way."""

    def __init__(self) -> None:
        self.count = 0
        self.net = self.tax = self.total = ZERO
        self.taxes: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self.accounts: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self.first = self.number = ""
        self.stated = (ZERO, ZERO, ZERO)
        self.seen = (ZERO, ZERO, ZERO)

    def open(self, number: str, stated: tuple[Decimal, Decimal, Decimal]) -> None:
        self.close()
        self.count += 1
        self.first = self.first or number
        self.number, self.stated, self.seen = number, stated, (ZERO, ZERO, ZERO)

    def add(self, net: Decimal, tax: Decimal, gross: Decimal) -> None:
        self.seen = (self.seen[0] + net, self.seen[1] + tax, self.seen[2] + gross)

    def close(self) -> None:
        """The lines of a document must give what each of them states for the whole."""
        if self.stated != self.seen:
            raise ValueError(f"{self.number}: the lines give {self.seen}, the document says {self.stated}.")
        self.net, self.tax, self.total = self.net + self.seen[0], self.tax + self.seen[1], self.total + self.seen[2]


def read_totals(path: Path, *, guarded: bool) -> ControlTotals:
    """Read the file once, row by row. Raises ValueError when it is not what it should be."""
    sums = Sums()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        for row in rows:
            if None in row or None in row.values():
                raise ValueError(f"Row {rows.line_num} has another width than the heading.")
            try:
                _take(sums, row, _unguarded if guarded else str)
            except (InvalidOperation, KeyError) as error:
                raise ValueError(f"Row {rows.line_num}: {error!r}") from error
    sums.close()
    return ControlTotals(
        count=sums.count,
        net=sums.net,
        tax=sums.tax,
        total=sums.total,
        taxes=dict(sums.taxes),
        accounts=dict(sums.accounts),
        first=sums.first,
        last=sums.number,
    )


def _take(sums: Sums, row: dict[str, str], text: Callable[[str], str]) -> None:
    number = text(row["document_number"])
    if row["line_number"] == "1":
        stated = Decimal(row["document_net"]), Decimal(row["document_tax"]), Decimal(row["document_total"])
        sums.open(number, stated)
    elif number != sums.number:
        raise ValueError(f"{number} begins with line {row['line_number']}.")
    sums.add(Decimal(row["line_net"]), Decimal(row["line_tax"]), Decimal(row["line_gross"]))
    sums.accounts[text(row["account_code"])] += Decimal(row["line_net"])
    for tax in ("tax1", "tax2"):
        if row[f"{tax}_amount"]:
            sums.taxes[text(row[f"{tax}_name"])] += Decimal(row[f"{tax}_amount"])


def _unguarded(cell: str) -> str:
    """The text of a cell: without the one apostrophe that keeps a spreadsheet from calculating it."""
    if not cell.startswith("'"):
        return cell
    bare = cell.lstrip("'")
    shown = bare.lstrip()
    blanks = bare[: len(bare) - len(shown)]
    return cell[1:] if shown[:1] in tuple("=+-@") or set(blanks) & set("\t\r\n") else cell
