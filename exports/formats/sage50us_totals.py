"""The control totals of a file for Sage 50 US, worked out from SALES.CSV alone, by position of the columns."""

import csv
import io
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

from exports.formats.base import ControlTotals
from exports.formats.parts_totals import Sums
from exports.formats.profile import Profile

_NUMBER, _ROWS, _ACCOUNT, _TAX_TYPE, _AMOUNT, _AGENCY = 1, 17, 24, 26, 27, 29


def read_totals(path: Path, profile: Profile) -> ControlTotals:
    """Rows of tax type 0 with an agency are taxes, called by agency and account.

    Raises ValueError unless each document has the rows it states.
    """
    sums = Sums()
    counted: dict[str, list[int]] = {}
    for row in _rows(path, profile):
        try:
            is_tax, amount = row[_TAX_TYPE] == "0" and row[_AGENCY] != "", -Decimal(row[_AMOUNT])
            if is_tax:
                sums.take_tax(row[_NUMBER], f"{row[_AGENCY]} ({row[_ACCOUNT]})", amount)
            else:
                sums.take(row[_NUMBER], amount, row[_ACCOUNT])
            seen = counted.setdefault(row[_NUMBER], [0, int(row[_ROWS])])
            seen[0] += 1
        except (InvalidOperation, IndexError, ValueError) as error:
            raise ValueError(f"{row[:2]}: {error!r}") from error
    wrong = [number for number, (found, stated) in counted.items() if found != stated]
    if wrong:
        raise ValueError(f"{wrong[0]} has {counted[wrong[0]][0]} rows, not {counted[wrong[0]][1]}.")
    return sums.totals(accounts=True)


def _rows(path: Path, profile: Profile) -> list[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            text = archive.read("SALES.CSV").decode(profile["encoding"])
            archive.read("CUSTOMER.CSV")  # its checksum, too
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"The archive cannot be read: {error}") from error
    return rows[1:] if profile["headings"] == "on" else rows
