"""Invoices from DWRs and by hand: what is on them, what is copied, what is refused, and that it is done once."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from invoices.making import invoice_records, make_credit_note, make_invoice, plan_invoices
from invoices.models import Invoice, InvoicedExpense, InvoiceKind, InvoiceLine, LineSource
from invoices.rows import lines_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, Intent
from jobbook.jobs.models import (
    BillingType,
    Client,
    ClientAddress,
    Company,
    DailyWorkRecord,
    Expense,
    InvoiceType,
    Job,
    LineItemType,
    Section,
    StoredFile,
    WorkLine,
)
from tests.commands import assert_sound, fresh, process
from tests.factories import make_client, make_company, make_expense, make_item, make_job, make_tax, make_user
from tests.invoicing import add_fee, add_work, approved, approved_expense, in_queue, invoice_all, lump, seen, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="M. Tran")


def by_hand(job: Job, by: User, amount: str = "100.00", **given: Any) -> Invoice:
    return make_invoice(job.pk, **{"values": {}, "lines": [lump(amount)], "by": by, **given})


# From DWRs


def test_one_invoice_for_each_job_with_a_line_for_each_work_line(admin: User) -> None:
    job, other = make_job(job_number="26-A", po_number="PO-7"), make_job(job_number="26-B")
    records = [approved(job, admin, hours="8"), approved(job, admin, hours="2.5"), approved(other, admin)]
    result = invoice_all(admin, records)
    first, second = result.invoices
    assert [invoice.job for invoice in result.invoices] == [job, other]
    assert [invoice.number for invoice in result.invoices] == ["INV-10001", "INV-10002"]
    assert (first.subtotal, first.tax, first.total) == (Decimal("1008.00"), Decimal("50.40"), Decimal("1058.40"))
    lines = list(first.lines.values_list("description", "quantity", "unit_price", "amount", "record"))
    assert lines == [
        ("Lab – J. Lavoie", Decimal("8.0000"), Decimal("96.0000"), Decimal("768.00"), records[0].pk),
        ("Lab – J. Lavoie", Decimal("2.5000"), Decimal("96.0000"), Decimal("240.00"), records[1].pk),
    ]
    assert (fresh(first).queue, fresh(second).queue, first.created_by) == ("pm", "pm", admin)
    assert not DailyWorkRecord.objects.to_invoice().exists()
    assert_sound()


def test_a_summarized_job_rolls_equal_items_into_one_line(admin: User) -> None:
    job = make_job(line_item_type=LineItemType.SUMMARIZED)
    truck = make_item("TRK", section=Section.EQUIPMENT, unit="day")
    records = [approved(job, admin), approved(job, admin, price="100"), approved(job, admin)]
    add_work(records[0], truck, "1.5", "10")
    (invoice,) = invoice_all(admin, records).invoices
    lines = invoice.lines.values_list("section", "description", "quantity", "unit", "amount")
    assert list(lines) == [
        ("labour", "Lab", Decimal("16.0000"), "h", Decimal("1536.00")),
        ("labour", "Lab", Decimal("8.0000"), "h", Decimal("800.00")),
        ("equipment", "Trk", Decimal("1.5000"), "day", Decimal("15.00")),
    ]
    assert LineSource.objects.filter(invoice=invoice, line__isnull=False).count() == 4
    assert_sound()


def test_fees_come_last_and_exempt_items_stay_untaxed(admin: User) -> None:
    job = make_job(taxes=[make_tax(), make_tax("PST", "7")])
    add_fee(job, "3")
    record = approved(job, admin, hours="10", price="100")
    add_work(record, make_item("LODGE", section=Section.EQUIPMENT, tax_exempt=True), "1", "500")
    (invoice,) = invoice_all(admin, [record]).invoices
    assert list(invoice.lines.values_list("section", "amount", "taxes", "account_code")) == [
        ("labour", Decimal("1000.00"), "GST;PST", "4010"),
        ("equipment", Decimal("500.00"), "", "4010"),
        ("fee", Decimal("45.00"), "GST;PST", "4900"),
    ]
    assert list(invoice.invoice_taxes.values_list("code", "base", "amount")) == [
        ("GST", Decimal("1045.00"), Decimal("52.25")),
        ("PST", Decimal("1045.00"), Decimal("73.15")),
    ]
    assert_sound()


def test_what_is_printed_is_copied_and_stays(admin: User) -> None:
    logo = StoredFile.objects.create(sha256="a" * 64, type="jpg", size=3)
    Company.objects.update(logo=logo, printed_terms="Pay soon", tax_number="R1", phone="555", email="a@example.com")
    client = make_client(name="Northwind", terms="Net 45", terms_days=45)
    address = ClientAddress.objects.create(client=client, label="Head office", address_1="9 Tower Road", city="Calgary")
    job = make_job(client=client, billing_address=address, location="LSD 4-12", invoice_type=InvoiceType.TICKET_INVOICE)
    (invoice,) = invoice_all(admin, [approved(job, admin)]).invoices
    Client.objects.update(name="Renamed")
    Company.objects.update(name="Renamed", logo=None)
    Job.objects.update(project_name="Renamed", billing_address=None)
    kept = fresh(invoice)
    assert (kept.client_name, kept.bill_to_name, kept.bill_to_1, kept.bill_to_3) == (
        "Northwind",
        "Northwind",
        "9 Tower Road",
        "Calgary",
    )
    assert (kept.seller_name, kept.seller_logo, kept.seller_contact) == (
        "Northfork Field Services Ltd.",
        "a" * 64,
        "555 · a@example.com",
    )
    assert (kept.location, kept.printed_terms, kept.terms, kept.is_ticket) == ("LSD 4-12", "Pay soon", "Net 45", True)
    assert kept.due_date == kept.invoice_date + timedelta(days=45)
    assert kept.project_name == job.project_name


def test_the_date_is_the_day_in_the_active_time_zone(admin: User) -> None:
    with timezone.override("Pacific/Kiritimati"):
        (invoice,) = invoice_all(admin, [approved(make_job(), admin)]).invoices
        assert invoice.invoice_date == timezone.localdate()


def test_the_window_lists_what_will_be_made(admin: User) -> None:
    job = make_job(job_number="26-B")
    records = [approved(make_job(job_number="26-A"), admin), approved(job, admin), approved(job, admin)]
    make_expense(job=job, submitted_on=date(2026, 11, 1))
    approved_expense(job, admin, processed_on=date(2026, 11, 1))
    plan = plan_invoices(DailyWorkRecord.objects.filter(pk__in=[record.pk for record in records]))
    assert [(each.job.job_number, each.records, each.amount, each.expenses) for each in plan] == [
        ("26-A", 1, Decimal("768.00"), 0),
        ("26-B", 2, Decimal("1536.00"), 1),
    ]


def test_the_same_window_twice_makes_the_invoices_once(admin: User) -> None:
    records = [approved(make_job(), admin), approved(make_job(), admin)]
    intent = window(admin, records)
    first, second = invoice_records(intent.pk, by=admin), invoice_records(intent.pk, by=admin)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.invoices == second.invoices == list(Invoice.objects.order_by("pk"))
    Intent.objects.update(created_at=timezone.now() - timedelta(minutes=20))
    assert invoice_records(intent.pk, by=admin).invoices == first.invoices


def _reopen(record: DailyWorkRecord) -> None:
    DailyWorkRecord.objects.filter(pk=record.pk).update(approved_on=None, approved_by=None)


WRONG = {
    "reopened": (_reopen, "is not approved any more"),
    "changed": (lambda record: DailyWorkRecord.objects.filter(pk=record.pk).update(version=2), "changed since"),
    "fixed price": (
        lambda record: Job.objects.filter(pk=record.job_id).update(billing_type=BillingType.FIXED_PRICE),
        "is not invoiced from DWRs",
    ),
    "overhead": (
        lambda record: Job.objects.filter(pk=record.job_id).update(billing_type=BillingType.OVERHEAD),
        "is Overhead: it is never invoiced",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_job_with_a_dwr_in_the_way_is_left_out_whole_and_the_others_go_through(admin: User, wrong: str) -> None:
    spoil, reason = WRONG[wrong]
    job = make_job()
    good, bad, same = approved(make_job(), admin), approved(job, admin), approved(job, admin)
    intent = window(admin, [good, bad, same])
    spoil(bad)
    result = invoice_records(intent.pk, by=admin)
    assert [invoice.job for invoice in result.invoices] == [good.job]
    assert bad.pk in {refusal.object_id for refusal in result.refusals}
    assert reason in result.refusals[0].reason
    assert not hasattr(DailyWorkRecord.objects.get(pk=same.pk), "invoiced")
    assert_sound()


def test_deleted_dwrs_are_counted(admin: User) -> None:
    good, gone = approved(make_job(), admin), approved(make_job(), admin)
    intent = window(admin, [good, gone])
    gone.delete()
    assert [str(refusal) for refusal in invoice_records(intent.pk, by=admin).refusals] == ["1 of the DWRs were deleted"]


def test_the_other_is_told_which_invoice_has_it(admin: User) -> None:
    record = approved(make_job(), admin)
    late = window(admin, [record])
    (invoice,) = invoice_all(admin, [record]).invoices
    with pytest.raises(Refused, match=f"it is on invoice {invoice.number} already"):
        invoice_records(late.pk, by=admin)
    assert Invoice.objects.count() == 1


def test_a_total_that_cannot_be_leaves_the_other_jobs_alone(admin: User) -> None:
    good, bad = approved(make_job(), admin), approved(make_job(), admin)
    bad.lines.update(quantity=Decimal(-1), amount=Decimal(-96))
    intent = window(admin, [good, bad])
    result = invoice_records(intent.pk, by=admin)
    assert [invoice.job for invoice in result.invoices] == [good.job]
    assert "that is a credit note" in result.refusals[0].reason
    assert_sound()


def test_closed_books_take_no_invoice(admin: User) -> None:
    Company.objects.update(books_closed_through=timezone.localdate())
    with pytest.raises(Refused, match="books are closed"):
        invoice_all(admin, [approved(make_job(), admin)])
    with pytest.raises(Refused, match="books are closed"):
        by_hand(make_job(), admin)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN])
def test_only_an_administrator_makes_invoices(admin: User, role: str) -> None:
    other, record = make_user(role), approved(make_job(), admin)
    with pytest.raises(Refused, match="only an Administrator"):
        invoice_records(window(other, [record]).pk, by=other)
    with pytest.raises(Refused, match="only an Administrator"):
        by_hand(make_job(), other)


# By hand


def test_an_invoice_by_hand(admin: User) -> None:
    job = make_job(billing_type=BillingType.FIXED_PRICE)
    values = {"invoice_date": date(2026, 11, 3), "due_date": date(2026, 11, 30), "memo": "First part"}
    invoice = by_hand(job, admin, values=values)
    assert (invoice.total, invoice.memo, invoice.due_date) == (Decimal("105.00"), "First part", date(2026, 11, 30))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.item_count) == ("invoice.create", 1)
    assert_sound()


def test_dwrs_by_hand_leave_out_what_has_no_line(admin: User) -> None:
    job = make_job(billing_type=BillingType.FIXED_PRICE)
    record = approved(job, admin)
    left = add_work(record, make_item(), "1", "50")
    line = lump("768.00", section=Section.LABOUR, sources=(record.lines.all()[0].pk,), record_id=record.pk)
    invoice = by_hand(job, admin, records=seen(record), lines=[line, lump("1.00")])
    sources = dict(LineSource.objects.filter(invoice=invoice).values_list("work_line", "line__line_number"))
    assert sources == {record.lines.all()[0].pk: 1, left.pk: None}
    assert record.invoiced.invoice == invoice
    assert_sound()


def test_work_that_changed_since_its_line_was_added_is_refused(admin: User) -> None:
    record = approved(make_job(), admin)
    line = lump("768.00", sources=(record.lines.all()[0].pk,))
    WorkLine.objects.all().delete()
    with pytest.raises(Refused, match="Add them again"):
        by_hand(record.job, admin, records=seen(record), lines=[line])
    with pytest.raises(Refused, match="Add them again"):
        by_hand(record.job, admin, lines=[lump("1.00", sources=(approved(record.job, admin).lines.all()[0].pk,))])


@pytest.mark.parametrize("billing", [BillingType.OVERHEAD, BillingType.NON_CHARGEABLE])
def test_jobs_that_are_never_invoiced(admin: User, billing: str) -> None:
    with pytest.raises(Refused, match="never invoiced"):
        by_hand(make_job(billing_type=billing), admin)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "negative": ({"lines": [lump("-1.00")]}, "that is a credit note"),
    "f94 huge line": ({"lines": [lump("100000000000.01")]}, "Line 1: a number is beyond"),
    "f94 huge sum": ({"lines": [lump("100000000000.00"), lump("0.01")]}, "too large"),
    "huge product": (
        {"lines": [lump("0", quantity=Decimal(10) ** 9, unit_price=Decimal(10) ** 9)]},
        "too large",
    ),
    "half priced": ({"lines": [lump("1.00", quantity=Decimal(2))]}, "stand together or not at all"),
    "due before": (
        {"values": {"invoice_date": date(2026, 11, 3), "due_date": date(2026, 11, 2)}},
        "due date lies before",
    ),
    "dwr of another job": ({"records": "other"}, "not of"),
    "unknown dwr": ({"records": {999_999: 1}}, "is not there any more"),
    "unknown expense": ({"expenses": [999_999]}, "is not there any more"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_refused_before_anything_is_written(admin: User, wrong: str) -> None:
    given, reason = REFUSED[wrong]
    if given.get("records") == "other":
        given = {"records": seen(approved(make_job(), admin))}
    with pytest.raises(Refused, match=reason):
        by_hand(make_job(), admin, **given)
    assert not Invoice.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_form_sent_twice_makes_one_invoice(admin: User) -> None:
    job, key = make_job(), uuid.uuid4()
    first = by_hand(job, admin, key=key)
    assert by_hand(job, admin, key=key) == first == Invoice.objects.get()
    with pytest.raises(Refused, match="somebody else"):
        by_hand(job, make_user(), key=key)


# Expenses


def test_a_ticked_expense_is_processed_and_bills_nothing(admin: User) -> None:
    job = make_job()
    expense = approved_expense(job, admin)
    invoice = by_hand(job, admin, expenses=[expense.pk])
    expense = Expense.objects.get()
    assert (expense.state, expense.version, invoice.total) == ("processed", 2, Decimal("105.00"))
    assert InvoicedExpense.objects.get().invoice == invoice
    assert AuditEntry.objects.get().items.filter(object_type="expense", version_after=2).count() == 1
    with pytest.raises(Refused, match=f"invoice {invoice.number} accounts for it already"):
        by_hand(job, admin, expenses=[expense.pk])
    assert_sound()


@pytest.mark.parametrize("wrong", ["submitted", "of another job"])
def test_only_approved_expenses_of_the_job_can_be_ticked(admin: User, wrong: str) -> None:
    job = make_job()
    right = {"submitted": make_expense(job=job, submitted_on=date(2026, 11, 1))}
    expense = right.get(wrong) or approved_expense(make_job(), admin)
    with pytest.raises(Refused, match="only an approved expense" if wrong in right else "of another job"):
        by_hand(job, admin, expenses=[expense.pk])
    assert not Invoice.objects.exists()


# Credit notes


def credit(invoice: Invoice, by: User, amount: str, **given: Any) -> Invoice:
    given = {"version": invoice.version, "values": {}, "lines": [lump(f"-{amount}")], **given}
    return make_credit_note(invoice.pk, by=by, **given)


def test_a_credit_of_everything_mirrors_the_invoice_and_keeps_its_dwrs(admin: User) -> None:
    record = approved(make_job(), admin, hours="3.3333", price="71.0155")
    (invoice,) = invoice_all(admin, [record]).invoices
    Invoice.objects.update(signed_on=invoice.invoice_date, signed_by="A", signed_total=invoice.total)
    Client.objects.update(name="Renamed")
    lines = [replace(line, quantity=-line.quantity) for line in lines_of(invoice) if line.quantity]
    note = credit(fresh(invoice), admin, "0", values={"memo": "Billed twice"}, lines=lines)
    assert (note.number, note.kind, note.credits) == ("CN-10001", InvoiceKind.CREDIT_NOTE, invoice)
    assert (note.subtotal, note.tax, note.total) == (-invoice.subtotal, -invoice.tax, -invoice.total)
    assert (note.client_name, note.due_date) == (invoice.client_name, note.invoice_date)
    assert record.invoiced.invoice == invoice
    assert not InvoiceLine.objects.filter(invoice=note, record__isnull=False).exists()
    assert_sound()


def test_credits_never_exceed_the_invoice(admin: User) -> None:
    invoice = in_queue("admin")  # 105.00
    process(admin, [invoice])
    invoice = fresh(invoice)
    credit(invoice, admin, "60.00")
    with pytest.raises(Refused, match=r"Only 42\.00 of the invoice is left to credit; this is 42\.01"):
        credit(invoice, admin, "40.01")
    credit(invoice, admin, "40.00")
    with pytest.raises(Refused, match=r"Only 0\.00"):
        credit(invoice, admin, "0.01")
    assert_sound()


def test_what_is_no_credit(admin: User) -> None:
    invoice = in_queue("admin")
    with pytest.raises(Refused, match="less than zero"):
        credit(invoice, admin, "0", lines=[lump("1.00")])
    note = credit(invoice, admin, "10.00")
    with pytest.raises(Refused, match="is a credit note itself"):
        credit(note, admin, "1.00")


def test_a_credit_form_sent_twice_makes_one_note(admin: User) -> None:
    invoice, key = in_queue("admin"), uuid.uuid4()
    assert credit(invoice, admin, "10.00", key=key) == credit(invoice, admin, "10.00", key=key)
    assert Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).count() == 1
