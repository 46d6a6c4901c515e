"""The acts on one invoice: where each is offered, to whom, and the words of its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backlog.invoice_act_forms import ClientForm, PaidForm, ReleaseForm, SignForm, VersionForm
from invoices import editing, signing, transitions
from invoices.models import Invoice, Queue
from jobbook.accounts.roles import Permission

OPEN = (Queue.PM, Queue.TICKET, Queue.ADMIN)  # not processed yet


def always(invoice: Invoice) -> bool:
    return True


def signed(invoice: Invoice) -> bool:
    return invoice.signed_on is not None


def client_approved(invoice: Invoice) -> bool:
    return invoice.client_approved_on is not None


def released(invoice: Invoice) -> bool:
    return invoice.released_on is not None


@dataclass(frozen=True)
class Act:
    """An act: offered in these queues while `applies` holds."""

    slug: str
    queues: tuple[Queue, ...]
    permission: Permission
    label: str
    question: str
    consequence: str
    button: str
    done: str
    run: Callable[..., Any]
    form: type[VersionForm] = VersionForm
    applies: Callable[[Invoice], bool] = always
    primary: bool = False  # what the invoice waits for
    leads_to: str = "invoice_page"
    danger: bool = False

    def offered(self, invoice: Invoice) -> bool:
        return invoice.queue in self.queues and self.applies(invoice)


ACTS = (
    Act(
        "sign",
        (Queue.PM,),
        Permission.SIGN,
        "Sign",
        "Sign {number}?",
        "The signature stands on the invoice with the name and today's date.",
        "OK, sign 1 invoice",
        "{number} is signed.",
        signing.sign,
        SignForm,
        primary=True,
    ),
    Act(
        "unsign",
        OPEN,
        Permission.SIGN,
        "Take signature off",
        "Take the signature off {number}?",
        "It returns to the PM Queue. A client's approval of the ticket goes with it.",
        "OK, take 1 signature off",
        "The signature of {number} is off.",
        signing.take_signature_off,
        applies=signed,
    ),
    Act(
        "client-approve",
        (Queue.TICKET,),
        Permission.SIGN,
        "Client Approved Ticket",
        "Did the client approve the ticket of {number}?",
        "It goes on to the Admin Queue.",
        "OK, the client approved 1 ticket",
        "The ticket of {number} is approved by the client.",
        signing.client_approve,
        ClientForm,
        primary=True,
    ),
    Act(
        "client-unapprove",
        (Queue.ADMIN,),
        Permission.SIGN,
        "Clear client approval",
        "Clear the client's approval of {number}?",
        "It returns to the Ticket Queue.",
        "OK, clear 1 approval",
        "The client's approval of {number} is cleared.",
        signing.take_client_approval_back,
        applies=client_approved,
    ),
    Act(
        "release",
        (Queue.PM, Queue.TICKET),
        Permission.INVOICE,
        "Release",
        "Release {number} unsigned?",
        "It skips to the Admin Queue. The check “not signed” stays, with your name and the reason.",
        "OK, release 1 invoice",
        "{number} is in the Admin Queue, released.",
        signing.release,
        ReleaseForm,
    ),
    Act(
        "take-back",
        (Queue.ADMIN,),
        Permission.INVOICE,
        "Take release back",
        "Take the release of {number} back?",
        "It returns to the queue its signatures say.",
        "OK, take 1 release back",
        "The release of {number} is taken back.",
        signing.take_release_back,
        applies=released,
    ),
    Act(
        "process",
        (Queue.ADMIN,),
        Permission.PROCESS,
        "Tick Processed",
        "Process {number}?",
        "It leaves the Invoice Process Backlog as a batch of one, which Undo Last Process Batch passes over."
        " Unticking Processed here brings it back.",
        "OK, process 1 invoice",
        "{number} is processed.",
        transitions.tick_processed,
    ),
    Act(
        "untick",
        (Queue.PROCESSED,),
        Permission.UNTICK,
        "Untick Processed",
        "Untick Processed of {number}?",
        "It returns to the Admin Queue and leaves its batch. A file that accounting already imported is not changed.",
        "OK, untick 1 invoice",
        "{number} is in the Admin Queue again.",
        transitions.untick_processed,
    ),
    Act(
        "paid",
        (Queue.PROCESSED,),
        Permission.SET_PAID,
        "Mark paid",
        "Mark {number} paid?",
        "Project managers see it as paid at once.",
        "OK, mark 1 invoice paid",
        "{number} is paid.",
        transitions.mark_paid,
        PaidForm,
    ),
    Act(
        "unpaid",
        (Queue.PAID,),
        Permission.SET_PAID,
        "Clear Paid",
        "Clear Paid of {number}?",
        "It is Processed again.",
        "OK, clear Paid of 1 invoice",
        "{number} is not paid any more.",
        transitions.clear_paid,
    ),
    Act(
        "delete",
        OPEN,
        Permission.INVOICE,
        "Delete",
        "Delete {number}?",
        "Its DWRs return to the DWR Invoice Backlog, its expenses to Approved. The number is not given again.",
        "OK, delete 1 invoice",
        "{number} is deleted.",
        editing.delete_invoice,
        leads_to="invoice_list",
        danger=True,
    ),
)
BY_SLUG = {act.slug: act for act in ACTS}
