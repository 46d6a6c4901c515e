"""A second import: what may still change does, what may not is a problem that names it, nothing comes in twice."""

import json
from decimal import Decimal

import pytest
from django.db.models import Model

from invoices.editing import delete_invoice
from invoices.models import Invoice, InvoicedRecord, InvoiceLine, ProcessBatch, Queue
from invoices.transitions import tick_processed
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, AuditItem, Counter
from jobbook.jobs.models import Client, Company, DailyWorkRecord, Expense, Item, Job, Tax
from jobbook.jobs.transitions.progress import enter_progress
from tests.commands import assert_sound
from tests.factories import TODAY, make_user
from tests.transfer.folders import SMALL, import_texts, problems_of, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small() -> None:
    assert problems_of(SMALL) == []


def get(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def versions(number: str) -> tuple[int, int]:
    invoice = get(number)
    return invoice.version, invoice.content_version


def changed(name: str, *passages: tuple[str, str]) -> dict[str, str]:
    """One file of the small firm, with other passages."""
    text = SMALL[name]
    for old, new in passages:
        text = replaced(text, old, new)
    return {name: text}


def newest_item(target: Model, kind: str) -> AuditItem:
    return AuditItem.objects.filter(object_type=kind, object_id=target.pk).order_by("-entry_id")[0]


def test_the_same_rows_change_nothing() -> None:
    entries = AuditEntry.objects.count()
    result = import_texts(SMALL)
    assert not result.problems
    assert {(count.made, count.updated) for count in result.counts.values()} == {(0, 0)}
    assert AuditEntry.objects.count() == entries
    assert versions("INV-1") == (1, 1)


def test_names_are_compared_without_regard_to_case_and_kept() -> None:
    texts = changed("users.csv", ("admin@example.com,A. Admin", "ADMIN@Example.com,A. Admin"))
    assert import_texts(texts).counts["users.csv"].left == 3
    texts = changed("invoices.csv", ("INV-4,", "inv-4,"))
    assert import_texts(texts).counts["invoices.csv"].left == 6
    assert get("INV-4").number == "INV-4"


def test_a_number_beyond_ascii_is_found_again() -> None:
    row = "invoice_number,job_number,invoice_date,subtotal,tax,total\n{},26-3,2026-11-20,0,0,0\n"
    for number in ("É-1", "é-1"):
        assert problems_of({"invoices.csv": row.format(number)}) == []
    assert Invoice.objects.filter(number__endswith="-1", invoice_date="2026-11-20").count() == 1


def test_master_data_are_updated_and_the_history_says_how() -> None:
    texts = changed("clients.csv", ("Kestrel Inc.", "Kestrel Ltd.")) | changed("jobs.csv", ("GST;PST", "PST"))
    texts |= changed("taxes.csv", ("Not used yet,8", "Not used yet,9")) | changed("items.csv", ("185.50", "190"))
    result = import_texts(texts)
    assert {name: count.updated for name, count in result.counts.items()} == {
        "taxes.csv": 1,
        "items.csv": 1,
        "clients.csv": 1,
        "jobs.csv": 1,
    }
    client = Client.objects.get(client_number="C-1")
    item = newest_item(client, "client")
    assert (json.loads(item.before), json.loads(item.after)) == ({"name": "Kestrel Inc."}, {"name": "Kestrel Ltd."})
    assert [each.tax.code for each in Job.objects.get(job_number="26-1").job_taxes.all()] == ["PST"]
    assert (Tax.objects.get(code="NEW").rate, Item.objects.get(code="TRUCK").unit_price) == (9, 190)
    assert (get("INV-1").client_name, versions("INV-1")) == ("Kestrel Inc.", (1, 1))


def test_columns_that_are_not_there_leave_what_is_there() -> None:
    assert problems_of({"clients.csv": "client_number,name\nC-1,New name\n"}) == []
    client = Client.objects.get(client_number="C-1")
    assert (client.name, client.email, client.terms_days) == ("New name", "ap@kestrel.example", 30)
    assert problems_of({"company.csv": "name,currency,time_zone\nN,CAD,UTC\n"}) == []
    assert (Company.current().name, Company.current().paper) == ("N", "a4")
    assert Counter.objects.get(series="invoice").last == 20000


def test_an_empty_cell_clears_a_text_but_takes_no_fact_back() -> None:
    texts = changed("invoices.csv", ("Thank you,D. Okafor,2026-10-30", ",,"))
    assert import_texts(texts).counts["invoices.csv"].updated == 1
    invoice = get("INV-1")
    assert (invoice.memo, invoice.signed_by, invoice.queue) == ("", "D. Okafor", Queue.ADMIN)


def test_a_corrected_invoice_grows_its_versions_and_keeps_its_signature() -> None:
    texts = changed("invoices.csv", ("1001.50,121.44,1122.94", "1011.50,122.65,1134.15"))
    texts |= changed("invoice_lines.csv", ("1,day,185.50,185.50", "1,day,195.50,195.50"))
    result = import_texts(texts)
    assert not result.problems
    assert (result.counts["invoices.csv"].updated, result.counts["invoice_lines.csv"].updated) == (1, 1)
    invoice = get("INV-1")
    assert (invoice.version, invoice.content_version, invoice.queue) == (2, 2, Queue.ADMIN)
    assert (str(invoice.signed_total), str(invoice.total)) == ("1122.94", "1134.15")
    item = newest_item(invoice, "invoice")
    assert (item.version_before, item.version_after) == (1, 2)
    assert json.loads(item.after)["lines"] == {"2": {"amount": "195.50", "unit_price": "195.50"}}
    assert_sound()


def test_a_line_more_alone_is_checked_against_the_document() -> None:
    line = "invoice_number,line_number,section,description,amount\nINV-1,4,labour,More,{}\n"
    assert problems_of({"invoice_lines.csv": line.format("5.00")}) == [
        "invoice_lines.csv:2: amount: 1001.50 is not the sum of the lines, 1006.50"
    ]
    assert problems_of({"invoice_lines.csv": line.format("0")}) == []
    assert versions("INV-1") == (2, 2)
    assert_sound()


def test_processing_by_a_row_is_a_batch_and_no_change_of_content() -> None:
    texts = changed("invoices.csv", ("D. Okafor,2026-10-31,,,,,,,,-96", "D. Okafor,2026-10-31,,,,,2026-11-09,,,-96"))
    assert problems_of(texts) == []
    assert (get("CN-1").queue, versions("CN-1")) == (Queue.PROCESSED, (2, 1))
    assert list(ProcessBatch.objects.order_by("number").values_list("number", "count")) == [(1, 2), (2, 1)]
    assert_sound()


def test_an_accounting_reference_moves_no_version() -> None:
    texts = changed(
        "invoices.csv", ("Thank you,D. Okafor,2026-10-30,,,,,,,,", "Thank you,D. Okafor,2026-10-30,,,,,,,QB-1,")
    )
    assert problems_of(texts) == []
    assert (get("INV-1").accounting_reference, versions("INV-1")) == ("QB-1", (1, 1))


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "invoices.csv",
            "INV-3,26-2,2026-11-05,,,,",
            "INV-3,26-2,2026-11-05,,,Hi,",
            'invoices.csv:5: memo: "INV-3" is processed; it cannot change',
        ),
        (
            "invoices.csv",
            "2026-11-20,QB-77",
            "2026-11-21,QB-77",
            'invoices.csv:4: paid_on: "INV-2" is paid; it cannot change',
        ),
        (
            "invoice_lines.csv",
            "Tie-in,,",
            "Tie in,,",
            'invoice_lines.csv:6: description: "INV-2" is paid; its lines cannot change',
        ),
        (
            "invoice_lines.csv",
            "INV-3,1,",
            "INV-3,2,",
            'invoice_lines.csv:7: line_number: "INV-3" is processed; its lines cannot change',
        ),
        (
            "invoices.csv",
            "INV-4,26-3",
            "INV-4,26-2",
            'invoices.csv:6: job_number: "INV-4" is on job "26-3"; it cannot change',
        ),
        (
            "invoices.csv",
            "INV-4,26-3,2026-11-05,",
            "INV-4,26-3,2026-11-05,credit_note",
            'invoices.csv:6: kind: "INV-4" is of kind invoice; it cannot change',
        ),
        (
            "jobs.csv",
            "26-3,C-2",
            "26-3,C-1",
            "jobs.csv:4: client_number: It stays Tallgrass County, because the job has 1 invoice.",
        ),
        (
            "jobs.csv",
            "Station 14,time_and_material",
            "Station 14,overhead",
            "jobs.csv:2: billing_type: It stays Time & Material, because the job has 3 DWRs and 2 invoices.",
        ),
        (
            "jobs.csv",
            "Tie-in,fixed_price",
            "Tie-in,time_and_material",
            "jobs.csv:3: billing_type: It stays Fixed Price, because the job has 3 invoices.",
        ),
        ("taxes.csv", "7.125", "7", 'taxes.csv:3: rate: "PST" is in use with the rate 7.125; a new rate is a new code'),
        ("company.csv", "CAD", "USD", "company.csv:2: currency: there are invoices in CAD; it cannot become USD"),
        ("dwrs.csv", "Cut out spool", "Cut", 'dwrs.csv:2: description: DWR "8001" is approved; it cannot change'),
        (
            "dwr_lines.csv",
            "8.5,8.5,96",
            "8,8,96",
            'dwr_lines.csv:2: hours: DWR "8001" is approved; its lines cannot change',
        ),
        (
            "dwr_lines.csv",
            "8001,2,",
            "8001,3,",
            'dwr_lines.csv:3: line_number: DWR "8001" is approved; its lines cannot change',
        ),
        ("expenses.csv", "42.50", "42.51", 'expenses.csv:2: amount: expense "1" is processed; it cannot change'),
        ("expenses.csv", "Fuel", "Oil", 'expenses.csv:3: item: expense "2" is approved; it cannot change'),
        (
            "invoices.csv",
            "50.00,2.50,52.50",
            "60.00,3.00,63.00",
            "invoices.csv:7: subtotal: 60.00 is not the sum of the lines, 50.00",
        ),
    ],
)
def test_what_may_not_change_is_named(name: str, old: str, new: str, problem: str) -> None:
    assert problem in problems_of(changed(name, (old, new)))


def test_a_job_with_nothing_but_progress_keeps_its_billing_type() -> None:
    row = "job_number,client_number,project_name,billing_type,project_manager\n26-8,{},New,{},admin@example.com\n"
    assert problems_of({"jobs.csv": row.format("C-1", "overhead")}) == []
    assert problems_of({"jobs.csv": row.format("C-2", "fixed_price")}) == []  # nothing is on it yet
    job = Job.objects.get(job_number="26-8")
    enter_progress(job.pk, on=TODAY, percent=Decimal(1), by=make_user(Role.ADMINISTRATOR))
    reason = "It stays Fixed Price, because the job has 1 entry of progress."
    assert problems_of({"jobs.csv": row.format("C-1", "overhead")}) == [f"jobs.csv:2: billing_type: {reason}"]
    assert problems_of({"jobs.csv": row.format("C-1", "fixed_price")}) == []  # no invoice: its client may change


LAST = "is the last active administrator. Make another user an administrator first."


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("administrator,yes", "technician,yes", "role"),
        ("administrator,yes", "administrator,no", "active"),
        ("administrator,yes", "accounting,no", "active"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_last_administrator_stays_one(old: str, new: str, column: str, dry_run: bool) -> None:
    texts = changed("users.csv", (old, new))
    expected = [f"users.csv:2: {column}: A. Admin {LAST}"]
    assert [str(each) for each in import_texts(texts, dry_run=dry_run).problems] == expected
    assert User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).count() == 1


def test_of_all_administrators_in_a_file_one_stays() -> None:
    other = make_user(Role.ADMINISTRATOR, name="K. Osei")
    texts = changed("users.csv", ("administrator,yes", "technician,yes"))
    texts["users.csv"] += f"{other.email},K. Osei,accounting,yes\n"
    assert problems_of(texts) == [f"users.csv:5: role: K. Osei {LAST}"]
    heir = {"users.csv": texts["users.csv"] + "heir@example.com,Heir,administrator,yes\n"}
    assert problems_of(heir) == []


def test_an_administrator_may_go_where_the_file_does_not_name_another() -> None:
    make_user(Role.ADMINISTRATOR)
    assert problems_of(changed("users.csv", ("administrator,yes", "technician,no"))) == []


def test_an_invoice_processed_in_the_application_is_left_alone_by_the_old_row() -> None:
    tick_processed(get("INV-1").pk, version=1, by=make_user(Role.ADMINISTRATOR))
    assert import_texts(SMALL).counts["invoices.csv"].left == 6
    assert get("INV-1").queue == Queue.PROCESSED
    assert problems_of(changed("invoices.csv", ("Thank you", "Thanks"))) == [
        'invoices.csv:2: memo: "INV-1" is processed; it cannot change'
    ]


def test_work_goes_on() -> None:
    texts = changed("dwrs.csv", ("2026-10-28,,,,", "2026-10-28,2026-10-30,manager@example.com,,"))
    texts |= changed("expenses.csv", (",2026-10-28,2026-10-29,\n", ",2026-10-28,2026-10-29,2026-10-30\n"))
    texts |= changed("dwr_lines.csv", ("2,2,100", "3,3,100"))
    assert problems_of(texts) == []
    assert list(DailyWorkRecord.objects.order_by("pk").values_list("state", "version")) == [
        ("approved", 1),
        ("approved", 2),
        ("draft", 2),
        ("approved", 1),
    ]
    assert list(Expense.objects.order_by("pk").values_list("state", "version"))[1] == ("processed", 2)


def test_a_dwr_leaves_an_invoice_with_its_line_and_may_be_billed_again() -> None:
    assert problems_of(changed("invoice_lines.csv", (",8004", ","))) == []
    assert not InvoicedRecord.objects.filter(record__dwr_number="8004").exists()
    more = "invoice_number,job_number,invoice_date,subtotal,tax,total\nINV-6,26-3,2026-11-20,0,0,0\n"
    line = "invoice_number,line_number,section,description,amount,dwr_number\nINV-6,1,labour,x,0,{}\n"
    assert problems_of({"invoices.csv": more, "invoice_lines.csv": line.format("8001")}) == [
        'invoice_lines.csv:2: dwr_number: DWR "8001" is on "INV-1" already'
    ]
    assert problems_of({"invoices.csv": more, "invoice_lines.csv": line.format("8004")}) == []
    assert InvoiceLine.objects.get(invoice__number="INV-6").record is not None
    assert_sound()


@pytest.mark.parametrize("number", ["INV-4", "inv-4"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_number_of_a_deleted_invoice_is_not_given_again(number: str, dry_run: bool) -> None:
    delete_invoice(get("INV-4").pk, version=1, by=make_user(Role.ADMINISTRATOR))
    row = "invoice_number,job_number,invoice_date,subtotal,tax,total\n{},26-3,2026-11-20,0,0,0\n"
    rows = row.format("INV-44") + row.format(number).partition("\n")[2]
    expected = f'invoices.csv:3: invoice_number: "{number}" was the number of an invoice that was deleted; it is not'
    problems = import_texts({"invoices.csv": rows}, dry_run=dry_run).problems
    assert [str(each) for each in problems] == [f"{expected} given again"]
    assert not Invoice.objects.filter(number__iexact=number).exists()
    assert problems_of({"invoices.csv": row.format("INV-44")}) == []


def test_credit_notes_of_files_and_database_together() -> None:
    head = "invoice_number,job_number,invoice_date,kind,credits,subtotal,tax,total\n"
    lines = "invoice_number,line_number,section,description,amount\n"
    note = {"invoices.csv": head + "CN-2,26-1,2026-11-20,credit_note,inv-1,{0},0,{0}\n"}
    texts = note | {"invoice_lines.csv": lines + "CN-2,1,labour,x,{0}\n"}
    much, rest = ({name: text.format(amount) for name, text in texts.items()} for amount in ("-1022.15", "-1022.14"))
    assert problems_of(much) == [
        'invoices.csv:2: credits: the credit notes of "INV-1" come to 1122.95, more than its 1122.94'
    ]
    assert problems_of(rest) == []
    less = changed("invoices.csv", ("1001.50,121.44,1122.94", "816.00,98.94,914.94"))
    less |= changed("invoice_lines.csv", ("1,day,185.50,185.50", "0,day,185.50,0"))
    assert problems_of(less) == [
        'invoices.csv:2: total: the credit notes of "INV-1" come to 1122.94, more than its 914.94'
    ]
    assert problems_of(changed("invoices.csv", ("INV-1,,D. Okafor", "INV-1,Late,D. Okafor"))) == []  # counted once


def test_a_closed_period_takes_no_new_and_no_changed_document() -> None:
    Company.objects.update(books_closed_through="2026-11-05")
    texts = {"invoices.csv": SMALL["invoices.csv"]}
    assert problems_of(texts) == []
    closed = "is in a closed period (books are closed through 2026-11-05)"
    assert problems_of(changed("invoices.csv", ("Thank you", "Thanks"))) == [
        f"invoices.csv:2: invoice_date: 2026-10-30 {closed}"
    ]
    redated = changed("invoices.csv", ("INV-4,26-3,2026-11-05", "INV-4,26-3,2026-11-06"))
    assert problems_of(redated) == [f"invoices.csv:6: invoice_date: 2026-11-05 {closed}"]
    row = "invoice_number,job_number,invoice_date,subtotal,tax,total\nINV-9,26-3,{},0,0,0\n"
    assert problems_of({"invoices.csv": row.format("2026-11-05")}) == [
        f"invoices.csv:2: invoice_date: 2026-11-05 {closed}"
    ]
    assert problems_of({"invoices.csv": row.format("2026-11-06")}) == []
    line = {"invoice_lines.csv": replaced(SMALL["invoice_lines.csv"], "One hour less", "An hour less")}
    assert problems_of(line) == [f"invoice_lines.csv:5: invoice_number: 2026-10-31 {closed}"]
    processed = ("D. Okafor,2026-10-31,,,,,,,,-96", "D. Okafor,2026-10-31,,,,,2026-11-09,,,-96")
    assert problems_of(changed("invoices.csv", processed)) == []


def test_a_firm_moves_in_with_its_closed_books() -> None:
    texts = changed("company.csv", (",20001,", ",20001,2026-12-31")) | changed("invoices.csv", ("INV-4", "INV-7"))
    texts["invoice_lines.csv"] = replaced(SMALL["invoice_lines.csv"], "INV-4", "INV-7").replace(",8004", ",")
    assert problems_of(texts) == []  # the books were open until this import
    assert problems_of(changed("invoices.csv", ("INV-4", "INV-8")))[0].startswith("invoices.csv:6: invoice_date: ")
