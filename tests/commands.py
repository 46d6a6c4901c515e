"""Short names for the commands that most tests begin with."""

from collections.abc import Iterable

from invoices.intents import PROCESS, make_intent
from invoices.models import Invoice, ProcessBatch
from invoices.transitions import process_invoices
from invoices.undo import Undone, undo_batch, undo_intent
from jobbook.accounts.models import User
from jobbook.common.models import Intent
from jobbook.reports.management.commands.check_invariants import violations


def intent_for(user: User, invoices: Iterable[Invoice]) -> Intent:
    """What the process window of these invoices freezes."""
    rows = Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices])
    return make_intent(user=user, action=PROCESS, invoices=rows)


def process(user: User, invoices: Iterable[Invoice]) -> ProcessBatch:
    return process_invoices(intent_for(user, invoices).pk, by=user).batch


def undo(user: User, batch: ProcessBatch) -> Undone:
    return undo_batch(undo_intent(user=user, batch=batch).pk, by=user)


def queues(invoices: Iterable[Invoice]) -> list[str]:
    """The queue of each invoice as the database has it now."""
    ids = [invoice.pk for invoice in invoices]
    found = dict(Invoice.objects.filter(pk__in=ids).values_list("pk", "queue"))
    return [found[pk] for pk in ids]


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def assert_sound() -> None:
    """`check_invariants` finds nothing."""
    assert violations() == []
