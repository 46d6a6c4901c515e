"""Who vouches for an invoice: the representative's signature, the client's approval of a ticket, a release without.

Each command moves the invoice between PM Queue, Ticket Queue and Admin Queue by facts alone, and is printed, so it
raises both versions.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from invoices.models import Invoice, Queue
from invoices.refusals import changed_since, not_in_queues
from invoices.transitions import INVOICE
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.drawing import BadDrawing, strokes
from jobbook.common.errors import Refusal, Refused
from jobbook.common.records import Difference
from jobbook.common.transitions import lock_rows

NOT_APPROVED: dict[str, Any] = {"client_approved_on": None, "client_approved_by": "", "client_signature": ""}
UNSIGNED: dict[str, Any] = {
    "signed_by": "",
    "signed_on": None,
    "signed_total": None,
    "signature": "",
    **NOT_APPROVED,
}
NOT_RELEASED: dict[str, Any] = {"released_by": "", "released_on": None, "release_reason": ""}
_DRAWINGS = {"signature", "client_signature"}  # the history says that something was drawn, not how
_OPEN = (Queue.PM, Queue.TICKET, Queue.ADMIN)
Allowed = Callable[[Invoice], bool]


def may_sign(user: User, invoice: Invoice) -> bool:
    """The job's project manager, and administrators."""
    manages = invoice.job.project_manager_id == user.pk or user.role == Role.ADMINISTRATOR
    return user.can(Permission.SIGN) and manages


def sign(
    invoice_id: int, *, version: int, signed_by: str, signature: str = "", by: User, origin: Origin = NOWHERE
) -> None:
    """The representative vouches for the invoice and its total. A drawing is welcome, the name is needed."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.sign", origin=origin)
        invoice = _locked(invoice_id, version, lambda invoice: invoice.queue == Queue.PM)
        _refuse_stranger(by, invoice)
        _check_drawing(signature)
        if not signed_by.strip():
            raise Refused(f"{invoice.number} was not signed: the name is missing.")
        if not invoice.lines.exists():
            raise Refused(f"{invoice.number} was not signed: it has no lines.")
        today = timezone.localdate(operation.at)
        facts = {"signed_by": signed_by, "signed_on": today, "signed_total": invoice.total, "signature": signature}
        _step(operation, invoice, facts)


def take_signature_off(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """The signature was a mistake; the client's approval of the ticket goes with it."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.unsign", origin=origin)
        invoice = _locked(invoice_id, version, lambda each: each.queue in _OPEN and each.signed_on is not None)
        _refuse_stranger(by, invoice)
        _step(operation, invoice, UNSIGNED)


def client_approve(
    invoice_id: int,
    *,
    version: int,
    approved_on: date,
    approved_by: str = "",
    signature: str = "",
    by: User,
    origin: Origin = NOWHERE,
) -> None:
    """The client approved the ticket: the invoice goes on to the Admin Queue."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.client_approve", origin=origin)
        invoice = _locked(invoice_id, version, lambda invoice: invoice.queue == Queue.TICKET)
        _refuse_stranger(by, invoice)
        _check_drawing(signature)
        facts = {"client_approved_on": approved_on, "client_approved_by": approved_by, "client_signature": signature}
        _step(operation, invoice, facts)


def take_client_approval_back(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """The approval was a mistake: the invoice waits for the client again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.client_unapprove", origin=origin)
        invoice = _locked(invoice_id, version, lambda each: each.queue in _OPEN and each.client_approved_on is not None)
        _refuse_stranger(by, invoice)
        _step(operation, invoice, NOT_APPROVED)


def release(invoice_id: int, *, version: int, reason: str, by: User, origin: Origin = NOWHERE) -> None:
    """An administrator lets an unsigned invoice into the Admin Queue, past PM and Ticket Queue. The check stays."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.release", reason=reason, origin=origin)
        invoice = _locked(invoice_id, version, lambda each: each.queue in (Queue.PM, Queue.TICKET))
        _refuse_others(by, invoice)
        if not reason.strip():
            raise Refused(f"{invoice.number} was not released: a reason is needed.")
        today = timezone.localdate(operation.at)
        _step(operation, invoice, {"released_by": by.name, "released_on": today, "release_reason": reason})


def take_release_back(invoice_id: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """The invoice returns to the queue that its signatures say."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.take_release_back", origin=origin)
        invoice = _locked(invoice_id, version, lambda each: each.queue == Queue.ADMIN and each.released_on is not None)
        _refuse_others(by, invoice)
        facts = NOT_RELEASED if invoice.signed_on else {**NOT_RELEASED, **NOT_APPROVED}
        _step(operation, invoice, facts)


def _locked(invoice_id: int, version: int, allowed: Allowed) -> Invoice:
    """The locked invoice, as the user saw it and where the command makes sense."""
    lock_rows(Invoice.objects.filter(pk=invoice_id))
    invoice = Invoice.objects.select_related("job", "batch").filter(pk=invoice_id).first()
    if invoice is None:
        raise Refused("The invoice is not there any more.")
    if not allowed(invoice):
        raise Refused(f"{invoice.number} was not changed.", [not_in_queues(invoice)])
    if invoice.version != version:
        raise Refused(f"{invoice.number} was not changed.", [changed_since(invoice)])
    return invoice


def _refuse_stranger(by: User, invoice: Invoice) -> None:
    if not may_sign(by, invoice):
        reason = "only the project manager of its job, or an Administrator, may do this"
        raise Refused(f"{invoice.number} was not changed.", [Refusal("not_yours", reason, invoice.pk, invoice.number)])


def _refuse_others(by: User, invoice: Invoice) -> None:
    if not by.can(Permission.INVOICE):
        reason = "only an Administrator may do this"
        raise Refused(f"{invoice.number} was not changed.", [Refusal("not_yours", reason, invoice.pk, invoice.number)])


def _check_drawing(text: str) -> None:
    try:
        strokes(text)
    except BadDrawing as error:
        raise Refused(str(error)) from error


def _step(operation: Operation, invoice: Invoice, facts: dict[str, Any]) -> None:
    difference = Difference()
    for name, value in facts.items():
        old = getattr(invoice, name)
        drawn = name in _DRAWINGS
        difference.note(name, "drawn" if drawn and old else old, "drawn" if drawn and value else value)
    versions = (invoice.version, invoice.version + 1)
    item = operation.item(INVOICE, invoice.pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
    operation.close()
    steps = {"version": F("version") + 1, "content_version": F("content_version") + 1}
    Invoice.objects.filter(pk=invoice.pk).update(**facts, **steps)
