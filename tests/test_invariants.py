"""Every check of check_invariants is seen to fail: each fault is planted past the commands, and named."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Model

from backlog.management.commands.check_invariants import ALL, violations
from exports import files
from exports.models import ExportItem, ExportMark, ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice, InvoicedRecord, InvoiceLine, InvoiceTax, ProcessBatch
from jobbook.common import triggers
from jobbook.common.models import AuditEntry, AuditItem, Counter, LedgerHead
from jobbook.jobs.models import Expense, WorkLine
from jobbook.jobs.transitions.expenses import Entered, enter_expense
from tests.commands import assert_sound, process, undo
from tests.factories import make_invoice, make_record, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm() -> list[Invoice]:
    """Two batches, the second undone; an invoice with a DWR; a credit note."""
    admin = make_user()
    invoices = [make_invoice(amounts=["100.00", "50.25"]) for _ in range(3)]
    process(admin, invoices[:2])
    undo(admin, process(admin, invoices[2:]))
    record = make_record(submitted_on=date(2026, 11, 1), approved_on=date(2026, 11, 2), approved_by=admin)
    InvoiceLine.objects.filter(invoice=invoices[0], line_number=1).update(record=record)
    InvoicedRecord.objects.create(record=record, invoice=invoices[0])
    entered = Entered(record.job, date(2026, 11, 1), "J. Lavoie", Decimal("8.00"))
    enter_expense(entered, key=uuid4(), submit=True, by=admin)
    make_invoice(amounts=["-20.00"], credits=invoices[0], job=invoices[0].job)
    run = start_run(slug="csv", invoices=Invoice.objects.filter(pk__in=[each.pk for each in invoices]), by=admin)
    assert work_on(run.pk) is not None
    assert_sound()
    return invoices


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
        lambda: AuditItem.objects.create(entry_id=99, object_type="client", object_id=1),
    ),
    "I-52": (lambda: None,),  # the triggers are off in these tests
    "I-50": (lambda: AuditItem.objects.filter(entry_id=3).update(version_before=7),),
    "I-3e": (lambda: Expense.objects.update(version=F("version") + 1),),
    "I-10": (lambda: WorkLine.objects.update(amount=Decimal("1.00")),),
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
        lambda: sql("UPDATE jobs_dailyworkrecord SET approved_on = NULL, approved_by_id = NULL"),
    ),
    "I-33": (
        lambda: run_file().unlink(),
        lambda: run_file().write_bytes(b"other"),
        lambda: run_file().write_bytes(run_file().read_bytes().replace(b"INVOICE", b"INVOICX", 1)),
    ),
    "I-32": (lambda: ExportRun.objects.update(total=Decimal("1.00")),),
    "I-31": (lambda: ExportItem.objects.filter(position=1).delete(),),
    "I-38": (
        lambda: ExportMark.objects.filter(pk=first(ExportMark)).delete(),
        lambda: ExportMark.objects.filter(pk=first(ExportMark)).update(content_version=9),
    ),
    "I-41": (lambda: ExportRun.objects.update(number=3),),
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
