"""One table of words serves the history, refusals, and the rows that left a grid."""

from collections.abc import Callable

import pytest

from backlog.invoice_gone import invoices_gone
from invoices.history import WORDS, history
from invoices.models import Invoice, Queue
from invoices.references import set_accounting_reference
from invoices.refusals import not_in_queue
from invoices.transitions import clear_paid, mark_paid, untick_processed
from jobbook.accounts.models import User
from jobbook.common.models import AuditEntry
from tests.commands import fresh, process, undo
from tests.factories import TODAY, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_done_last_reads_the_same_everywhere() -> None:
    user = make_user(name="K. Osei")
    invoice = make_invoice()

    def version() -> int:
        return fresh(invoice).version

    steps: list[Callable[[], object]] = [
        lambda: process(user, [invoice]),
        lambda: mark_paid(invoice.pk, version=version(), paid_on=TODAY, by=user),
        lambda: clear_paid(invoice.pk, version=version(), by=user),
        lambda: set_accounting_reference(invoice.pk, reference="QB-1", by=user),
        lambda: untick_processed(invoice.pk, version=version(), by=user),
        lambda: undo(user, process(user, [invoice])),
    ]
    for step in steps:
        step()
        assert_named_everywhere(invoice, user)


def assert_named_everywhere(invoice: Invoice, user: User) -> None:
    action = AuditEntry.objects.latest("number").action
    words = WORDS[action]
    (gone,) = invoices_gone(user, [invoice.pk])
    assert str(gone).startswith(f"{invoice.number} was {words.done} by K. Osei at "), action
    assert f"{words.done} by K. Osei at " in not_in_queue(fresh(invoice), Queue.ADMIN).reason, action
    assert next(history(invoice.pk)).what == words.heading, action
