"""The Invoice Process Backlog: the whole handler, session and user included, called in this process.

few against many: the same Admin Queue with and without a long past. few against deep: a longer Admin Queue.
"""

import re
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench import Result, Work, interleave
from tests.bench.books import Books

URL = "/invoices/backlog/"
INDEX = "invoice_admin_queue"
PAGES = {
    "plain": "",
    "sorted by client": "&sort=client",
    "sorted by total": "&sort=-total",
    "grouped by client": "&group=client",
    "grouped by job and checks": "&group=job&group=checks",
    "filtered by total": "&total_min=100",
    "searched": "&q=a",
}


def run(books: Books, *, small: bool) -> list[Result]:
    rounds = 1 if small else 11
    return [
        *past(books, rounds),
        *rows(books, rounds),
        *queue(books, rounds),
        *aggregate(books, rounds),
        *queries(books, ["few"] if small else ["few", "many", "deep"]),
        *plans(books),
    ]


def page(books: Books, name: str, query: str) -> Work:
    """A GET of the page in book `name`. Switching to the book is a few assignments."""

    def work() -> bytes:
        response = books.use(name).client.get(URL + query)
        assert response.status_code == 200, query
        return response.content

    return work


def past(books: Books, rounds: int) -> Iterator[Result]:
    few, many = books["few"], books["many"]
    for label, more in PAGES.items():
        query = f"?size=100{more}"
        figures = interleave(page(books, "many", query), page(books, "few", query), rounds)
        words = f"page of 100 rows, {label}: {many.invoices:,} invoices in all : {few.invoices:,}"
        yield Result(words, "<= 1.10", *figures, code="G1")


def rows(books: Books, rounds: int) -> Iterator[Result]:
    figures = interleave(page(books, "deep", "?size=200"), page(books, "deep", "?size=50"), rounds)
    yield Result("page of 200 rows : 50 rows", "<= 1.80", *figures, code="G3")


def queue(books: Books, rounds: int) -> Iterator[Result]:
    few, deep = books["few"], books["deep"]
    for label in ("plain", "grouped by client"):
        query = f"?size=100{PAGES[label]}"
        figures = interleave(page(books, "deep", query), page(books, "few", query), rounds)
        words = f"page of 100 rows, {label}: {deep.queue:,} in the Admin Queue : {few.queue:,}"
        yield Result(words, "<= 1.30", *figures, code="G5")


def aggregate(books: Books, rounds: int) -> Iterator[Result]:
    """The one statement behind all groups and their sums, against counting the rows; and its parts."""
    books.use("deep")
    whole = grouped_statement(books)
    count = statement("SELECT count(*) FROM invoices_invoice WHERE queue = 'admin'")
    sums = statement(
        "SELECT client_id, count(*), sum(subtotal), sum(tax), sum(total) FROM invoices_invoice"
        " WHERE queue = 'admin' GROUP BY client_id"
    )
    label = f"SQL of {books['deep'].queue:,} rows grouped by client"
    yield Result(f"{label}, sums and checks : count(*)", "<= 2.00", *interleave(whole, count, rounds), code="G6")
    yield Result(f"{label}, the sums alone : count(*)", "", *interleave(sums, count, rounds), code="G6")


def statement(sql: str) -> Work:
    def work() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return work


def grouped_statement(books: Books) -> Work:
    """What the page asks the database for its groups."""
    found = [sql for sql in page_statements(books, "deep", "?group=client") if "GROUP BY" in sql.upper()]
    assert len(found) == 1, found
    return statement(found[0].replace("%", "%%") if connection.vendor == "sqlite" else found[0])


def page_statements(books: Books, name: str, query: str) -> list[str]:
    """The statements of a page that read the Admin Queue."""
    books.use(name)
    with CaptureQueriesContext(connection) as captured:
        page(books, name, query)()
    return [each["sql"] for each in captured if "\"queue\" = 'admin'" in each["sql"]]


def queries(books: Books, names: list[str]) -> Iterator[Result]:
    """Queries of the whole request; the same for any number of rows, groups and invoices."""
    counts: dict[str, int] = {}
    for name in names:
        for size in (50, 100, 200):
            for label, more in PAGES.items():
                books.use(name)
                with CaptureQueriesContext(connection) as captured:
                    page(books, name, f"?size={size}{more}")()
                counts[f"{name} {size} {label}"] = len(captured)
    yield Result("queries of a page, the most of all above", "<= 12", max(counts.values()), code="G4", unit="queries")
    for label in ("plain", "grouped by client"):
        found = {count for key, count in counts.items() if key.endswith(label)}
        words = f"queries of a page, {label}: most less fewest over 50, 100, 200 rows and all sizes"
        yield Result(words, "<= 0", max(found) - min(found), code="G4", unit="queries")


def plans(books: Books) -> Iterator[Result]:
    """Statements of the pages that read the Admin Queue by anything but its partial index."""
    statements = {sql for more in PAGES.values() for sql in page_statements(books, "many", f"?size=100{more}")}
    others = [sql for sql in statements if INDEX not in plan_of(sql)]
    for sql in others:
        print("not by the index:", re.sub(r"\s+", " ", sql)[:400], plan_of(sql)[:600], sep="\n  ")
    words = f"statements on invoices of these pages ({len(statements)}) whose plan lacks {INDEX}"
    yield Result(words, "<= 0", len(others), code="plan", unit="statements")


def plan_of(sql: str) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}".replace("%", "%%") if connection.vendor == "sqlite" else f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
