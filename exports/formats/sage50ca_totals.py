"""The control totals of an .IMP file, worked out from its bytes alone."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from exports.formats.base import ControlTotals
from exports.formats.parts_totals import Sums
from exports.formats.profile import Profile

_ZERO = Decimal("0.00")


def read_totals(path: Path, profile: Profile) -> ControlTotals:
    """Raises ValueError when a document's lines and taxes do not give the total it states."""
    sums = Sums()
    for block in _invoices(path, profile["encoding"]):
        try:
            _customer, (details, _order, number, _day, _by, _source, stated, freight), *lines = block
            if int(details) != len(lines) or Decimal(freight):
                raise ValueError(f"{number}: {len(lines)} lines, {details} stated")
            net = sum((Decimal(line[3]) for line in lines), _ZERO)
            tax = sum((Decimal(amount) for line in lines for amount in line[8::5]), _ZERO)
            if net + tax != Decimal(stated):
                raise ValueError(f"{number}: lines and taxes give {net + tax}, the document says {stated}.")
            sums.take(number, net)
            for line in lines:
                for name, amount in zip(line[4::5], line[8::5], strict=True):
                    sums.take_tax(number, name, Decimal(amount))
        except (InvalidOperation, IndexError) as error:
            raise ValueError(f"{block[1:2]}: {error!r}") from error
    return sums.totals(accounts=False)


def _invoices(path: Path, encoding: str) -> Iterator[list[list[str]]]:
    """The lines of each SalInvoice, cells apart."""
    block: list[list[str]] | None = None
    text = path.read_bytes().decode(encoding)
    if not text.endswith("\r\n"):
        raise ValueError("The last line is not ended.")
    for line in text.split("\r\n")[:-1]:
        if line == "<SalInvoice>":
            block = []
        elif line == "</SalInvoice>":
            yield block or []
            block = None
        elif block is not None:
            block.append(next(csv.reader([line], strict=True)))
    if block is not None:
        raise ValueError("The last invoice is not ended.")
