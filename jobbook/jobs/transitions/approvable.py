"""What is entered, submitted, and approved in batches: DWRs and expenses. Declared once each for all that is alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import OuterRef, QuerySet, Subquery

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common import intents
from jobbook.common.last_change import last_changes
from jobbook.common.models import AuditItem, Intent, IntentItem
from jobbook.jobs.models import ApprovalBatch, ApprovalKind, DailyWorkRecord, Expense
from jobbook.jobs.models.batch import ApprovalBatchQuerySet

USED_BY = ("approval_batch", "undone_approval_batch")


@dataclass(frozen=True)
class Approvable:
    """kind: of its batches. object_type: in the audit. number: the field with its number. amount: what is summed.
    settled: what is set once it went further (the invoice's number, the day it was processed). related: what its
    commands and refusals read of it. invoiced, way_off: what an invoice does to it, and how it comes off again.
    """

    kind: ApprovalKind
    model: type[Any]
    object_type: str
    noun: str
    plural: str
    number: str
    amount: str
    settled: str
    related: tuple[str, ...]
    invoiced: str
    way_off: str

    @property
    def approve(self) -> str:
        """The action of approving, and of the window that asks for it. Named as those of its other commands."""
        return f"{self.kind}.approve"

    @property
    def undo(self) -> str:
        return f"{self.kind}.undo_approval"

    def managed_by(self, user: User) -> QuerySet[Any]:
        """What `user` may approve, in any state."""
        rows: QuerySet[Any] = self.model._default_manager.of_jobs_managed_by(user)
        return rows

    def of_intent(self, intent: Intent) -> QuerySet[Any]:
        """The rows of a window, each with the version `seen` there."""
        items = IntentItem.objects.filter(intent=intent)
        seen = items.filter(object_id=OuterRef("pk")).values("version")[:1]
        rows: QuerySet[Any] = self.model._default_manager.filter(pk__in=items.values("object_id"))
        return cast("QuerySet[Any]", rows.annotate(seen=Subquery(seen)))

    def in_batch(self, batch: ApprovalBatch) -> QuerySet[Any]:
        """The rows still in a batch, each with the version the batch left it at."""
        items = AuditItem.objects.filter(
            object_type=self.object_type, object_id=OuterRef("pk"), entry_id=batch.entry_number
        )
        rows: QuerySet[Any] = self.model._default_manager.filter(batch=batch)
        return cast("QuerySet[Any]", rows.annotate(after=Subquery(items.values("version_after")[:1])))

    def label(self, number: str) -> str:
        return f"{self.noun[:1].upper()}{self.noun[1:]} {number}"

    def last_changes(self, ids: Iterable[int]) -> dict[int, str]:
        """What happened last to each: 'sent back by K. Osei at 10:41 on 20 Nov 2026'."""
        return last_changes(self.object_type, ids, self.words)

    @property
    def words(self) -> dict[str, str]:
        """What is done to it, by audit action: "sent back"."""
        own = {f"{self.kind}.{act}": text for act, text in DONE.items()}
        return {**own, "invoice.create": self.invoiced, **FROM_ELSEWHERE}

    def window(self, action: str, *, user: User, rows: QuerySet[Any], batch: ApprovalBatch | None = None) -> Intent:
        """Freeze what a window shows: rows to approve, or the batch to undo and the rows still in it."""
        return intents.freeze(
            user=user, action=action, rows=rows, amount=self.amount, target_id=batch.pk if batch else None
        )

    def live_batches(self, user: User) -> QuerySet[ApprovalBatch]:
        """The batches that `user` may undo: an administrator anybody's, others their own. The newest first."""
        return batches_of(user).live().filter(kind=self.kind).order_by("-number")


def batches_of(user: User) -> ApprovalBatchQuerySet:
    """The batches `user` may see: an administrator all, others their own."""
    if user.role == Role.ADMINISTRATOR:
        return ApprovalBatch.objects.all()
    return ApprovalBatch.objects.filter(created_by=user)


DONE = {
    "create": "entered",
    "change": "changed",
    "correct": "corrected",
    "submit": "submitted",
    "approve": "approved",
    "undo_approval": "returned by an undo",
    "send_back": "sent back",
    "reopen": "reopened",
    "process": "marked processed",
    "unprocess": "marked not processed",
    "delete": "deleted",
}
FROM_ELSEWHERE = {
    "invoice.edit": "changed with its invoice",
    "invoice.delete": "taken off its invoice",
    "data.import": "imported",
}
RECORDS = Approvable(
    ApprovalKind.RECORD,
    DailyWorkRecord,
    object_type="dwr",
    noun="DWR",
    plural="DWRs",
    number="dwr_number",
    amount="lines__amount",
    settled="invoiced__invoice__number",
    related=("job", "batch", "approved_by", "invoiced__invoice"),
    invoiced="invoiced",
    way_off="a draft that is deleted gives it back",
)
EXPENSES = Approvable(
    ApprovalKind.EXPENSE,
    Expense,
    object_type="expense",
    noun="expense",
    plural="expenses",
    number="expense_number",
    amount="amount",
    settled="processed_on",
    related=("job", "batch", "approved_by", "receipt", "invoiced__invoice"),
    invoiced="accounted for",
    way_off="untick it there first",
)
APPROVABLES = {what.kind: what for what in (RECORDS, EXPENSES)}
