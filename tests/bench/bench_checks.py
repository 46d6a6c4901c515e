"""check_invariants over a book with a long past, as a command in a process of its own."""

import time

from tests.bench import Result
from tests.bench.bench_runs import env
from tests.bench.books import Books
from tests.processes import manage


def run(books: Books, *, small: bool) -> list[Result]:
    book = books.use("many")
    started = time.monotonic()
    done = manage("check_invariants", timeout=900, **env(book))
    taken = time.monotonic() - started
    if done.returncode:
        print(done.stderr[-2000:])
    words = f"check_invariants of {book.invoices:,} invoices"
    return [
        Result(words, "<= 60", taken, code="I", unit="s"),
        Result(f"{words}: exit status", "<= 0", done.returncode, code="I", unit=""),
    ]
