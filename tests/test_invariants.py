"""Every check of check_invariants is seen to fail: each fault is planted past the commands, and named."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Model
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from exports import files
from exports.confirm import confirm_run
from exports.models import ExportItem, ExportMark, ExportRun, RunConfirmation
from exports.start import start_run
from exports.work import work_on
from invoices.editing import edit_invoice
from invoices.making import invoice_records, invoicing_intent
from invoices.models import Invoice, InvoicedRecord, InvoiceLine, InvoiceTax, LineSource, ProcessBatch
from invoices.rows import lines_of
from jobbook.accounts.models import User
from jobbook.common import triggers
from jobbook.common.models import AuditEntry, AuditItem, Counter, LedgerHead
from jobbook.common.records import make_record as make_record_kept
from jobbook.jobs.models import ApprovalBatch, ClientAddress, DailyWorkRecord, Expense, Job, RateSheet, WorkLine
from jobbook.jobs.transitions.expenses import Entered, enter_expense
from jobbook.reports.kept.keeping import keep_report
from jobbook.reports.management.commands.check_invariants import ALL, violations
from jobbook.reports.models import KeptInvoice, KeptReport, KeptWork
from jobbook.reports.wip.asked import read
from tests.approvals import BOTH, approve_all, make_work, undo_all
from tests.commands import assert_sound, process, undo
from tests.factories import make_client, make_expense, make_invoice, make_record, make_user
from tests.once import copied, made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def firm_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Invoice], Path]]:
    """The firm and its files, made once."""
    folder = tmp_path_factory.mktemp("firm")
    with made_once(made_firm, django_db_blocker, folder) as made:
        yield made, folder


@pytest.fixture
def firm(firm_once: tuple[list[Invoice], Path]) -> Iterator[list[Invoice]]:
    made, folder = firm_once
    copied(folder)
    yield made
    transaction.set_rollback(True)  # what a test planted is thrown away unchecked


def made_firm() -> list[Invoice]:
    """Two batches, the second undone, also of approved DWRs and expenses; an invoice with a DWR; a credit note."""
    admin = make_user()
    invoices = [make_invoice(amounts=["100.00", "50.25"]) for _ in range(3)]
    process(admin, invoices[:2])
    undo(admin, process(admin, invoices[2:]))
    facts: dict[str, Any] = {"submitted_on": date(2026, 11, 1), "approved_on": date(2026, 11, 2)}
    record = make_record(**facts, approved_by=admin, job=invoices[0].job)
    InvoiceLine.objects.filter(invoice=invoices[0], line_number=1).update(record=record)
    InvoicedRecord.objects.create(record=record, invoice=invoices[0])
    entered = Entered(record.job, date(2026, 11, 1), "J. Lavoie", Decimal("8.00"))
    enter_expense(entered, key=uuid4(), submit=True, by=admin)
    for what in BOTH:
        approve_all(what, admin, [make_work(what) for _ in range(2)])
        undo_all(what, admin, approve_all(what, admin, [make_work(what)]).batch)
    make_invoice(amounts=["-20.00"], credits=invoices[0], job=invoices[0].job)
    drafted(admin)
    make_record_kept(RateSheet(name="Rates"), noun="rate_sheet", by=admin)
    make_record_kept(User(email="new@example.com", name="New", role="technician"), noun="user", by=admin)
    run = start_run(slug="csv", invoices=Invoice.objects.filter(pk__in=[each.pk for each in invoices]), by=admin)
    built = work_on(run.pk)
    assert built is not None
    assert built.total is not None
    confirm_run(built.pk, count=3, total=built.total, by=admin)
    keep_report(read(QueryDict("period=all"), admin, timezone.localdate()), by=admin)
    assert_sound()
    return invoices


def drafted(admin: User) -> None:
    """An invoice made of a DWR, with an expense ticked on it; its number is no batch's or run's."""
    facts: dict[str, Any] = {"submitted_on": date(2026, 11, 1), "approved_on": date(2026, 11, 2)}
    record = make_record(approved_by=admin, **facts)
    window = invoicing_intent(user=admin, records=DailyWorkRecord.objects.filter(pk=record.pk))
    [invoice] = invoice_records(window.pk, by=admin).invoices
    expense = make_expense(job=record.job, **facts)
    edit_invoice(invoice.pk, version=1, values={}, lines=lines_of(invoice), expenses=[expense.pk], by=admin)


@pytest.fixture
def without_triggers(firm: list[Invoice]) -> None:
    triggers.remove()


def first(model: type[Model]) -> int:
    row = model._default_manager.order_by("pk").first()
    assert row
    return int(row.pk)


def run_file() -> Path:
    return files.path_of(ExportRun.objects.get())


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


FAULTS: dict[str, tuple[Callable[[], object], ...]] = {
    "I-53": (
        lambda: AuditEntry.objects.filter(number=1).update(actor_name="Somebody else"),
        lambda: AuditEntry.objects.filter(number=1).update(previous_hash="0"),
        lambda: AuditItem.objects.filter(pk=first(AuditItem)).update(after='{"x":1}'),
        lambda: AuditItem.objects.filter(entry_id=2).delete(),
        lambda: AuditEntry.objects.order_by("-number")[0].delete(),
        lambda: LedgerHead.objects.update(hash="0" * 64),
        lambda: AuditItem.objects.create(entry_id=999_999_999, object_type="client", object_id=1),
    ),
    "I-52": (lambda: None,),  # the triggers are off in these tests
    "I-50": (lambda: AuditItem.objects.filter(entry_id=3).update(version_before=7),),
    "I-3a": (
        lambda: RateSheet.objects.update(version=F("version") + 1),
        lambda: User.objects.filter(name="New").update(version=4),
    ),
    "I-60": (lambda: Job.objects.update(billing_address=ClientAddress.objects.create(client=make_client())),),
    "I-10": (lambda: WorkLine.objects.update(amount=Decimal("1.00")),),
    "I-6a": (
        lambda: ApprovalBatch.objects.filter(number=1).update(entry_number=2),
        lambda: ApprovalBatch.objects.filter(number=3).update(kind="record"),
        lambda: sql("UPDATE jobs_approvalbatch SET undone_at = created_at, undo_entry_number = 1 WHERE number = 1"),
        lambda: sql(
            "UPDATE jobs_expense SET batch_id = (SELECT id FROM jobs_approvalbatch WHERE number = 4)"
            " WHERE batch_id IS NOT NULL"
        ),
    ),
    "I-18a": (
        lambda: ApprovalBatch.objects.filter(number=2).update(count=2),
        lambda: ApprovalBatch.objects.filter(number=1).update(total=Decimal("1.00")),
        lambda: Expense.objects.filter(batch__isnull=False).update(amount=Decimal("1.00")),
        lambda: WorkLine.objects.filter(record__batch__isnull=False).update(amount=Decimal("1.00")),
    ),
    "I-20a": (
        lambda: ApprovalBatch.objects.filter(number=4).update(number=9),
        lambda: Counter.objects.filter(series="approval_batch").update(last=9),
    ),
    "I-10a": (lambda: InvoiceLine.objects.filter(line_number=2).update(quantity=Decimal(2)),),
    "I-10b": (lambda: InvoiceLine.objects.filter(pk=first(InvoiceLine)).update(amount=Decimal("99.99")),),
    "I-10c": (lambda: InvoiceTax.objects.filter(pk=first(InvoiceTax)).update(amount=Decimal("0.01")),),
    "I-11": (
        lambda: InvoiceTax.objects.filter(pk=first(InvoiceTax)).update(base=Decimal("0.01")),
        lambda: InvoiceLine.objects.filter(pk=first(InvoiceLine)).update(taxes="GST;NEW"),
        lambda: InvoiceTax.objects.filter(pk=first(InvoiceTax)).delete(),
        lambda: InvoiceTax.objects.order_by("-pk")[0].delete(),
    ),
    "I-3": (lambda: Invoice.objects.filter(pk=first(Invoice)).update(version=F("version") + 1),),
    "I-6": (
        lambda: ProcessBatch.objects.filter(number=1).update(entry_number=2),
        lambda: Invoice.objects.filter(queue="admin").update(
            batch=ProcessBatch.objects.get(number=2), processed_on=date(2026, 11, 20)
        ),
    ),
    "I-7": (lambda: AuditEntry.objects.filter(action="invoice.undo").update(action="invoice.process"),),
    "I-18": (
        lambda: ProcessBatch.objects.filter(number=1).update(count=3),
        lambda: ProcessBatch.objects.filter(number=1).update(total=Decimal("1.00")),
    ),
    "I-20": (
        lambda: ProcessBatch.objects.filter(number=2).update(number=5),
        lambda: Counter.objects.filter(series="process_batch").update(last=9),
    ),
    "I-13": (
        lambda: Invoice.objects.filter(kind="credit_note").update(subtotal=-500, tax=0, total=-500, signed_total=0),
    ),
    "I-14": (
        lambda: InvoicedRecord.objects.all().delete(),
        lambda: sql("UPDATE jobs_dailyworkrecord SET approved_on = NULL, approved_by_id = NULL WHERE batch_id IS NULL"),
    ),
    "I-33": (
        lambda: run_file().unlink(),
        lambda: run_file().write_bytes(b"other"),
        lambda: run_file().write_bytes(run_file().read_bytes().replace(b"INVOICE", b"INVOICX", 1)),
    ),
    "I-32": (lambda: ExportRun.objects.update(total=Decimal("1.00")),),
    "I-32a": (
        lambda: RunConfirmation.objects.update(count=2),
        lambda: RunConfirmation.objects.update(total=Decimal("1.00")),
    ),
    "I-31": (lambda: ExportItem.objects.filter(position=1).delete(),),
    "I-38": (
        lambda: ExportMark.objects.filter(pk=first(ExportMark)).delete(),
        lambda: ExportMark.objects.filter(pk=first(ExportMark)).update(content_version=9),
    ),
    "I-55": (
        lambda: ExportRun.objects.update(manifest=ExportRun.objects.get().manifest.replace("GST", "PST")),
        lambda: AuditEntry.objects.filter(action="export.ready").update(previous_hash="0" * 64),
    ),
    "I-41": (lambda: ExportRun.objects.update(number=3),),
    "I-58": (
        lambda: sql("UPDATE jobs_dailyworkrecord SET approved_on = NULL, approved_by_id = NULL WHERE batch_id IS NULL"),
        lambda: DailyWorkRecord.objects.filter(lines__billed__isnull=False).update(job=Job.objects.order_by("pk")[0]),
    ),
    "I-15": (
        lambda: LineSource.objects.all().delete(),
        lambda: InvoicedRecord.objects.filter(record__lines__billed__isnull=False).delete(),
        lambda: LineSource.objects.update(invoice=first(Invoice)),
        lambda: LineSource.objects.update(line=first(InvoiceLine)),
    ),
    "I-16": (
        lambda: LineSource.objects.update(amount=Decimal("1.00")),
        lambda: WorkLine.objects.filter(billed__isnull=False).update(quantity=Decimal(1), amount=Decimal("96.00")),
    ),
    "I-59": (
        lambda: sql("UPDATE jobs_expense SET processed_on = NULL"),
        lambda: Expense.objects.filter(invoiced__isnull=False).update(job=Job.objects.order_by("pk")[0]),
    ),
    "W-1": (
        lambda: KeptWork.objects.filter(pk=first(KeptWork)).update(amount=Decimal("1.00")),
        lambda: KeptInvoice.objects.filter(pk=first(KeptInvoice)).update(queue="paid"),
        lambda: KeptWork.objects.filter(pk=first(KeptWork)).delete(),
        lambda: KeptReport.objects.update(sha256="0" * 64),
        lambda: KeptReport.objects.update(unbilled=Decimal("1.00")),
        lambda: KeptReport.objects.update(as_of=date(2026, 1, 1)),
        lambda: KeptReport.objects.update(of_whose="All jobs."),
    ),
    "W-2": (lambda: KeptReport.objects.update(number=7),),
    "I-12": (lambda: InvoiceLine.objects.filter(invoice_id=first(Invoice)).delete(),),
}
CASES = [
    pytest.param(code, fault, id=f"{code}-{n}") for code, faults in FAULTS.items() for n, fault in enumerate(faults)
]


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("code", "fault"), CASES)
def test_the_fault_is_found(code: str, fault: Callable[[], object]) -> None:
    fault()
    assert code in {line.split(":")[0] for line in violations()}


def test_each_check_has_a_planted_fault() -> None:
    assert {rule.code for rule in ALL} == set(FAULTS)


def test_the_command_exits_with_one_and_a_line_for_each(
    firm: list[Invoice], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_invariants")
    assert capsys.readouterr().out == f"{len(ALL)} invariants, 0 violations\n"
    InvoiceLine.objects.filter(invoice=firm[0], line_number=1).update(amount=Decimal("99.99"))
    with pytest.raises(SystemExit) as stopped:
        call_command("check_invariants")
    assert stopped.value.code == 1
    assert f"I-10b: {firm[0].number}: its lines do not add up to its subtotal" in capsys.readouterr().err
