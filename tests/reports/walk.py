"""Every command that moves money, one after the other on one firm, with what must be where after each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from exports.start import start_run
from exports.work import work_on
from invoices.editing import delete_invoice, edit_invoice
from invoices.making import make_credit_note
from invoices.models import Invoice
from invoices.rows import lines_of
from invoices.signing import client_approve, release, sign, take_release_back, take_signature_off
from invoices.transitions import clear_paid, mark_paid, tick_processed, untick_processed
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import DailyWorkRecord, InvoiceType, Job
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.records import submit_record
from tests.approvals import approve_all, undo_all
from tests.commands import process, undo
from tests.factories import make_job, make_record, make_user
from tests.invoicing import invoice_all, lump

WORK = Decimal("768.00")  # each DWR: 8 hours at 96
QUEUES = ("pm", "ticket", "admin", "processed", "paid")
PLACES = ("draft", "submitted", "approved", *QUEUES)


@dataclass
class Expected:
    """What is where: work by its own value until it is invoiced, then invoices before tax."""

    places: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PLACES, Decimal("0.00")))
    approved: Decimal = Decimal("0.00")  # work that is approved, invoiced or not

    def move(self, amount: Decimal, source: str, target: str) -> None:
        if source:
            self.places[source] -= amount
        if target:
            self.places[target] += amount
        if {source, target} == {"submitted", "approved"}:
            self.approved += amount if target == "approved" else -amount

    def dashboard(self) -> dict[str, Decimal]:
        """The figures of the job's row of the Active Job Dashboard."""
        processed = self.places["processed"] + self.places["paid"]
        return {
            "dwr_amount": self.approved,
            "expense_amount": Decimal("0.00"),
            "invoiced": sum((self.places[queue] for queue in QUEUES), Decimal("0.00")),
            "processed": processed,
            "paid": self.places["paid"],
            "unbilled": self.places["approved"],
        }


class Walk:
    """A job on the way: `steps` does one command after the other and yields its name and what must be shown."""

    def __init__(self) -> None:
        self.admin: User = make_user(name="M. Tran")
        self.manager: User = make_user(Role.PROJECT_MANAGER, name="K. Osei")
        self.author: User = make_user(Role.TECHNICIAN)
        self.job: Job = make_job(project_manager=self.manager)
        self.expected = Expected()

    def steps(self) -> Iterator[tuple[str, Expected]]:
        for name, source, target, act in self._moves():
            amount = act()
            self.expected.move(WORK if amount is None else amount, source, target)
            yield name, self.expected
        yield from self._credited()
        yield from self._ticket()

    def _moves(self) -> Iterator[tuple[str, str, str, Callable[[], Decimal | None]]]:
        """Name, from where, to where, the command: of one DWR and its invoice, and back where that is possible."""
        yield "record", "", "draft", self._record
        yield "submit", "draft", "submitted", lambda: submit_record(self.record.pk, version=1, by=self.author)
        yield "approve", "submitted", "approved", self._approve
        yield "undo approval", "approved", "submitted", self._undo_approval
        yield "approve again", "submitted", "approved", self._approve
        yield "invoice", "approved", "pm", self._invoice
        yield "delete the draft", "pm", "approved", self._on(delete_invoice)
        yield "invoice again", "approved", "pm", self._invoice
        yield "sign", "pm", "admin", self._on(sign, signed_by="K. Osei")
        yield "take the signature off", "admin", "pm", self._on(take_signature_off)
        yield "release", "pm", "admin", self._on(release, reason="Manager is away")
        yield "take the release back", "admin", "pm", self._on(take_release_back)
        yield "sign again", "pm", "admin", self._on(sign, signed_by="K. Osei")
        yield "export", "", "", self._export
        yield "tick processed", "admin", "processed", self._on(tick_processed)
        yield "untick", "processed", "admin", self._on(untick_processed)
        yield "process", "admin", "processed", self._process
        yield "undo the batch", "processed", "admin", self._undo
        yield "process again", "admin", "processed", self._process
        yield "pay", "processed", "paid", self._on(mark_paid, paid_on=timezone.localdate())
        yield "take the payment back", "paid", "processed", self._on(clear_paid)
        yield "pay again", "processed", "paid", self._on(mark_paid, paid_on=timezone.localdate())

    def _credited(self) -> Iterator[tuple[str, Expected]]:
        """A credit note takes from what was invoiced, and frees no work."""
        note = make_credit_note(
            self.invoice.pk, version=self._now().version, values={}, lines=[lump("-100.00")], by=self.admin
        )
        self.expected.move(Decimal("-100.00"), "", "pm")
        yield "credit", self.expected
        sign(note.pk, version=1, signed_by="K. Osei", by=self.manager)
        self.expected.move(Decimal("-100.00"), "pm", "admin")
        yield "sign the credit note", self.expected

    def _ticket(self) -> Iterator[tuple[str, Expected]]:
        """A ticket waits for its client; an edit takes the signature off and changes what is invoiced."""
        Job.objects.filter(pk=self.job.pk).update(invoice_type=InvoiceType.TICKET_INVOICE)
        self._record()
        submit_record(self.record.pk, version=1, by=self.author)
        self._approve()
        self._invoice()
        for source, target in pairwise(("", "submitted", "approved", "pm")):
            self.expected.move(WORK, source, target)
        yield "another, as a ticket", self.expected
        self._on(sign, signed_by="K. Osei")()
        self.expected.move(WORK, "pm", "ticket")
        yield "sign the ticket", self.expected
        lines = [*lines_of(self._now()), lump("32.00")]
        edit_invoice(self.invoice.pk, version=self._now().version, values={}, lines=lines, by=self.admin)
        self.expected.move(WORK, "ticket", "")
        self.expected.move(WORK + 32, "", "pm")
        yield "add a line", self.expected
        self._on(sign, signed_by="K. Osei")()
        self._on(client_approve, approved_on=timezone.localdate())()
        self.expected.move(WORK + 32, "pm", "admin")
        yield "the client approves", self.expected

    def _record(self) -> None:
        self.record = make_record(job=self.job, created_by=self.author, date=timezone.localdate())

    def _approve(self) -> None:
        batch = approve_all(RECORDS, self.manager, [DailyWorkRecord.objects.get(pk=self.record.pk)]).batch
        assert batch is not None
        self.approval = batch

    def _undo_approval(self) -> None:
        undo_all(RECORDS, self.manager, self.approval)

    def _invoice(self) -> None:
        [self.invoice] = invoice_all(self.admin, [DailyWorkRecord.objects.get(pk=self.record.pk)]).invoices

    def _on(self, command: Callable[..., Any], **values: Any) -> Callable[[], None]:
        """A command on the invoice as it is now, by an administrator."""

        def act() -> None:
            command(self.invoice.pk, version=self._now().version, by=self.admin, **values)

        return act

    def _export(self) -> None:
        run = start_run(slug="csv", invoices=Invoice.objects.filter(pk=self.invoice.pk), by=self.admin)
        work_on(run.pk)

    def _process(self) -> None:
        self.batch = process(self.admin, [self._now()])

    def _undo(self) -> None:
        undo(self.admin, self.batch)

    def _now(self) -> Invoice:
        return Invoice.objects.get(pk=self.invoice.pk)
