"""What needs a name: exactly what each format's own check says of the waiting invoices, from a few faces of them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exports import profiles
from exports.formats import accounting_formats, get_format
from exports.formats.profile import Kind, Mapped
from exports.in_use import in_use
from exports.models import ProfileEntry
from exports.needs import all_faces, needs_of
from exports.problems import find_problems
from invoices.models import Invoice, InvoiceLine
from tests.factories import make_client, make_company, make_invoice, make_item, make_job, make_tax

pytestmark = pytest.mark.django_db
NAMES = ("Kestrel Inc.", "A:B Ltd.", "N" * 60, "=1+1", " outer", 'Say "so"', "Zoë", "x" * 110)
CODES = ("LAB", "X" * 40, "TRUCK:DAY", "-5", "")


def firm() -> None:
    """Invoices that disagree with the packages in many ways: clients, items, accounts, taxes, terms."""
    make_company()
    taxes = [make_tax("GST"), make_tax("PST", "7", name="P" * 40), make_tax("QST", "9.975")]
    sets = ([taxes[0]], taxes[:2], taxes, [taxes[2], taxes[0]])
    for number, name in enumerate(NAMES):
        client = make_client(
            name=name, terms="Net 30" if number % 2 else "t" * 50, accounting_id="=A*" if number == 1 else ""
        )
        job = make_job(client=client, taxes=sets[number % len(sets)])
        invoice = make_invoice(job=job, amounts=["10", "20", "-50" if number == 3 else "30"])
        code = CODES[number % len(CODES)]
        lines = InvoiceLine.objects.filter(invoice=invoice)
        if number == 2:
            lines.filter(line_number=2).update(taxes="GST;QST")  # of three taxes of its document
        lines.filter(line_number=1).update(item_code=code, account_code="" if number % 3 else "4" * 60, taxes="")
    make_invoice(job=make_job(client=make_client(terms="c" * 50)), amounts=["-10"])  # a credit note has no terms in IIF
    make_invoice(signed=False, job=make_job(client=make_client(name="Q" * 150)))  # waits in the PM Queue


def told(slug: str) -> Iterator[tuple[str, str, int]]:
    """Kind, key and invoice of every problem that a mapping mends, by the check over whole documents."""
    for problem in find_problems(Invoice.objects.admin_queue(), slug):
        if problem.mend.value in set(Kind) - {Kind.SETTING}:
            yield problem.mend.value, problem.key, problem.invoice_id


def put(slug: str, kind: str, ours: str, *values: str) -> None:
    theirs, account, extra = (*values, "", "", "")[:3]
    ProfileEntry.objects.create(format=slug, kind=kind, ours=ours, theirs=theirs, account=account, extra=extra)


@pytest.mark.parametrize("slug", [each.slug for each in accounting_formats()])
@pytest.mark.parametrize("is_set", [False, True])
def test_needs_are_what_the_checks_say_of_whole_documents(slug: str, is_set: bool) -> None:
    firm()
    if is_set:
        for name, value in {"tax_style": "autostax", "documents": "item", "region": "us", "quotes": "refuse"}.items():
            if name in {each.name for each in get_format(slug).settings}:
                put(slug, "setting", name, value)
        put(slug, "item", "LAB", "L" * 60)
        put(slug, "tax", "GST;PST", "G" * 5, "", "1;9")
        put(slug, "tax", "GST", "QST")
    needs = needs_of(get_format(slug), profiles.current(slug), all_faces(waiting_only=True))
    expected: dict[Any, set[int]] = defaultdict(set)
    for kind, key, pk in told(slug):
        expected[kind, key].add(pk)
    assert {(kind.value, key) for kind, keys in needs.reasons.items() for key in keys} == set(expected)
    assert needs.invoice_ids == set().union(*expected.values())


def test_the_table_above_says_something() -> None:
    firm()
    kinds = {slug: {kind for kind, _, _ in told(slug)} for slug in ("quickbooks-desktop", "sage-300", "xero", "csv")}
    assert kinds["quickbooks-desktop"] >= {"client", "item", "terms"}
    assert kinds["sage-300"] == {"client", "item", "tax", "terms"}
    assert kinds["xero"] >= {"item", "tax"}
    assert kinds["csv"] == set()


def test_what_may_be_mapped_is_what_waits_what_is_active_and_what_is_mapped() -> None:
    make_company()
    gone = make_client(client_number="C-1", name="Gone Ltd.", active=False)
    make_client(client_number="C-2", name="Active Ltd.")
    make_client(client_number="C-3", name="Mapped Ltd.", active=False)
    make_client(client_number="C-4", name="Neither Ltd.", active=False)
    make_invoice(job=make_job(client=gone, taxes=[make_tax("GST"), make_tax("PST", "7")]))
    make_item("SPARE", name="Spare part")
    InvoiceLine.objects.update(item_code="")
    faces = all_faces(waiting_only=False)

    def labels(kind: Kind, mapped: dict[str, Mapped], *, combined: bool = True) -> list[tuple[str, int]]:
        return [(ours.label, ours.waiting) for ours in in_use(kind, faces[kind], mapped, combined=combined)]

    mapped = {"C-3": Mapped("M")}
    assert labels(Kind.CLIENT, mapped) == [("Active Ltd. (C-2)", 0), ("Gone Ltd. (C-1)", 1), ("Mapped Ltd. (C-3)", 0)]
    assert ("Lines without an item", 1) in labels(Kind.ITEM, {})
    assert ("Spare part (SPARE)", 0) in labels(Kind.ITEM, {})
    assert labels(Kind.TAX, {}) == [("GST", 1), ("GST + PST (GST;PST)", 1), ("PST", 1)]
    assert labels(Kind.TAX, {}, combined=False) == [("GST", 1), ("PST", 1)]
    assert labels(Kind.TERMS, {}) == [("Net 30", 1)]


def test_queries_do_not_grow_with_the_invoices() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            all_faces(waiting_only=False)
        return len(found)

    make_invoice()
    one = queries()
    for _ in range(10):
        make_invoice()
    assert queries() == one
