"""What an import makes of right files: copies, queues, batch, history; and how the files themselves may look."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import BatchKind, Invoice, InvoicedRecord, InvoiceTax, ProcessBatch, Queue
from jobbook.accounts.models import User
from jobbook.common.audit import CommandLine, next_number, verify
from jobbook.common.models import AuditEntry, Counter
from jobbook.jobs.models import Company, DailyWorkRecord, Expense, Job, WorkLine
from jobbook.transfer.importing import run_import
from tests.commands import assert_sound
from tests.transfer.folders import SMALL, files_of, import_texts, problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> None:
    assert problems_of(SMALL) == []


def get(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


@pytest.mark.usefixtures("small")
def test_each_document_lands_in_the_queue_of_its_facts() -> None:
    assert dict(Invoice.objects.values_list("number", "queue")) == {
        "INV-1": Queue.ADMIN,
        "CN-1": Queue.ADMIN,
        "INV-2": Queue.PAID,
        "INV-3": Queue.PROCESSED,
        "INV-4": Queue.PM,
        "INV-5": Queue.TICKET,
    }
    assert_sound()


@pytest.mark.usefixtures("small")
def test_copies_and_defaults() -> None:
    invoice = get("INV-1")
    assert invoice.bill_to == ["555 4 Avenue", "", "Calgary", "", "", "Canada"]
    assert (invoice.bill_to_name, invoice.client_name, invoice.client_email) == (
        "Kestrel Inc.",
        "Kestrel Inc.",
        "ap@kestrel.example",
    )
    assert (invoice.job_number, invoice.project_name, invoice.office_name) == ("26-1", "Station 14", "Edson")
    assert (invoice.due_date, get("CN-1").due_date) == (date(2026, 11, 29), date(2026, 10, 31))
    assert (invoice.currency, invoice.billing_type, get("INV-5").is_ticket) == ("CAD", "time_and_material", True)
    assert (invoice.seller_name, invoice.seller_address) == ("Northfork Ltd.", "2210 Industrial Road\nEdson\nT7E 0A0")
    assert (invoice.seller_contact, invoice.seller_tax_number) == ("780-555-0142 · ar@northfork.example", "R1")
    assert (invoice.signed_total, get("INV-4").signed_total) == (Decimal("1122.94"), None)
    taxes = InvoiceTax.objects.filter(invoice=invoice).values_list("position", "code", "rate", "base", "amount")
    assert list(taxes) == [
        (1, "GST", Decimal(5), Decimal("1001.50"), Decimal("50.08")),
        (2, "PST", Decimal("7.125"), Decimal("1001.50"), Decimal("71.36")),
    ]
    assert get("CN-1").credits == invoice


@pytest.mark.usefixtures("small")
def test_an_address_that_is_given_stands_alone() -> None:
    head = "invoice_number,job_number,invoice_date,bill_to_name,bill_to_1,bill_to_3,subtotal,tax,total\n"
    rows = "A,26-1,2026-11-20,Agent,,,0,0,0\nB,26-1,2026-11-20,,Box 7,Edson,0,0,0\nC,26-1,2026-11-20,,,,0,0,0\n"
    assert problems_of({"invoices.csv": head + rows}) == []
    assert (get("A").bill_to_name, get("A").bill_to) == ("Agent", [""] * 6)
    assert (get("B").bill_to_name, get("B").bill_to) == ("Kestrel Inc.", ["Box 7", "", "Edson", "", "", ""])
    assert (get("C").bill_to_name, get("C").bill_to_3) == ("Kestrel Inc.", "Calgary")


@pytest.mark.usefixtures("small")
def test_processed_documents_come_in_as_one_batch_that_undo_passes_over() -> None:
    batch = ProcessBatch.objects.get()
    entry = AuditEntry.objects.get()
    assert (batch.kind, batch.number, batch.count, batch.total) == (BatchKind.IMPORT, 1, 2, Decimal("525.00"))
    assert (batch.entry_number, batch.created_by, batch.created_by_name) == (entry.number, None, "command line")
    assert set(batch.invoices.values_list("number", flat=True)) == {"INV-2", "INV-3"}
    assert ProcessBatch.objects.newest_undoable() is None
    assert next_number("process_batch") == 2


@pytest.mark.usefixtures("small")
def test_work_is_priced_and_billed_once() -> None:
    lines = {(line.record.dwr_number, line.line_number): line for line in WorkLine.objects.select_related("record")}
    truck = lines["8001", 2]  # 8 hours at 23.1875 an hour, a day is 185.50
    assert (truck.quantity, truck.unit_price, truck.amount) == (Decimal(1), Decimal("185.50"), Decimal("185.50"))
    assert (lines["8002", 1].quantity, lines["8002", 1].unit_price) == (Decimal(8), Decimal(96))
    assert dict(InvoicedRecord.objects.values_list("record__dwr_number", "invoice__number")) == {
        "8001": "INV-1",
        "8004": "INV-4",
    }
    assert dict(DailyWorkRecord.objects.values_list("dwr_number", "state"))["8002"] == "submitted"
    assert list(Expense.objects.order_by("pk").values_list("state", flat=True)) == ["processed", "approved", "draft"]


@pytest.mark.usefixtures("small")
def test_the_firm_its_people_and_its_counters() -> None:
    company = Company.current()
    assert (company.paper, company.invoice_prefix, company.default_format) == ("a4", "INV-", "csv")
    assert dict(Counter.objects.filter(series__in=["invoice", "credit_note"]).values_list()) == {"invoice": 20000}
    assert not any(user.has_usable_password() for user in User.objects.all())
    job = Job.objects.get(job_number="26-1")
    assert [each.tax.code for each in job.job_taxes.all()] == ["GST", "PST"]
    assert job.project_manager.email == "Manager@example.com"


@pytest.mark.usefixtures("small")
def test_the_history_has_one_entry_and_an_item_per_object() -> None:
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name) == ("data.import", "command line")
    kinds = list(entry.items.values_list("object_type", flat=True))
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "company": 1,
        "office": 1,
        "user": 3,
        "tax": 3,
        "item": 3,
        "client": 2,
        "job": 3,
        "dwr": 4,
        "expense": 3,
        "invoice": 6,
    }
    item = entry.items.get(object_type="invoice", object_id=get("INV-2").pk)
    assert (item.version_before, item.version_after, item.before) == (None, 1, "")
    assert item.after == '{"batch":1,"invoice_number":"INV-2","total":"525.00"}'
    assert verify() == []


def test_a_dry_run_counts_and_writes_nothing() -> None:
    result = import_texts(SMALL, dry_run=True)
    assert result.problems == []
    assert (result.counts["invoices.csv"].made, len(result.new_users)) == (6, 3)
    assert not Company.objects.exists()
    assert not Invoice.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_mark_and_blank_lines(end: str, mark: str) -> None:
    texts = {name: mark + text.replace("\n", end) + end for name, text in SMALL.items()}
    assert problems_of(texts) == []
    bad = mark + end.join(["code,name,rate", "", '"A","a","1"', '"B","b","x"'])
    assert problems_of({"taxes.csv": bad}) == [
        'taxes.csv:4: rate: "x" is not a number (digits, a point, at most 4 decimals)'
    ]


def test_columns_in_any_order() -> None:
    assert problems_of({"taxes.csv": "rate,code,recoverable,name\n5,GST,no,Tax\n"}) == []


def test_bytes_that_are_not_utf8_and_names_that_are_no_files() -> None:
    files = {"offices.csv": b"\xef\xbb\xbfname\nA\nB\xe9\n", "office.csv": b""}
    problems = [str(problem) for problem in import_files(files)]
    assert problems == ["office.csv:1: row: is not a file of the import folder", "offices.csv:3: row: is not UTF-8"]


def import_files(files: dict[str, bytes]) -> list[object]:
    return list(run_import(files, by=CommandLine()).problems)


def test_half_cents_are_rounded_away_from_zero() -> None:
    import_texts(SMALL)
    lines = "invoice_number,line_number,section,description,quantity,unit_price,amount,taxes\n"
    head = "invoice_number,job_number,invoice_date,kind,subtotal,tax,total\n"
    rows = "H,1,labour,x,0.5,0.01,0.01,\nN,1,labour,x,-0.5,0.01,-0.01,\n"
    rows += "N,2,labour,x,1.005,-3,-3.02,\nN,3,labour,x,,,-0.10,GST\n"
    documents = "H,26-3,2026-11-20,,0.01,0.00,0.01\nN,26-3,2026-11-20,credit_note,-3.13,-0.01,-3.14\n"
    assert problems_of({"invoices.csv": head + documents, "invoice_lines.csv": lines + rows}) == []


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    def statements(first: int, last: int) -> int:
        rows = "".join(f"C-{n},Client {n}\n" for n in range(first, last))
        with CaptureQueriesContext(connection) as queries:
            assert not run_import(files_of({"clients.csv": "client_number,name\n" + rows}), by=CommandLine()).problems
        return len(queries)

    statements(0, 1)  # the ledger head's first row
    assert statements(10, 13) == statements(20, 50)
