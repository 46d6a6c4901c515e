"""Undo Last Process Batch: every business field as before, or nothing changed and each hindrance named."""

from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from invoices.models import Invoice, ProcessBatch
from invoices.references import set_accounting_reference
from invoices.transitions import clear_paid, mark_paid, tick_processed, untick_processed
from invoices.undo import hindrances, undo_batch, undo_intent, undo_offer
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from tests.commands import assert_sound, fresh, process, queues, undo
from tests.factories import TODAY, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="M. Tran")


def business_fields(invoice: Invoice) -> dict[str, Any]:
    row = fresh(invoice)
    return {**model_to_dict(row, exclude=["version"]), "queue": row.queue}


def test_undo_is_the_inverse_of_process(admin: User) -> None:
    invoices = [make_invoice(), make_invoice(memo="x", accounting_reference="R1")]
    before = [business_fields(invoice) for invoice in invoices]
    batch = process(admin, invoices)
    undone = undo(admin, batch)
    assert undone.count == 2
    assert [business_fields(invoice) for invoice in invoices] == before
    assert [fresh(invoice).version for invoice in invoices] == [3, 3]
    batch.refresh_from_db()
    assert batch.undone_by_name == "M. Tran"
    assert_sound()


def test_the_offer_is_the_newest_live_bulk_batch_of_anybody(admin: User) -> None:
    assert undo_offer().reason == "No batch to undo"
    first = process(admin, [make_invoice()])
    second = process(make_user(), [make_invoice()])
    tick_processed(make_invoice().pk, version=1, by=admin)
    assert undo_offer().batch == second
    undo(admin, second)
    assert undo_offer().batch == first
    undo(admin, first)
    assert undo_offer().batch is None


def test_the_offer_counts_what_hinders_and_asks_no_more_for_more_of_it(admin: User) -> None:
    """Paid, paid and cleared: in the way. A reference is not, one unticked has left. Exact, in three queries."""
    invoices = [make_invoice() for _ in range(9)]
    batch = process(admin, invoices)
    set_accounting_reference(invoices[0].pk, reference="QB-1", by=admin)
    untick_processed(invoices[1].pk, version=2, by=admin)
    assert measured() == ("", 8, 3)
    mark_paid(invoices[2].pk, version=2, paid_on=TODAY, by=admin)
    clear_paid(invoices[2].pk, version=3, by=admin)
    assert measured() == (f"Batch #{batch.number} has an invoice changed since", 8, 3)
    for invoice in invoices[3:]:
        mark_paid(invoice.pk, version=2, paid_on=TODAY, by=admin)
    assert measured() == (f"Batch #{batch.number} has 6 paid invoices", 8, 3)
    assert {refusal.label for refusal in hindrances(batch)} == {invoice.number for invoice in invoices[2:]}


def measured() -> tuple[str, int, int]:
    with CaptureQueriesContext(connection) as queries:
        offer = undo_offer()
    return offer.reason, offer.count, len(queries)


def test_refused_when_one_is_paid_since(admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    intent = undo_intent(user=admin, batch=batch)
    mark_paid(invoices[0].pk, version=2, paid_on=TODAY, by=make_user(name="B. Singh"))
    with pytest.raises(Refused) as refused:
        undo_batch(intent.pk, by=admin)
    (refusal,) = refused.value.refusals
    assert refusal.label == invoices[0].number
    assert refusal.reason.startswith("marked paid by B. Singh at ")
    assert "clear Paid on its page" in refusal.reason
    assert queues(invoices) == ["paid", "processed"]
    assert undo_offer().reason == f"Batch #{batch.number} has a paid invoice"
    assert_sound()


def test_refused_when_one_was_paid_and_cleared_since(admin: User) -> None:
    """Something happened to it: its version is not the one the batch left."""
    invoice = make_invoice()
    batch = process(admin, [invoice])
    mark_paid(invoice.pk, version=2, paid_on=TODAY, by=admin)
    clear_paid(invoice.pk, version=3, by=admin)
    with pytest.raises(Refused):
        undo(admin, batch)
    assert queues([invoice]) == ["processed"]


def test_an_accounting_reference_does_not_hinder(admin: User) -> None:
    invoice = make_invoice()
    batch = process(admin, [invoice])
    set_accounting_reference(invoice.pk, reference="QB-1", by=admin)
    undo(admin, batch)
    assert queues([invoice]) == ["admin"]
    assert fresh(invoice).accounting_reference == "QB-1"


def test_one_unticked_by_hand_has_left_and_the_rest_returns(admin: User) -> None:
    invoices = [make_invoice(), make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    untick_processed(invoices[0].pk, version=2, by=admin)
    undone = undo(admin, batch)
    assert undone.count == 2
    assert queues(invoices) == ["admin"] * 3
    assert_sound()


def test_refused_when_one_was_unticked_after_the_window_opened(admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    batch = process(admin, invoices)
    intent = undo_intent(user=admin, batch=batch)
    untick_processed(invoices[0].pk, version=2, by=admin)
    with pytest.raises(Refused, match="changed since the window opened"):
        undo_batch(intent.pk, by=admin)
    assert queues(invoices) == ["admin", "processed"]


def test_refused_when_it_is_not_the_last_batch_any_more(admin: User) -> None:
    batch = process(admin, [make_invoice()])
    intent = undo_intent(user=admin, batch=batch)
    process(admin, [make_invoice()])
    with pytest.raises(Refused, match="not the last batch any more"):
        undo_batch(intent.pk, by=admin)


def test_the_same_window_twice_undoes_once(admin: User) -> None:
    first, second = process(admin, [make_invoice()]), process(admin, [make_invoice()])
    intent = undo_intent(user=admin, batch=second)
    assert [undo_batch(intent.pk, by=admin).repeated for _ in range(2)] == [False, True]
    first.refresh_from_db()
    assert first.undone_at is None
    with pytest.raises(Refused, match="already undone"):
        undo(admin, second)


def test_processing_again_makes_a_new_batch(admin: User) -> None:
    invoice = make_invoice()
    undo(admin, process(admin, [invoice]))
    batch = process(admin, [invoice])
    assert batch.number == 2
    assert ProcessBatch.objects.filter(undone_at__isnull=False).count() == 1
    assert_sound()
