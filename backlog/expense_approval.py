"""The Expense Approval Backlog: submitted expenses, of a project manager's own jobs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from backlog.grid.grid import Action, Gone, Grid, Undo
from backlog.grid.query import Sort
from backlog.work_columns import EXPENSE_GROUPS, MONTH, PHONE_SORTS, ExpenseFilters, ExpenseTable
from backlog.work_gone import work_gone
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.jobs.models import Expense
from jobbook.jobs.transitions.approvable import EXPENSES
from jobbook.jobs.transitions.approval_undo import undo_offer


class ExpenseApproval(Grid):
    slug = "expense-approval"
    title = "Expense Approval Backlog"
    url_name = "expense_approval_backlog"
    permission = Permission.APPROVE
    noun = "expense"
    place = "submitted"
    table = ExpenseTable
    filterset = ExpenseFilters
    search_label = "Expense, job, client, item"
    groups = EXPENSE_GROUPS
    default_sorts = (Sort("date"), Sort("employee"))
    phone_sorts = PHONE_SORTS
    expressions = MONTH
    sums = ("amount",)
    amount = "amount"
    purpose = "approve"
    label_fields = ("expense_number", "employee", "job__job_number")
    actions = (
        Action("Approve Selected Expenses", "Approve", "check", "approve_expenses", Permission.APPROVE, primary=True),
    )
    undo = Undo("undo_expense_approval", "backlog/_approval_undo.html", Permission.APPROVE)
    empty = "No expense waits for approval. Submitted expenses appear here."
    detail_url_name = "expense_detail_row"
    detail_words = "Detail of expense"
    made_of: ClassVar[dict[str, str]] = {"expense": "pk"}

    def queryset(self, user: User) -> QuerySet[Any]:
        return Expense.objects.to_approve().of_jobs_managed_by(user)

    def gone(self, user: User, ids: Sequence[int]) -> list[Gone]:
        return work_gone(EXPENSES, user, ids)

    def undo_context(self, user: User) -> dict[str, Any]:
        return {"offer": undo_offer(EXPENSES, user)}


EXPENSE_APPROVAL = ExpenseApproval()
