"""The DWR Approval Backlog: submitted DWRs, of a project manager's own jobs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from backlog.grid.grid import Action, Gone, Grid, Undo
from backlog.grid.query import Sort
from backlog.work_columns import MONTH, PHONE_SORTS, RECORD_GROUPS, RecordFilters, RecordTable, with_sums
from backlog.work_gone import work_gone
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.jobs.models import DailyWorkRecord
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.approval_undo import undo_offer


class RecordApproval(Grid):
    slug = "dwr-approval"
    title = "DWR Approval Backlog"
    url_name = "dwr_approval_backlog"
    permission = Permission.APPROVE
    noun = "DWR"
    place = "submitted"
    table = RecordTable
    filterset = RecordFilters
    search_label = "DWR, job, client, author"
    groups = RECORD_GROUPS
    default_sorts = (Sort("date"), Sort("job"))
    phone_sorts = PHONE_SORTS
    expressions = MONTH
    sums = ("hours", "amount")
    amount = "amount"
    purpose = "approve"
    label_fields = ("dwr_number", "job__job_number")
    actions = (
        Action("Approve Selected DWRs", "Approve", "check", "approve_records", Permission.APPROVE, primary=True),
    )
    undo = Undo("undo_record_approval", "backlog/_approval_undo.html", Permission.APPROVE)
    empty = "No DWR waits for approval. Submitted DWRs appear here."
    detail_url_name = "record_detail_row"
    detail_words = "Detail of DWR"
    made_of: ClassVar[dict[str, str]] = {"dwr": "pk"}

    def queryset(self, user: User) -> QuerySet[Any]:
        return with_sums(DailyWorkRecord.objects.to_approve().of_jobs_managed_by(user))

    def gone(self, user: User, ids: Sequence[int]) -> list[Gone]:
        return work_gone(RECORDS, user, ids)

    def undo_context(self, user: User) -> dict[str, Any]:
        return {"offer": undo_offer(RECORDS, user)}


RECORD_APPROVAL = RecordApproval()
