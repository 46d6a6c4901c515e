"""Every command on an invoice, in every queue, by every role: done exactly where the table says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from invoices import signing
from invoices.editing import delete_invoice, edit_invoice
from invoices.making import make_credit_note
from invoices.models import Invoice
from invoices.rows import lines_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry
from tests.factories import TODAY, make_job, make_user
from tests.invoicing import IN_ADMIN_QUEUE, PLACES, QUEUE, in_queue

pytestmark = pytest.mark.django_db(transaction=True)
WHO = ("administrator", "manager", "other manager", "accounting", "technician")
ADMINISTRATOR, MANAGERS = ("administrator",), ("administrator", "manager")


@dataclass(frozen=True)
class Command:
    """Where it is done and by whom, and where the invoice is then ('' for gone or unchanged)."""

    run: Callable[..., Any]
    places: tuple[str, ...]
    who: tuple[str, ...]
    then: str = ""


def _edit(invoice: Invoice, **given: Any) -> None:
    edit_invoice(invoice.pk, version=invoice.version, values={"memo": "Other"}, lines=lines_of(invoice), **given)


def _credit(invoice: Invoice, **given: Any) -> None:
    lines = [replace(line, quantity=-line.quantity) for line in lines_of(invoice) if line.quantity]
    make_credit_note(invoice.pk, version=invoice.version, values={}, lines=lines, **given)


def _act(function: Callable[..., None], **fixed: Any) -> Callable[..., None]:
    def run(invoice: Invoice, **given: Any) -> None:
        function(invoice.pk, version=invoice.version, **fixed, **given)

    return run


COMMANDS = {
    "edit": Command(_edit, ("pm", "ticket", *IN_ADMIN_QUEUE), ADMINISTRATOR),
    "delete": Command(_act(delete_invoice), ("pm", "ticket", *IN_ADMIN_QUEUE), ADMINISTRATOR),
    "credit": Command(_credit, (*IN_ADMIN_QUEUE, "processed", "paid"), ADMINISTRATOR),
    "sign": Command(_act(signing.sign, signed_by="A. Beaulieu"), ("pm",), MANAGERS, "admin"),
    "unsign": Command(_act(signing.take_signature_off), ("ticket", "admin", "client"), MANAGERS, "pm"),
    "client approve": Command(_act(signing.client_approve, approved_on=TODAY), ("ticket",), MANAGERS, "admin"),
    "client unapprove": Command(_act(signing.take_client_approval_back), ("client",), MANAGERS, "ticket"),
    "release": Command(_act(signing.release, reason="Manager is away"), ("pm", "ticket"), ADMINISTRATOR, "admin"),
    "take release back": Command(_act(signing.take_release_back), ("released",), ADMINISTRATOR, "pm"),
}


def person(who: str, invoice: Invoice) -> User:
    if who == "manager":
        return invoice.job.project_manager
    roles = {"administrator": Role.ADMINISTRATOR, "other manager": Role.PROJECT_MANAGER}
    return make_user(roles.get(who) or who)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("place", PLACES)
def test_done_exactly_where_the_table_says_so(name: str, place: str) -> None:
    command = COMMANDS[name]
    for who in WHO:
        invoice = in_queue(place, make_job())
        assert invoice.queue == QUEUE[place]
        by, before = person(who, invoice), AuditEntry.objects.count()
        if who in command.who and place in command.places:
            command.run(invoice, by=by)
            now = Invoice.objects.filter(pk=invoice.pk).first()
            assert AuditEntry.objects.count() == before + 1, who
            assert (now is None) == (name == "delete"), who
            if now and command.then:
                assert now.queue == command.then, who
                assert (now.version, now.content_version) == (2, 2), who
        else:
            with pytest.raises(Refused):
                command.run(invoice, by=by)
            assert Invoice.objects.get(pk=invoice.pk).version == 1, who
            assert AuditEntry.objects.count() == before, who


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "credit"])
def test_a_version_the_user_did_not_see_is_refused(name: str) -> None:
    command = COMMANDS[name]
    invoice = in_queue(command.places[0])
    invoice.version = 7
    with pytest.raises(Refused, match="changed since the page was opened"):
        command.run(invoice, by=make_user())


@pytest.mark.parametrize("name", COMMANDS)
def test_an_invoice_that_is_gone_is_refused_in_words(name: str) -> None:
    command = COMMANDS[name]
    invoice = in_queue(command.places[0])
    key = invoice.pk
    invoice.delete()
    invoice.pk = key
    with pytest.raises(Refused, match="not there any more"):
        command.run(invoice, by=make_user())


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_processed_invoice_names_the_way_out(name: str) -> None:
    with pytest.raises(Refused, match="untick Processed first, or make a credit note"):
        COMMANDS[name].run(in_queue("processed"), by=make_user())
