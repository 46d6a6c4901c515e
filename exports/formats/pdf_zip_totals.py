"""The control totals of a ZIP of PDFs, worked out from its bytes alone: every entry is read and hashed again."""

import csv
import hashlib
import io
import re
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

from exports.formats.base import ControlTotals

_CHUNK = 1 << 20
_PRINTED_INDEX = re.compile(r"index(-\d+)?\.pdf")


def read_totals(path: Path) -> ControlTotals:
    """Read the archive once. Raises ValueError when entries and index disagree or a byte is wrong."""
    try:
        with zipfile.ZipFile(path) as archive:
            *names, last = archive.namelist() or [""]
            if last != "index.csv":
                raise ValueError("The last entry is not the index.")
            text = archive.read(last).decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
            here = [row for row in rows if row["file"]]
            if [row["file"] for row in here] != [name for name in names if not _PRINTED_INDEX.fullmatch(name)]:
                raise ValueError("The index names other files than the archive holds.")
            if len({name.lower() for name in names}) != len(names):
                raise ValueError("Two files have the same name.")
            for row in here:
                if _sha256(archive, row["file"]) != row["sha256"]:
                    raise ValueError(f"{row['file']} is not the file of the index.")
            for name in filter(_PRINTED_INDEX.fullmatch, names):
                _sha256(archive, name)  # its checksum is compared as it is read
            documents = [row for row in here if row["what"] in {"invoice", "credit note"}]
            total = sum((Decimal(row["total"]) for row in documents), Decimal("0.00"))
    except (zipfile.BadZipFile, KeyError, InvalidOperation, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"The archive cannot be read: {error}") from error
    numbers = [row["number"].removeprefix("'") for row in documents] or [""]
    return ControlTotals(count=len(documents), total=total, first=numbers[0], last=numbers[-1])


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as entry:
        while chunk := entry.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
