"""process_invoices, tick, untick, paid: what they change, refuse and write into the audit."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import BatchKind, Invoice, ProcessBatch
from invoices.references import set_accounting_reference
from invoices.transitions import (
    clear_paid,
    mark_paid,
    process_invoices,
    tick_processed,
    untick_processed,
)
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem, Intent
from tests.commands import assert_sound, fresh, intent_for, process, queues
from tests.factories import TODAY, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="M. Tran")


def test_process_moves_exactly_the_selection(admin: User) -> None:
    job = make_job()
    chosen, other = [make_invoice(job=job) for _ in range(3)], make_invoice(job=job)
    batch = process(admin, chosen)
    assert queues([*chosen, other]) == ["processed"] * 3 + ["admin"]
    assert (batch.number, batch.kind, batch.count, batch.total) == (1, BatchKind.BULK, 3, Decimal("315.00"))
    assert [fresh(invoice).version for invoice in chosen] == [2, 2, 2]
    assert [fresh(invoice).content_version for invoice in chosen] == [1, 1, 1]
    assert_sound()


def test_process_writes_one_entry_and_an_item_an_invoice(admin: User) -> None:
    invoices = [make_invoice() for _ in range(3)]
    batch = process(admin, invoices)
    entry = AuditEntry.objects.get()
    assert (entry.number, entry.action, entry.actor_name, entry.item_count) == (1, "invoice.process", "M. Tran", 3)
    steps = entry.items.order_by("object_id").values_list("object_id", "version_before", "version_after")
    assert list(steps) == [(invoice.pk, 1, 2) for invoice in invoices]
    assert batch.entry_number == entry.number


def test_the_same_window_twice_makes_one_batch(admin: User) -> None:
    intent = intent_for(admin, [make_invoice()])
    first, second = process_invoices(intent.pk, by=admin), process_invoices(intent.pk, by=admin)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.batch == second.batch == ProcessBatch.objects.get()
    assert AuditEntry.objects.count() == 1


def test_a_used_window_answers_with_its_batch_even_when_expired(admin: User) -> None:
    intent = intent_for(admin, [make_invoice()])
    batch = process_invoices(intent.pk, by=admin).batch
    Intent.objects.filter(pk=intent.pk).update(created_at=intent.created_at - timedelta(minutes=20))
    assert process_invoices(intent.pk, by=admin).batch == batch


def test_refused_when_an_invoice_moved_since(admin: User) -> None:
    invoices = [make_invoice() for _ in range(3)]
    intent = intent_for(admin, invoices)
    process(make_user(name="K. Osei"), invoices[:1])
    with pytest.raises(Refused) as refused:
        process_invoices(intent.pk, by=admin)
    assert [refusal.label for refusal in refused.value.refusals] == [invoices[0].number]
    assert "processed by K. Osei at " in refused.value.refusals[0].reason
    assert queues(invoices) == ["processed", "admin", "admin"]
    assert ProcessBatch.objects.count() == 1
    assert_sound()


def test_refused_when_an_invoice_was_edited_since(admin: User) -> None:
    invoice = make_invoice()
    intent = intent_for(admin, [invoice])
    Invoice.objects.filter(pk=invoice.pk).update(memo="other", version=2, content_version=2)
    with pytest.raises(Refused, match="changed since the window opened"):
        process_invoices(intent.pk, by=admin)
    assert queues([invoice]) == ["admin"]


@pytest.mark.parametrize("wrong", ["stranger", "expired", "unknown", "malformed", "action"])
def test_a_wrong_window_is_refused(admin: User, wrong: str) -> None:
    invoice = make_invoice()
    intent = intent_for(admin, [invoice])
    by, key = admin, str(intent.pk)
    if wrong == "stranger":
        by = make_user()
    elif wrong == "expired":
        Intent.objects.filter(pk=intent.pk).update(created_at=intent.created_at - timedelta(minutes=16))
    elif wrong == "unknown":
        key = str(uuid.uuid4())
    elif wrong == "malformed":
        key = "1; drop table"
    else:
        Intent.objects.filter(pk=intent.pk).update(action="invoice.undo")
    with pytest.raises(Refused):
        process_invoices(key, by=by)
    assert queues([invoice]) == ["admin"]
    assert not AuditEntry.objects.exists()


def test_an_empty_window_is_refused(admin: User) -> None:
    intent = intent_for(admin, [])
    with pytest.raises(Refused, match="No invoice is selected"):
        process_invoices(intent.pk, by=admin)


def test_statements_do_not_grow_with_the_selection(admin: User) -> None:
    job = make_job()
    process(admin, [make_invoice(job=job)])  # the head's row is there from now on
    counts = []
    for size in (3, 30):
        intent = intent_for(admin, [make_invoice(job=job) for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            process_invoices(intent.pk, by=admin)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_tick_is_a_batch_of_kind_single(admin: User) -> None:
    invoice = make_invoice()
    batch = tick_processed(invoice.pk, version=1, by=admin)
    assert (batch.kind, batch.count, batch.total) == (BatchKind.SINGLE, 1, invoice.total)
    assert queues([invoice]) == ["processed"]
    assert_sound()


def test_untick_returns_it_and_it_leaves_its_batch(admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    untick_processed(invoices[0].pk, version=2, by=admin)
    assert queues(invoices) == ["admin", "processed"]
    assert list(batch.invoices.all()) == [invoices[1]]
    assert_sound()


def test_paid_and_back(admin: User) -> None:
    invoice = make_invoice()
    process(admin, [invoice])
    mark_paid(invoice.pk, version=2, paid_on=TODAY, by=admin)
    assert queues([invoice]) == ["paid"]
    with pytest.raises(Refused):
        untick_processed(invoice.pk, version=3, by=admin)
    clear_paid(invoice.pk, version=3, by=admin)
    assert queues([invoice]) == ["processed"]
    assert fresh(invoice).version == 4
    assert_sound()


def test_acts_refuse_a_version_the_user_did_not_see(admin: User) -> None:
    invoice = make_invoice()
    with pytest.raises(Refused, match="changed since the page was opened"):
        tick_processed(invoice.pk, version=7, by=admin)
    process(admin, [invoice])
    with pytest.raises(Refused, match="not in Admin Queue"):
        tick_processed(invoice.pk, version=2, by=admin)


def test_the_accounting_reference_moves_no_version(admin: User) -> None:
    invoice = make_invoice()
    set_accounting_reference(invoice.pk, reference="QB-77", by=admin)
    assert (fresh(invoice).accounting_reference, fresh(invoice).version) == ("QB-77", 1)
    assert AuditItem.objects.get().after == '{"accounting_reference":"QB-77"}'
    set_accounting_reference(invoice.pk, reference="QB-77", by=admin)
    assert AuditEntry.objects.count() == 1
    assert_sound()


def test_acts_refuse_an_invoice_that_was_deleted_meanwhile(admin: User) -> None:
    gone = make_invoice()
    Invoice.objects.filter(pk=gone.pk).delete()
    given: dict[str, Any] = {"version": 1, "by": admin}
    for act in (
        lambda: tick_processed(gone.pk, **given),
        lambda: untick_processed(gone.pk, **given),
        lambda: mark_paid(gone.pk, paid_on=TODAY, **given),
        lambda: clear_paid(gone.pk, **given),
        lambda: set_accounting_reference(gone.pk, reference="QB-1", by=admin),
    ):
        with pytest.raises(Refused, match="not there any more"):
            act()
