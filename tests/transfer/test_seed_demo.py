"""`seed_demo`: only into an empty database, all promises kept, one log-in a role, the same data from the same seed."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F
from pytest_django import Settings

from exports.models import ExportRun
from invoices.models import Invoice, InvoiceLine, InvoiceTax, ProcessBatch, Queue
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, Counter
from jobbook.jobs.models import Client, ContractEntry, DailyWorkRecord, Expense, Job, PercentEntry, WorkLine
from jobbook.transfer.checks import demo_logins
from jobbook.transfer.demo.plan import ADMIN_QUEUE, Size
from jobbook.transfer.demo.seed import Seeding, seed_demo
from tests.factories import TODAY, make_client, make_company, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path


def seed(*, invoices: int = 60, **options: Any) -> str:
    out = StringIO()
    call_command("seed_demo", invoices=invoices, today=TODAY, stdout=out, **options)
    return out.getvalue()


def test_it_keeps_every_promise() -> None:
    seed(invoices=400)
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert Invoice.objects.count() == 400
    assert 47 <= Invoice.objects.filter(queue=Queue.ADMIN).count() <= 60
    billed = WorkLine.objects.filter(record__invoiced__isnull=False)
    assert billed.exists()
    assert not billed.filter(billed__line__isnull=True).exists()
    assert InvoiceLine.objects.alias(n=Count("sources")).filter(n__gt=1).exists()


def test_every_state_of_the_product_is_there() -> None:
    seed(invoices=400)
    assert {*Invoice.objects.values_list("queue", flat=True)} == {*Queue.values}
    assert {*DailyWorkRecord.objects.values_list("state", flat=True)} == {"draft", "submitted", "approved"}
    assert {*Expense.objects.values_list("state", flat=True)} == {"draft", "submitted", "approved", "processed"}
    assert {*Job.objects.values_list("billing_type", flat=True)} == {
        "time_and_material", "fixed_price", "non_chargeable", "overhead",
    }  # fmt: skip
    assert {*ProcessBatch.objects.values_list("kind", flat=True)} == {"bulk", "single", "import"}
    assert ProcessBatch.objects.filter(undone_at__isnull=False).count() == 1
    assert InvoiceLine.objects.filter(section="fee").exists()
    assert {*InvoiceTax.objects.values_list("code", flat=True)} == {"GST", "PST"}


def test_what_the_checks_are_there_for_waits_in_the_admin_queue() -> None:
    seed(invoices=400)
    queue = Invoice.objects.filter(queue=Queue.ADMIN)
    assert queue.filter(signed_on__isnull=True).exclude(release_reason="").exists()
    assert queue.filter(po_number="", job__po_required=True).exists()
    assert queue.filter(bill_to_1="", bill_to_3="").exists()
    assert queue.filter(total=0).exists()
    assert queue.filter(kind="credit_note", credits__isnull=False).exists()
    assert queue.filter(signed_total__isnull=False).exclude(signed_total=F("total")).exists()
    assert queue.filter(
        job__expenses__state__in=["submitted", "approved"], job__expenses__date__lte=F("invoice_date")
    ).exists()
    assert 0 < queue.filter(line_item_type="summarized").count() < queue.count()


def test_every_role_has_a_log_in_that_only_the_owner_reads(data_dir: Path) -> None:
    printed = seed()
    file = data_dir / "demo-logins.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["administrator", "project_manager", "accounting", "technician"]
    for role, email, password in (line.split("\t") for line in lines):
        user = authenticate(username=email, password=password)
        assert isinstance(user, User)
        assert user.role == role
        assert user.is_demo
        assert f"{role}\t{email}\t{password}" in printed
    assert not [user for user in User.objects.filter(is_demo=False) if user.has_usable_password()]
    assert not list(data_dir.glob("*.new"))


@pytest.mark.parametrize("occupy", [make_user, make_company, make_client])
def test_a_database_with_data_is_refused_and_left_alone(occupy: Any, data_dir: Path) -> None:
    occupy()
    with pytest.raises(CommandError, match="an empty database only; this one has 1 "):
        seed()
    assert not Invoice.objects.exists()
    assert not list(data_dir.iterdir())


def test_a_second_seeding_is_refused_unless_asked_to_pass_over() -> None:
    seed()
    with pytest.raises(CommandError, match="60 invoices"):
        seed()
    assert seed(if_empty=True) == ""
    assert Invoice.objects.count() == 60


def test_check_deploy_fails_while_a_demo_log_in_is_active() -> None:
    assert demo_logins(None) == []
    seed()
    (error,) = demo_logins(None)
    assert error.id == "jobbook.E020"
    assert "m.tran@northfork.example" in error.msg
    User.objects.filter(is_demo=True).update(is_active=False)
    assert demo_logins(None) == []


def test_numbers_go_on_from_the_last_given() -> None:
    seed()
    numbers = Invoice.objects.filter(kind="invoice").values_list("number", flat=True)
    assert max(int(number.removeprefix("INV-")) for number in numbers) == Counter.objects.get(series="invoice").last
    job = Job.objects.first()
    assert job is not None
    record = DailyWorkRecord.objects.create(
        dwr_number="new", job=job, date="2026-11-20", created_by=make_user(Role.TECHNICIAN)
    )
    assert record.pk > 1


@pytest.mark.parametrize(("invoices", "admin"), [(1, None), (2, None), (10, None), (60, 50), (500, 300), (300, 0)])
def test_any_size_adds_up(invoices: int, admin: int | None) -> None:
    size = Size.of(invoices, admin)
    parts = (size.admin, size.pm, size.ticket, size.recent, size.admin_bulk, size.history)
    assert sum(parts) == invoices
    assert min(parts) >= 0
    seed(invoices=invoices, admin_queue=admin)
    assert Invoice.objects.count() == invoices
    if admin is not None:
        assert abs(Invoice.objects.filter(queue=Queue.ADMIN).count() - admin) == 0
    call_command("check_invariants", stdout=StringIO())


def test_more_in_the_admin_queue_than_in_all_is_wrong_use() -> None:
    with pytest.raises(CommandError, match="more than 10 in all") as refusal:
        seed(invoices=10, admin_queue=11)
    assert refusal.value.returncode == 2


def test_exports_are_real_files_of_what_was_sent(data_dir: Path) -> None:
    seed(invoices=400)
    done = ExportRun.objects.filter(state="succeeded")
    assert done.count() == 4
    for run in done:
        assert hashlib.sha256((data_dir / "files" / run.file).read_bytes()).hexdigest() == run.sha256
    assert ExportRun.objects.filter(state="cancelled").count() == 1
    queue = Invoice.objects.filter(queue=Queue.ADMIN)
    assert 10 < queue.filter(export_mark__isnull=True).count() < queue.count() - 10
    marked = queue.filter(export_mark__isnull=False)
    assert marked.exclude(export_mark__content_version=F("content_version")).count() == 1


def content() -> list[Any]:
    """All that seeding writes, by names instead of keys; without passwords and uuids."""
    of_invoice = [f.name for f in Invoice._meta.concrete_fields if not f.is_relation and f.name != "id"]
    tables: list[Any] = [
        Client.objects.order_by("client_number").values_list("client_number", "name", "address_1", "accounting_id"),
        Job.objects.order_by("job_number").values_list("job_number", "project_name", "po_number", "contract_amount"),
        Invoice.objects.order_by("number").values_list(*of_invoice, "batch__number", "credits__number"),
        InvoiceLine.objects.order_by("invoice__number", "line_number").values_list(
            "invoice__number", "description", "quantity", "amount", "taxes", "service_date", "record__dwr_number"
        ),
        InvoiceTax.objects.order_by("invoice__number", "code").values_list("invoice__number", "code", "amount"),
        DailyWorkRecord.objects.order_by("dwr_number").values_list("dwr_number", "job__job_number", "date", "state"),
        WorkLine.objects.order_by("record__dwr_number", "line_number").values_list("item__code", "employee", "amount"),
        Expense.objects.order_by("expense_number").values_list("expense_number", "date", "amount", "state"),
        PercentEntry.objects.order_by("job__job_number", "date").values_list("job__job_number", "date", "percent"),
        ContractEntry.objects.order_by("job__job_number", "date").values_list("job__job_number", "date", "amount"),
        ProcessBatch.objects.order_by("number").values_list("number", "kind", "total", "created_at", "undone_at"),
        AuditEntry.objects.order_by("number").values_list("action", "values"),
        Counter.objects.order_by("series").values_list("series", "last"),
    ]
    return [list(rows) for rows in tables]


def rolled_back(*, number: int) -> list[Any]:
    """What seeding makes, exports apart; the database is empty again afterwards."""
    with transaction.atomic():
        seed_demo(Seeding(Size.of(150, None), number, TODAY))
        made = content()
        transaction.set_rollback(True)
    assert not Invoice.objects.exists()
    return made


def test_the_same_seed_and_day_make_the_same_data() -> None:
    first = rolled_back(number=1)
    for mine, again in zip(first, rolled_back(number=1), strict=True):
        assert mine == again
    other = rolled_back(number=2)
    assert [mine != theirs for mine, theirs in zip(first, other, strict=True)].count(True) >= 8


def test_another_seed_keeps_every_promise_too() -> None:
    seed(invoices=400, seed=2)
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert Invoice.objects.filter(queue=Queue.ADMIN).count() == ADMIN_QUEUE
