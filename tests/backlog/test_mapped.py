"""The checks of mapping: silent until the firm maps something in its format, then naming what is missing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Section
from tests.backlog.grids import HTMX, URL, logged_in, make_entry, rows, text
from tests.factories import TODAY, make_client, make_company, make_invoice, make_job

pytestmark = pytest.mark.django_db
QBO, IIF, SAGE_US, SAGE_CA, XERO = "quickbooks-online", "quickbooks-desktop", "sage-50-us", "sage-50-ca", "xero"


def warned(slug: str) -> bool:
    return bool(rows(logged_in().get(URL, {"checks": slug})))


def invoice_of(default_format: str, *, accounting_id: str = "", **line: object) -> Invoice:
    """The firm's only invoice, its one line as given."""
    make_company(default_format=default_format)
    client = make_client(client_number="C 1&2", accounting_id=accounting_id)
    invoice = make_invoice(job=make_job(client=client))
    InvoiceLine.objects.filter(invoice=invoice).update(**{"item_code": "LAB", "account_code": "", **line})
    return invoice


@pytest.mark.parametrize(
    ("firms", "accounting_id", "entries", "expected"),
    [
        (QBO, "", [], False),
        (QBO, "", [("client", "C 1&2", "")], False),  # an empty entry maps nothing
        (QBO, "", [("client", "C 1&2", ""), ("client", "C-9", "Nine")], True),
        (QBO, "", [("client", "C-9", "Nine")], True),
        (QBO, "", [("item", "C-9", "Nine")], False),  # another kind
        (XERO, "", [("client", "C-9", "Nine")], False),  # another format
        (QBO, "", [("client", "C-9", "Nine"), ("client", "C 1&2", "Mine")], False),
        (QBO, "", [("client", "C-9", "Nine"), ("item", "C 1&2", "Mine")], True),
        (QBO, "K-7", [("client", "C-9", "Nine")], True),  # goes by names
        ("csv", "", [("client", "C-9", "Nine")], False),
    ],
)
def test_a_client_is_missed_once_clients_are_mapped(
    firms: str, accounting_id: str, entries: list[tuple[str, str, str]], *, expected: bool
) -> None:
    invoice_of(firms, accounting_id=accounting_id)
    for kind, ours, theirs in entries:
        make_entry(kind, ours, theirs)
    assert warned("client") == expected


def test_an_accounting_id_names_a_client_where_the_format_writes_it() -> None:
    invoice = invoice_of(SAGE_US)
    make_entry("client", "C-9", slug=SAGE_US)
    assert warned("client")
    type(invoice.client).objects.update(accounting_id="K-7")
    assert not warned("client")


def test_a_format_that_maps_nothing_misses_nothing() -> None:
    """Left from a format that did."""
    invoice_of("csv")
    make_entry("client", "C-9", slug="csv")
    make_entry("item", "X", slug="csv")
    assert (warned("client"), warned("lines")) == (False, False)


@pytest.mark.parametrize(
    ("firms", "line", "entries", "expected"),
    [
        (QBO, {}, [], False),
        (QBO, {}, [("item", "X", "", "")], False),
        (QBO, {}, [("item", "X", "Their X", "")], True),
        (QBO, {}, [("client", "X", "Their X", "")], False),
        (QBO, {}, [("item", "X", "Their X", ""), ("client", "LAB", "Labour", "")], True),
        (QBO, {}, [("item", "LAB", "Labour", "")], False),
        (QBO, {"section": Section.UNPRICED, "amount": 0}, [("item", "X", "Their X", "")], False),
        (QBO, {"account_code": "4010"}, [("item", "X", "Their X", "")], True),  # takes no accounts
        (XERO, {"account_code": "4010"}, [("item", "X", "Their X", "")], False),
        (XERO, {}, [("item", "X", "", "4000")], True),
        (XERO, {}, [("item", "LAB", "", "4000")], False),
        (XERO, {"item_code": ""}, [("item", "X", "", "4000")], False),  # asks for no item
        (IIF, {"item_code": "", "account_code": "4010"}, [("item", "X", "Their X", "")], True),
        (IIF, {"item_code": ""}, [("item", "X", "Their X", ""), ("setting", "line_item", "", "")], True),
        (IIF, {"item_code": ""}, [("item", "X", "Their X", ""), ("setting", "line_item", "Fees", "")], False),
        (IIF, {}, [("item", "X", "Their X", ""), ("setting", "line_item", "Fees", "")], True),
        (SAGE_CA, {"item_code": ""}, [("item", "X", "Their X", ""), ("setting", "items", "code", "")], True),
        (SAGE_CA, {"item_code": ""}, [("item", "X", "Their X", ""), ("setting", "items", "text", "")], False),
    ],
)
def test_a_line_is_missed_once_items_are_mapped(
    firms: str, line: dict[str, object], entries: list[tuple[str, str, str, str]], *, expected: bool
) -> None:
    invoice_of(firms, **line)  # type: ignore[arg-type]
    for entry in entries:
        make_entry(*entry, slug=firms)
    assert warned("lines") == expected


def test_the_detail_names_what_is_missing_and_leads_an_administrator_to_its_row() -> None:
    invoice = invoice_of(IIF)
    page = f"/invoices/{invoice.pk}/detail/"
    make_entry("client", "C-9", slug=IIF)
    make_entry("item", "X", slug=IIF)
    Company.objects.update(books_closed_through=TODAY)
    shown, setup = text(logged_in().get(page, headers=HTMX)), "/setup/accounting/quickbooks-desktop"
    words = (
        "Client C 1&amp;2 is not mapped in QuickBooks Desktop (IIF)",
        "Not mapped in QuickBooks Desktop (IIF): LAB",
        "closed",
    )
    links = (f"{setup}/client/?only=C+1%262#rows", f"{setup}/item/?only=LAB#rows", "/setup/company/")
    assert [each for each in (*words, *(f'href="{link}"' for link in links)) if each not in shown] == []
    read = text(logged_in(Role.ACCOUNTING).get(page, headers=HTMX))
    assert [each for each in words if each not in read] == []
    assert "/setup/" not in read
    InvoiceLine.objects.update(item_code="")
    shown = text(logged_in().get(page, headers=HTMX))
    assert "Not mapped in QuickBooks Desktop (IIF): lines without item" in shown
    assert f'href="{setup}/settings/#id_line_item"' in shown


def test_the_conditions_cost_a_page_no_query() -> None:
    invoice_of(IIF)
    client, counts = logged_in(), []
    client.get(URL)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(URL, {"group": "checks"})
        counts.append(len(captured))
        make_entry("client", f"C-{len(counts)}", slug=IIF)
        make_entry("item", f"X-{len(counts)}", slug=IIF)
    assert counts[0] == counts[1] <= 12
