"""The export: the files of the import folder. Imported into an empty database they are exported byte for byte again."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from exports.formats.profile import Kind
from jobbook.common.audit import lock_head
from jobbook.jobs.company import next_numbers
from jobbook.jobs.models import Company, JobTax
from jobbook.transfer import csvtext
from jobbook.transfer.columns import FileSpec
from jobbook.transfer.layout import ACCOUNTING, COMPANY, DWR_LINES, FILES, INVOICE_LINES, JOB_ITEMS, JOBS

_CHUNK = 2000
_PLACES = {DWR_LINES.name: "line_number", INVOICE_LINES.name: "line_number", JOB_ITEMS.name: "position"}
Cells = list[str]


def run_export(folder: Path) -> dict[str, int]:
    """Write every file into `folder`, which is made if need be. Returns the rows per file.

    The ledger head is locked meanwhile, so the files show the firm at one moment. A file of the same name is
    replaced once all are complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {spec.name: folder / f".{spec.name}.part" for spec in FILES}
    try:
        with transaction.atomic():
            lock_head()
            counts = {spec.name: _write(parts[spec.name], spec) for spec in FILES}
            transaction.set_rollback(True)  # a lock is all that was wanted
        for spec in FILES:
            parts[spec.name].replace(folder / spec.name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return counts


def _write(path: Path, spec: FileSpec) -> int:
    count = -1  # the header is no row

    def counted() -> Iterator[Cells]:
        nonlocal count
        for row in file_rows(spec):
            count += 1
            yield row

    with path.open("w", encoding="utf-8", newline="") as out:
        csvtext.write(out, counted())
        out.flush()
        os.fsync(out.fileno())
    return count


def file_rows(spec: FileSpec) -> Iterator[Cells]:
    """The header and the rows of one file."""
    yield [column.name for column in spec.columns]
    if spec == COMPANY:
        yield _company()
    elif spec == JOBS:
        yield from _jobs()
    else:
        yield from _cells(spec, _values(spec))


def _company() -> Cells:
    company, numbers = Company.current(), next_numbers()
    values = (numbers.get(column.name) or getattr(company, column.field) for column in COMPANY.columns)
    return [_text(write, value) for write, value in zip(_writers(COMPANY), values, strict=True)]


def _jobs() -> Iterator[Cells]:
    codes: dict[int, Cells] = {}
    for job_id, code in JobTax.objects.order_by("job_id", "position").values_list("job_id", "tax__code"):
        codes.setdefault(job_id, []).append(code)
    position = [column.name for column in JOBS.columns].index("taxes")
    rows = ([*row[:position], ";".join(codes.get(row[position], [])), *row[position + 1 :]] for row in _values(JOBS))
    yield from _cells(JOBS, rows)


def _values(spec: FileSpec) -> Iterable[tuple[Any, ...]]:
    """The columns as the database has them, in the order in which the rows were made; lines by document and number."""
    parent, place = spec.columns[0].field, _PLACES.get(spec.name, "")
    order = [f"{parent}_id", place] if place else ["pk"]
    sources = [column.source or "pk" for column in spec.columns]
    rows = spec.model._default_manager.order_by(*order)
    if spec == ACCOUNTING:
        rows = rows.exclude(~Q(kind=Kind.SETTING), theirs="", account="", extra="")  # they map nothing any more
    return rows.values_list(*sources).iterator(chunk_size=_CHUNK)


def _cells(spec: FileSpec, rows: Iterable[Iterable[Any]]) -> Iterator[Cells]:
    writers = _writers(spec)
    for row in rows:
        yield [_text(write, value) for write, value in zip(writers, row, strict=True)]


def _writers(spec: FileSpec) -> list[Callable[[Any], str]]:
    return [column.kind.write for column in spec.columns]


def _text(write: Callable[[Any], str], value: Any) -> str:
    return "" if value is None else write(value)
