"""Changing and deleting: everything worked out anew, signatures off or kept, DWRs and expenses given back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from exports.start import start_run
from invoices import signing
from invoices.drafting import DraftLine, adjust
from invoices.editing import delete_invoice, edit_invoice
from invoices.history import history
from invoices.making import make_credit_note, make_invoice
from invoices.models import Invoice, InvoicedExpense, InvoicedRecord, LineSource
from invoices.numbering import next_invoice_number
from invoices.rows import lines_of, taxes_on
from invoices.transitions import untick_processed
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem, Counter
from jobbook.jobs.models import Company, DailyWorkRecord, Expense, Job, JobTax, Section, Tax
from tests.commands import assert_sound, fresh, process
from tests.factories import make_company, make_item, make_job, make_tax, make_user
from tests.invoicing import add_fee, add_work, approved, approved_expense, in_queue, invoice_all, lump, seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="M. Tran")


@pytest.fixture
def drafted(admin: User) -> Invoice:
    """Eight hours of labour and two of equipment, a fee of 3 %, GST, and an expense ticked."""
    job = make_job()
    add_fee(job, "3")
    record = approved(job, admin)
    add_work(record, make_item("TRK", section=Section.EQUIPMENT), "2", "50")
    (invoice,) = invoice_all(admin, [record]).invoices
    return edit(invoice, admin, expenses=[approved_expense(job, admin).pk])


def edit(invoice: Invoice, by: User, **given: Any) -> Invoice:
    """Everything as it is, but for what is given."""
    now = fresh(invoice)
    ticked = list(InvoicedExpense.objects.filter(invoice=now).values_list("expense_id", flat=True))
    as_it_is: dict[str, Any] = {"values": {}, "lines": lines_of(now), "expenses": ticked}
    return edit_invoice(now.pk, version=now.version, by=by, **{**as_it_is, **given})


def test_nothing_changed_nothing_written(admin: User, drafted: Invoice) -> None:
    before = AuditEntry.objects.count()
    assert edit(drafted, admin, values={"memo": drafted.memo}).version == drafted.version
    assert AuditEntry.objects.count() == before


def test_hours_edited_on_the_invoice_never_change_the_dwr(admin: User, drafted: Invoice) -> None:
    labour, truck, fee = lines_of(drafted)
    now = edit(drafted, admin, lines=[replace(labour, quantity=Decimal("6.5")), truck, fee])
    assert list(now.lines.values_list("amount", flat=True)) == [Decimal("624.00"), Decimal("100.00"), Decimal("21.72")]
    assert (now.subtotal, now.tax, now.total) == (Decimal("745.72"), Decimal("37.29"), Decimal("783.01"))
    assert (now.version, now.content_version) == (drafted.version + 1, drafted.content_version + 1)
    source = LineSource.objects.get(line__line_number=1)
    assert (source.quantity, source.work_line.quantity, source.amount) == (8, 8, Decimal("768.00"))
    assert_sound()


def test_a_removed_line_is_left_out_and_still_settled(admin: User, drafted: Invoice) -> None:
    _, truck, fee = lines_of(drafted)
    edit(drafted, admin, lines=[truck, fee, lump("1.00")])
    assert LineSource.objects.filter(invoice=drafted, line=None).count() == 1
    assert InvoicedRecord.objects.filter(invoice=drafted).count() == 1
    assert not DailyWorkRecord.objects.to_invoice().exists()
    assert_sound()


def test_kept_lines_keep_their_rows_in_any_order(admin: User, drafted: Invoice) -> None:
    labour, truck, fee = lines_of(drafted)
    first = DraftLine(Section.LABOUR, "Travel", quantity=Decimal(1), unit_price=Decimal("9.99"), taxes=("GST",))
    now = edit(drafted, admin, lines=[fee, truck, first, labour])
    lines = list(now.lines.values_list("description", "pk"))
    assert [description for description, _ in lines] == ["Travel", "Lab – J. Lavoie", "Trk", "Fuel"]
    assert [pk for _, pk in lines[1:]] == [labour.id, truck.id, fee.id]
    assert LineSource.objects.get(line=labour.id).work_line.section == Section.LABOUR
    assert_sound()


def test_dwrs_can_join_later(admin: User, drafted: Invoice) -> None:
    record = approved(drafted.job, admin, hours="1")
    work = record.lines.all()[0]
    line = DraftLine(
        Section.LABOUR, "More", quantity=Decimal(1), unit_price=Decimal(96), record_id=record.pk, sources=(work.pk,)
    )
    edit(drafted, admin, lines=[*lines_of(drafted), line], records=seen(record))
    assert record.invoiced.invoice == drafted
    assert LineSource.objects.get(work_line=work).line is not None
    assert_sound()


def test_an_invoice_keeps_its_taxes_when_the_job_has_others(admin: User, drafted: Invoice) -> None:
    Tax.objects.filter(code="GST").update(rate=Decimal(9))
    JobTax.objects.update(tax=make_tax("HST", "13"))
    now = edit(drafted, admin, lines=[*lines_of(drafted), lump("100.00")])
    assert list(now.invoice_taxes.values_list("code", "rate")) == [("GST", Decimal(5))]
    now = edit(now, admin, lines=[*lines_of(now), lump("100.00", taxes=("HST",))])
    assert list(now.invoice_taxes.values_list("code", "base")) == [
        ("GST", now.subtotal - 100),
        ("HST", Decimal("100.00")),
    ]
    assert_sound()


def test_a_typed_over_subtotal_is_kept_as_one_line(admin: User) -> None:
    invoice = make_invoice(make_job().pk, values={}, lines=[lump("100.00")], by=admin)
    for typed, count in (("90.00", 2), ("120.00", 2), ("100.00", 1)):
        lines = adjust(lines_of(invoice), Decimal(typed), taxes_on(invoice))
        invoice = edit(invoice, admin, lines=lines)
        assert (invoice.subtotal, invoice.lines.count()) == (Decimal(typed), count)
    assert_sound()


def test_only_what_is_printed_or_exported_moves_the_content_version(admin: User, drafted: Invoice) -> None:
    now = edit(drafted, admin, expenses=[])
    assert (now.version, now.content_version) == (drafted.version + 1, drafted.content_version)
    now = edit(drafted, admin, values={"po_number": "PO-9"})
    assert (now.version, now.content_version) == (drafted.version + 2, drafted.content_version + 1)


def test_expenses_unticked_are_approved_again(admin: User, drafted: Invoice) -> None:
    edit(drafted, admin, expenses=[])
    expense = Expense.objects.get()
    assert (expense.state, expense.version, expense.processed_on) == ("approved", 3, None)
    assert not InvoicedExpense.objects.exists()
    assert_sound()


# Signatures


def sign(invoice: Invoice, by: User, **given: Any) -> Invoice:
    signing.sign(invoice.pk, version=fresh(invoice).version, by=by, **{"signed_by": "A. Beaulieu", **given})
    return fresh(invoice)


def test_a_change_in_the_ticket_queue_takes_the_signature_off_and_says_so(admin: User, drafted: Invoice) -> None:
    Invoice.objects.update(is_ticket=True)
    assert sign(drafted, admin).queue == "ticket"
    assert edit(drafted, admin, values={"memo": "Not a line"}).signed_by == "A. Beaulieu"
    now = edit(drafted, admin, lines=[*lines_of(drafted), lump("1.00")])
    assert (now.queue, now.signed_by, now.signed_total) == ("pm", "", None)
    step = next(history(now.pk))
    assert ("Signed by", "A. Beaulieu", "") in {(each.label, each.before, each.after) for each in step.changes}
    assert_sound()


def test_in_the_admin_queue_the_signature_stays_with_the_total_that_was_signed(admin: User, drafted: Invoice) -> None:
    signed = sign(drafted, admin)
    now = edit(drafted, admin, lines=[*lines_of(drafted), lump("1.00")])
    assert (now.queue, now.signed_by) == ("admin", "A. Beaulieu")
    assert (now.signed_total, now.total) == (signed.total, Decimal("939.82")) == (Decimal("938.74"), now.total)
    with pytest.raises(Refused, match="keeps a line"):
        edit(drafted, admin, lines=[])


def test_a_drawing_is_kept_and_the_history_does_not_hold_it(admin: User, drafted: Invoice) -> None:
    assert sign(drafted, admin, signature="1,1 2,2;3,3").signature == "1,1 2,2;3,3"
    assert "1,1 2,2" not in AuditItem.objects.latest("pk").after
    signing.take_signature_off(drafted.pk, version=fresh(drafted).version, by=admin)
    with pytest.raises(Refused, match="damaged"):
        sign(drafted, admin, signature="<path>")
    with pytest.raises(Refused, match="name is missing"):
        sign(drafted, admin, signed_by="  ")


def test_without_lines_nobody_vouches_for_it(admin: User) -> None:
    invoice = make_invoice(make_job().pk, values={}, lines=[], by=admin)
    with pytest.raises(Refused, match="it has no lines"):
        sign(invoice, admin)
    with pytest.raises(Refused, match="it has no lines"):
        signing.release(invoice.pk, version=1, reason="Now", by=admin)
    assert_sound()


def test_a_release_needs_a_reason_and_comes_back_to_where_the_signatures_say(admin: User, drafted: Invoice) -> None:
    Invoice.objects.update(is_ticket=True)
    sign(drafted, admin)
    with pytest.raises(Refused, match="a reason is needed"):
        signing.release(drafted.pk, version=fresh(drafted).version, reason=" ", by=admin)
    signing.release(drafted.pk, version=fresh(drafted).version, reason="Client is away", by=admin)
    assert fresh(drafted).queue == "admin"
    signing.take_release_back(drafted.pk, version=fresh(drafted).version, by=admin)
    assert fresh(drafted).queue == "ticket"
    assert_sound()


# Refused


def test_closed_books(admin: User, drafted: Invoice) -> None:
    late = drafted.invoice_date + timedelta(days=9)
    Company.objects.update(books_closed_through=drafted.invoice_date)
    for act in (
        lambda: edit(drafted, admin, values={"memo": "x"}),
        lambda: edit(drafted, admin, values={"invoice_date": late, "due_date": late}),
        lambda: delete_invoice(drafted.pk, version=drafted.version, by=admin),
    ):
        with pytest.raises(Refused, match="books are closed through"):
            act()
    Company.objects.update(books_closed_through=drafted.invoice_date - timedelta(days=1))
    with pytest.raises(Refused, match="books are closed through"):
        edit(drafted, admin, values={"invoice_date": date(2020, 1, 1)})
    with pytest.raises(Refused, match="due date lies before"):
        edit(drafted, admin, values={"due_date": drafted.invoice_date - timedelta(days=1)})


def test_an_invoice_keeps_what_was_credited(admin: User) -> None:
    invoice = in_queue("admin", make_job())  # 105.00
    note = make_credit_note(invoice.pk, version=invoice.version, values={}, lines=[lump("-60.00")], by=admin)  # 63.00
    (line,) = lines_of(invoice)
    with pytest.raises(Refused, match=r"63\.00 of .* is credited already"):
        edit(invoice, admin, lines=[replace(line, unit_price=Decimal("59.99"))])
    with pytest.raises(Refused, match=r"Only 105\.00"):
        edit(note, admin, lines=[lump("-100.01")])
    with pytest.raises(Refused, match="does not come to more than zero"):
        edit(note, admin, lines=[lump("1.00")])
    edit(note, admin, lines=[lump("-100.00")])
    assert_sound()


# Deleted


def test_a_deleted_draft_gives_everything_back_but_its_number(admin: User, drafted: Invoice) -> None:
    delete_invoice(drafted.pk, version=drafted.version, by=admin)
    assert not Invoice.objects.exists()
    assert DailyWorkRecord.objects.to_invoice().count() == 1
    assert Expense.objects.get().state == "approved"
    item = AuditEntry.objects.latest("number").items.get(object_type="invoice")
    assert (item.version_before, item.version_after) == (drafted.version, None)
    assert drafted.number in item.before
    (again,) = invoice_all(admin, DailyWorkRecord.objects.to_invoice()).invoices
    assert again.number == "INV-10002"
    assert_sound()


def _export(invoice: Invoice, by: User) -> None:
    start_run(slug="csv", invoices=Invoice.objects.filter(pk=invoice.pk), by=by)


def _process(invoice: Invoice, by: User) -> None:
    process(by, [invoice])
    untick_processed(invoice.pk, version=fresh(invoice).version, by=by)


def _credit(invoice: Invoice, by: User) -> None:
    make_credit_note(invoice.pk, version=invoice.version, values={}, lines=[lump("-1.00")], by=by)


@pytest.mark.parametrize(("used", "use"), [("exported", _export), ("processed", _process), ("credited", _credit)])
def test_what_left_the_house_is_not_deleted(admin: User, used: str, use: Callable[[Invoice, User], None]) -> None:
    invoice = in_queue("admin")
    use(invoice, admin)
    with pytest.raises(Refused, match=f"it was {used}; make a credit note instead"):
        delete_invoice(invoice.pk, version=fresh(invoice).version, by=admin)
    assert Invoice.objects.filter(pk=invoice.pk).exists()


# Numbers


def made(job: Job, by: User) -> str:
    return make_invoice(job.pk, values={}, lines=[lump("1.00")], by=by).number


def test_numbers_in_use_are_stepped_over_without_regard_to_case(admin: User) -> None:
    job = make_job()
    for number in ("inv-10001", "INV-10003", "CN-10001"):
        Invoice.objects.filter(pk=in_queue("admin", job).pk).update(number=number)
    assert [made(job, admin), made(job, admin)] == ["INV-10002", "INV-10004"]
    signed = Invoice.objects.filter(signed_on__isnull=False)[0]
    note = make_credit_note(signed.pk, version=signed.version, values={}, lines=[lump("-1.00")], by=admin)
    assert note.number == "CN-10002"


def test_the_number_of_a_deleted_invoice_that_was_imported_is_not_given_again(admin: User) -> None:
    job = make_job()
    imported = in_queue("pm", job)
    Invoice.objects.filter(pk=imported.pk).update(number="inv-10002")
    delete_invoice(imported.pk, version=1, by=admin)
    assert [made(job, admin), made(job, admin)] == ["INV-10001", "INV-10003"]


def test_numbers_go_on_from_the_counter_and_take_the_prefix_of_the_day(admin: User) -> None:
    Counter.objects.create(series="invoice", last=41)
    assert made(make_job(), admin) == "INV-42"
    Company.objects.update(invoice_prefix="", credit_prefix="")
    assert made(make_job(), admin) == "43"
    Counter.objects.create(series="credit_note", last=41)
    Invoice.objects.filter(number="INV-42").update(number="42")
    assert next_invoice_number("credit_note") == "44"  # 42 and 43 are invoices
