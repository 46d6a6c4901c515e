"""The pages of project managers: with a million invoices of closed jobs beside them, against the same jobs alone."""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench import Result, Work, interleave
from tests.bench.books import Books
from tests.bench.past import active_firm, with_past

Pages = tuple[tuple[str, str, str], ...]
FULL = (5_000, 1_000, 1_000_000)  # active jobs, their invoices, and all invoices there are in the other book
SMALL = (40, 50, 250)
DASHBOARD = (  # what it is, the name of the page, its query
    ("Active Job Dashboard", "active_jobs", "?size=100"),
    ("Active Job Dashboard sorted by use of the PO", "active_jobs", "?size=100&sort=-used"),
    ("Active Job Dashboard grouped by client", "active_jobs", "?size=100&group=client"),
)
WIP = (("WIP Report", "wip_report", ""),)


def run(books: Books, *, small: bool) -> list[Result]:
    jobs, few, many = SMALL if small else FULL
    books.add("jobs", few, partial(active_firm, jobs, few))
    books.add("past", many, partial(with_past, many - few), base="jobs")
    counts = [
        queries(books, "a page of active jobs, the most of all above", DASHBOARD, 12),
        queries(books, "the WIP Report", WIP, 20),
    ]
    return [*ratios(books, jobs, 1 if small else 9), *counts]


def ratios(books: Books, jobs: int, rounds: int) -> Iterator[Result]:
    few, many = books["jobs"].invoices, books["past"].invoices
    for label, name, query in (*DASHBOARD, *WIP):
        address = reverse(name) + query
        figures = interleave(page(books, "past", address), page(books, "jobs", address), rounds)
        words = f"{label}, {jobs:,} active jobs: {many:,} invoices in all : {few:,}"
        yield Result(words, "<= 1.20", *figures, code="J1")


def queries(books: Books, what: str, pages: Pages, most: int) -> Result:
    counts = [counted(books, book, reverse(name) + query) for book in ("jobs", "past") for _, name, query in pages]
    return Result(f"queries of {what}", f"<= {most}", max(counts), code="G4", unit="queries")


def counted(books: Books, book: str, address: str) -> int:
    books.use(book)
    with CaptureQueriesContext(connection) as captured:
        page(books, book, address)()
    return len(captured)


def page(books: Books, book: str, address: str) -> Work:
    def work() -> bytes:
        response = books.use(book).client.get(address)
        assert response.status_code == 200, address
        return response.content

    return work
