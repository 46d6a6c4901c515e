"""`make bench`: every benchmark on SQLite and PostgreSQL, each ratio beside its goal; writes docs/performance.md.

`--only grid,zip` measures a part and keeps the other rows of the table; `--size small` is for the test suite and
writes nothing. PostgreSQL: the server of TEST_POSTGRES_URL, else a throw-away one. Never fails on time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests import machine
from tests.bench import table
from tests.processes import ROOT
from tests.servers import PostgresServer

ONCE = ("pdf", "zip", "csv")
TWICE = ("grid", "rows", "checks", "runs", "jobs", "batches")
KEPT = Path(os.environ.get("JOBBOOK_DATA_DIR", ROOT / "var")) / "bench.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=("full", "small"), default="full")
    parser.add_argument("--only", default=",".join((*ONCE, *TWICE)), help="comma separated: %(default)s")
    parser.add_argument("--databases", default="sqlite,postgres", help="comma separated: %(default)s")
    given = parser.parse_args()
    names, databases, small = given.only.split(","), given.databases.split(","), given.size == "small"
    unknown = set(names) - {*ONCE, *TWICE}
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows: list[table.Row] = []
    failed = 0
    for server, part in parts(names, databases):
        with server() as address:
            found, status = measured(address, part, small=small)
        rows += found
        failed = failed or status
    if not small and rows:
        rows = table.merged(table.load(KEPT), rows)
        table.save(KEPT, rows)
        table.write_docs(rows)
        print(f"Written to {table.DOCS.relative_to(ROOT)}")
    return failed


def parts(
    names: list[str], databases: list[str]
) -> Iterator[tuple[Callable[[], AbstractContextManager[str]], list[str]]]:
    """What is measured in one process each: on nothing, on SQLite, on PostgreSQL."""
    alone, both = [name for name in ONCE if name in names], [name for name in TWICE if name in names]
    if alone:
        yield sqlite, alone
    if both and "sqlite" in databases:
        yield sqlite, both
    if both and "postgres" in databases:
        if "postgres" in machine.missing():
            print("Not on this machine: PostgreSQL. Its column stays as it was.")
        else:
            yield postgres, both


@contextmanager
def sqlite() -> Iterator[str]:
    yield ""


@contextmanager
def postgres() -> Iterator[str]:
    if os.environ.get("TEST_POSTGRES_URL"):
        yield f"{os.environ['TEST_POSTGRES_URL'].rstrip('/')}/{machine.database_name()}_bench"
        return
    with PostgresServer() as server:
        yield f"{server.address}/bench"


def measured(address: str, names: list[str], *, small: bool) -> tuple[list[table.Row], int]:
    """The rows of one process, also of one that did not come to its end."""
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        words = [sys.executable, "-m", "tests.bench.here", ",".join(names), str(out), *(["--small"] if small else [])]
        status = subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
        return table.load(out), status


if __name__ == "__main__":
    sys.exit(main())
