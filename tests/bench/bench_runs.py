"""Whole export runs, from asking to the published file, and how long one waits for its worker."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests import machine
from tests.bench import Result
from tests.bench.bench_csv import FORMAT, compared, fresh, in_fresh_processes
from tests.bench.books import Book, Books
from tests.processes import environment, start
from tests.servers import RedisServer

LINES = 5


def run(books: Books, *, small: bool) -> list[Result]:
    book = books.use("deep")
    five_lines()
    return [*whole(book, small=small), *([] if small else memory(book, small=small)), *latency(books, small=small)]


def env(book: Book, **changes: str) -> dict[str, str]:
    """Of a process on this book."""
    return environment(JOBBOOK_TEST_DATA_DIR=str(book.folder), **changes)


def whole(book: Book, *, small: bool) -> Iterator[Result]:
    """Frozen, written, synced, hashed, read back, compared, published, audited: there is no goal for all of that."""
    count = 20 if small else 10_000
    again, rounds = ([], 1) if small else (["format"], 3)
    taken = in_fresh_processes(["run", "format"], again=again, count=count, rounds=rounds, env=env(book))
    label = f"csv run of {count:,} invoices of {LINES} lines, asked for to published"
    yield Result(f"{label} : {FORMAT}", "", *compared(taken, "run", "format"), code="E1")
    yield Result(f"{label}, invoices a second", "", count / min(taken.taken["run"]), code="E1", unit="a second")


def memory(book: Book, *, small: bool) -> Iterator[Result]:
    few, many = (10, 20) if small else (1_000, 10_000)
    sizes = {
        count: min(fresh("run", count, env(book))["mb"] for _ in range(1 if small else 3)) for count in (few, many)
    }
    yield Result(f"memory of a csv run of {many:,}", "<= 10", sizes[many], code="E2", unit="MB")
    more = max(0.0, sizes[many] - sizes[few])
    yield Result(f"the same over that of {few:,}", "<= 3", more, code="E2", unit="MB")


def latency(books: Books, *, small: bool) -> Iterator[Result]:
    """In turn: the embedded loop without a broker, and a Celery worker on a throw-away Redis."""
    count, blocks = (3, 1) if small else (15, 3)
    book = books.use("few")
    waits: dict[str, list[float]] = {"embedded": [], "redis": []}
    has_redis = bool(machine.redis_program()) and not small
    for _ in range(blocks):
        with ended(start(sys.executable, "manage.py", "run_exports", JOBBOOK_TEST_DATA_DIR=str(book.folder))):
            waits["embedded"] += fresh("latency", count, env(book))["seconds"]
        if has_redis:
            waits["redis"] += by_redis(book, count)
    words = "a run waits for its worker, 95 of 100"
    yield Result(f"{words}: embedded", "", late(waits["embedded"]) * 1000, code="C1", unit="ms")
    if has_redis:
        yield Result(f"{words}: Celery and Redis", "", late(waits["redis"]) * 1000, code="C1", unit="ms")
        ratio = late(waits["embedded"]) / late(waits["redis"])
        typical = statistics.median(waits["embedded"]) / statistics.median(waits["redis"])
        yield Result(f"{words}: embedded : Celery and Redis", "<= 12", ratio, paired=typical, code="C1")


def by_redis(book: Book, count: int) -> list[float]:
    words = [sys.executable, "-m", "celery", "-A", "jobbook", "worker", "-c", "1", "-l", "WARNING"]
    with RedisServer() as redis:
        place = {"CELERY_BROKER_URL": redis.url, "JOBBOOK_TEST_DATA_DIR": str(book.folder)}
        with ended(start(*words, "--without-gossip", "--without-mingle", **place)):
            found: list[float] = fresh("latency", count, env(book, CELERY_BROKER_URL=redis.url))["seconds"]
            return found


def late(waits: list[float]) -> float:
    """The 95th percentile."""
    return sorted(waits)[max(0, round(0.95 * len(waits)) - 1)]


@contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Whatever happens, the worker goes."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def five_lines() -> None:
    """Each invoice of the Admin Queue gets five lines of 7.5 hours and GST, in a few statements."""
    mine = "SELECT id FROM invoices_invoice WHERE queue = 'admin' AND kind = 'invoice'"
    with connection.cursor() as cursor:
        for table in ("invoices_linesource", "invoices_invoiceline", "invoices_invoicetax"):
            cursor.execute(f"DELETE FROM {table} WHERE invoice_id IN ({mine})")
        cursor.execute(
            "INSERT INTO invoices_invoiceline (invoice_id, line_number, section, item_code, description, quantity,"
            " unit, unit_price, amount, taxes, account_code, is_adjustment)"
            " SELECT v.id, n.i, 'labour', 'LAB', 'Work at the station, day ' || n.i, 75000, 'h',"
            " 1000000 + (v.id % 97) * 20000, 75000 + (v.id % 97) * 1500, 'GST', '4010', false"
            " FROM invoices_invoice v, (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) n"
            " WHERE v.queue = 'admin' AND v.kind = 'invoice'"
        )
        cursor.execute(
            "INSERT INTO invoices_invoicetax"
            " (invoice_id, position, tax_id, code, name, rate, recoverable, base, amount)"
            " SELECT v.id, 1, t.id, t.code, t.name, 50000, t.recoverable, 5 * (75000 + (v.id % 97) * 1500),"
            " (75000 + (v.id % 97) * 1500) / 4 FROM invoices_invoice v, jobs_tax t"
            " WHERE v.queue = 'admin' AND v.kind = 'invoice' AND t.code = 'GST'"
        )
        net = "5 * (75000 + (id % 97) * 1500)"
        tax = "(75000 + (id % 97) * 1500) / 4"
        cursor.execute(
            f"UPDATE invoices_invoice SET subtotal = {net}, tax = {tax}, total = {net} + {tax}"
            " WHERE queue = 'admin' AND kind = 'invoice'"
        )
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "SELECT 1")
