"""The accounting detail of a row, and the Invoices list."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from invoices.intents import PROCESS, make_intent
from invoices.models import Invoice, InvoicedRecord, InvoiceLine
from invoices.transitions import process_invoices
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Section
from tests.backlog.grids import HTMX, logged_in, mark_exported, rows, text, total_row
from tests.commands import fresh
from tests.factories import (
    TODAY,
    make_batch,
    make_expense,
    make_invoice,
    make_job,
    make_record,
    make_tax,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = "/invoices/"


def detail(invoice: Invoice, role: str = "administrator") -> str:
    response = logged_in(role).get(f"/invoices/{invoice.pk}/detail/", headers=HTMX)
    assert response.status_code == 200
    return text(response)


def cell(page: str, head: str) -> Decimal:
    """The amount of a row of the total block."""
    found = re.search(rf'<th scope="row" colspan="6">{re.escape(head)}[^<]*</th><td class="num">([^<]*)</td>', page)
    assert found, head
    return Decimal(found.group(1).replace(",", ""))


def test_g28_the_lines_add_up_to_the_row() -> None:
    job = make_job(taxes=[make_tax("GST", "5"), make_tax("PST", "7")])
    invoice = make_invoice(job=job, amounts=["1234.56", "0.01", "99.99"])
    InvoiceLine.objects.filter(invoice=invoice, line_number=2).update(section=Section.EQUIPMENT)
    page = detail(invoice)
    amounts = re.findall(r'<td class="num">([\d,.]+)</td></tr>', page.partition("<tfoot>")[0])
    sections = [Decimal(a.replace(",", "")) for a in amounts]
    assert sum(sections) == 2 * invoice.subtotal  # each section's subtotal, and its lines
    assert cell(page, "Subtotal") == invoice.subtotal
    assert cell(page, "GST 5% of 1,334.56 (code GST)") == Decimal("66.73")
    assert cell(page, "PST 7% of 1,334.56 (code PST)") == Decimal("93.42")
    assert cell(page, "Total") == invoice.total


def test_g28_what_accounting_looks_for_is_there() -> None:
    user = make_user(name="K. Osei")
    job = make_job(po_required=True)
    record = make_record(job=job, submitted_on=TODAY, dwr_number="8123")
    make_expense(job=job, submitted_on=TODAY, expense_number="E-7")
    invoice = make_invoice(job=job, accounting_reference="QB-9", terms="Net 45", client_project_number="CP-1")
    InvoicedRecord.objects.create(record=record, invoice=invoice)
    mark_exported(invoice)
    intent = make_intent(user=user, action=PROCESS, invoices=Invoice.objects.filter(pk=invoice.pk))
    process_invoices(intent.pk, by=user)
    page = detail(invoice)
    for words in (
        job.client.client_number, "Net 45", "CP-1", "QB-9", "8123", "E-7", "submitted, not approved",
        "The job requires a PO number", "1 expense of the job up to the invoice date is not processed",
        "Representative signature saved", "Batch #1", "by K. Osei", job.project_manager.name, "4010",
    ):  # fmt: skip
        assert words in page, words


def test_g28_an_unsigned_invoice_says_who_released_it() -> None:
    invoice = make_invoice(signed=False, released_by="M. Tran", released_on=TODAY, release_reason="client <waits>")
    assert "Not signed: released by M. Tran on 20 Nov 2026, client &lt;waits&gt;" in detail(invoice)


def test_g28_the_reference_is_entered_in_the_detail_and_answers_with_it() -> None:
    invoice = make_invoice(accounting_reference="QB-9")
    client, where = logged_in(Role.ACCOUNTING), f"/invoices/{invoice.pk}/reference/"
    for value, status in (("QB <10>", 200), ("x" * 65, 409), ("", 200)):
        response = client.post(where, {"accounting_reference": value}, headers=HTMX)
        page = text(response)
        assert response.status_code == status
        assert page.startswith('<div class="det"')
        assert f'hx-post="{where}"' in page
        assert f'name="accounting_reference" value="{escape(value)}"' in page or not value
        assert ("Saved" in page) == (status == 200)
        assert ("at most 64 characters" in page) == (status == 409)
        assert fresh(invoice).accounting_reference == ("" if not value else "QB <10>")


def test_a_reference_that_somebody_else_entered_meanwhile_is_not_written_over_unseen() -> None:
    invoice = make_invoice(accounting_reference="")
    client, where = logged_in(Role.ACCOUNTING), f"/invoices/{invoice.pk}/reference/"
    opened = text(client.get(f"/invoices/{invoice.pk}/detail/", headers=HTMX))
    assert re.search(r'type="hidden" name="seen"(?! value)', opened)
    assert client.post(where, {"accounting_reference": "THEIRS", "seen": ""}, headers=HTMX).status_code == 200
    answer = client.post(where, {"accounting_reference": "MINE", "seen": ""}, headers=HTMX)
    assert answer.status_code == 409
    assert "Somebody else made it THEIRS meanwhile." in text(answer)
    assert 'name="accounting_reference" value="MINE"' in text(answer)
    assert 'name="seen" value="THEIRS"' in text(answer)
    assert fresh(invoice).accounting_reference == "THEIRS"
    assert client.post(where, {"accounting_reference": "MINE", "seen": "THEIRS"}, headers=HTMX).status_code == 200
    assert fresh(invoice).accounting_reference == "MINE"


def test_g28_the_form_is_for_those_who_may_and_for_what_reached_accounting() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    job = make_job(project_manager=manager)
    for invoice, who, offered in (
        (make_invoice(accounting_reference="QB-9"), make_user(), True),
        (make_invoice(accounting_reference="QB-9"), make_user(Role.ACCOUNTING), True),
        (make_invoice(job=job, accounting_reference="QB-9"), manager, False),
        (make_invoice(job=job, signed=False, accounting_reference="QB-9"), make_user(), False),
    ):
        page = text(logged_in(who).get(f"/invoices/{invoice.pk}/detail/", headers=HTMX))
        assert ("/reference/" in page) == offered
        assert "QB-9" in page
    refused = logged_in().post(f"/invoices/{invoice.pk}/reference/", {"accounting_reference": "x"}, headers=HTMX)
    assert refused.status_code == 409
    assert "is entered from the Admin Queue on" in text(refused)


def test_a_detail_one_may_not_see_is_a_404() -> None:
    invoice, waiting = make_invoice(), make_invoice(signed=False)
    assert logged_in(Role.PROJECT_MANAGER).get(f"/invoices/{invoice.pk}/detail/").status_code == 404
    assert logged_in(Role.ACCOUNTING).get(f"/invoices/{waiting.pk}/detail/").status_code == 404
    assert logged_in().get("/invoices/999999/detail/").status_code == 404
    assert logged_in(Role.TECHNICIAN).get(f"/invoices/{invoice.pk}/detail/").status_code == 403


def test_a_detail_costs_the_same_with_one_line_and_with_thirty() -> None:
    few, many = make_invoice(), make_invoice(amounts=["1.00"] * 30)
    client = logged_in()
    counts = []
    for invoice in (few, few, many):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/invoices/{invoice.pk}/detail/", headers=HTMX)
        counts.append(len(captured))
    assert counts[1] == counts[2] <= 12


def queues() -> dict[str, Invoice]:
    """An invoice in each queue."""
    made = {
        "pm": make_invoice(signed=False),
        "ticket": make_invoice(is_ticket=True),
        "admin": make_invoice(),
        "processed": make_invoice(),
        "paid": make_invoice(),
    }
    make_batch([made["processed"], made["paid"]])
    Invoice.objects.filter(pk=made["paid"].pk).update(paid_on=TODAY)
    return made


def tabs(page: str) -> dict[str, str]:
    nav = page.partition('id="grid-tabs"')[2].partition("</nav>")[0]
    return dict(re.findall(r'>([^<>]+)<span class="c">([^<]+)</span>', nav))


def test_each_tab_of_the_list_shows_its_queue() -> None:
    made = queues()
    client = logged_in()
    assert rows(client.get(LIST)) == [made["admin"].number]
    for tab, invoice in made.items():
        assert rows(client.get(LIST, {"tab": tab})) == [invoice.number], tab
    page = client.get(LIST, {"tab": "all"})
    assert len(rows(page)) == 5
    assert tabs(text(page)) == {
        "Mine": "0",
        "PM Queue": "1",
        "Ticket Queue": "1",
        "Admin Queue": "1",
        "Processed": "1",
        "Paid": "1",
        "All": "5",
    }
    assert "data-tick" not in text(page)
    assert "data-action-url" not in text(page)


def test_g12_the_counts_of_the_tabs_follow_the_filters() -> None:
    made = queues()
    page = text(logged_in().get(LIST, {"q": made["paid"].number}))
    assert tabs(page) == {
        "Mine": "0",
        "PM Queue": "0",
        "Ticket Queue": "0",
        "Admin Queue": "0",
        "Processed": "0",
        "Paid": "1",
        "All": "1",
    }


def test_accounting_has_no_tab_before_the_admin_queue() -> None:
    queues()
    client = logged_in(Role.ACCOUNTING)
    page = client.get(LIST, {"tab": "all"})
    assert list(tabs(text(page))) == ["Admin Queue", "Processed", "Paid", "All"]
    assert len(rows(page)) == 3
    refused = client.get(LIST, {"tab": "pm"})
    assert rows(refused) == []
    assert "There is no tab called" in text(refused)


def test_the_list_sums_what_it_shows() -> None:
    make_batch([make_invoice(amounts=["100.00"]), make_invoice(amounts=["-40.00"])])
    assert total_row(logged_in().get(LIST, {"tab": "processed"})) == ["60.00", "3.00", "63.00"]
    assert logged_in(Role.TECHNICIAN).get(LIST).status_code == 403
