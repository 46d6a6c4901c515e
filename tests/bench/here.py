"""One process of `make bench`: the benchmarks named, on the database of DATABASE_URL. See __main__.py."""

import argparse
import logging
import os
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402 - models are there only after the set-up

from tests.bench import (  # noqa: E402
    Result,
    bench_batches,
    bench_checks,
    bench_csv,
    bench_grid,
    bench_jobs,
    bench_pdf,
    bench_rows,
    bench_runs,
    bench_zip,
    books,
    table,
)

ALONE = {"csv": bench_csv, "pdf": bench_pdf, "zip": bench_zip}
ON_BOOKS = {  # in this order: batches leaves audit items behind that no command wrote
    "grid": bench_grid,
    "rows": bench_rows,
    "checks": bench_checks,
    "runs": bench_runs,
    "jobs": bench_jobs,
    "batches": bench_batches,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names")
    parser.add_argument("out", type=Path)
    parser.add_argument("--small", action="store_true")
    given = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    names = given.names.split(",")
    rows: list[table.Row] = []
    for name in names:
        if name in ALONE:
            note(rows, table.ONCE, ALONE[name].run(small=given.small))
    on_books = [name for name in ON_BOOKS if name in names]
    if on_books:
        postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
        place = table.POSTGRES if postgres else table.SQLITE
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            with books.opened(Path(folder), small=given.small) as opened:
                for name in on_books:
                    note(rows, place, ON_BOOKS[name].run(opened, small=given.small))
                    table.save(given.out, rows)
    table.save(given.out, rows)


def note(rows: list[table.Row], place: str, results: list[Result]) -> None:
    for result in results:
        rows.append(table.Row(place, result))
        print(table.said(place, result), flush=True)


if __name__ == "__main__":
    main()
