"""The Active Job Dashboard, declared."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from backlog.grid.columns import GridColumn
from backlog.grid.grid import Grid
from backlog.grid.query import Sort
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.reports.active_jobs.columns import ActionsColumn, ActiveJobTable
from jobbook.reports.active_jobs.expressions import EXPRESSIONS
from jobbook.reports.active_jobs.filters import GROUPS, ActiveJobFilters, active_jobs

_WITHOUT_INVOICE = ActionsColumn("Actions", may_invoice=False)


class ActiveJobs(Grid):
    slug = "active-jobs"
    title = "Active Job Dashboard"
    url_name = "active_jobs"
    permission = Permission.SEE_WIP
    noun = "job"
    place = "active"
    table = ActiveJobTable
    filterset = ActiveJobFilters
    search_label = "Job, project, client, PO"
    groups = GROUPS
    default_sorts = (Sort("job"),)
    phone_sorts = (
        ("", "Job number"),
        ("due", "Due first"),
        ("-used", "Most of the PO used"),
        ("-unbilled", "Most unbilled"),
        ("-since", "Longest since an invoice"),
    )
    expressions = EXPRESSIONS
    sums = ("po_amount", "dwr_amount", "expense_amount", "invoiced", "processed", "paid", "unbilled")
    amount = "dwr_amount"
    amount_words = "of approved work, all amounts before tax"
    label_fields = ("job_number", "project_name")
    empty = "No active jobs."
    detail_url_name = "active_job_row"
    detail_words = "Invoices of job"
    made_of: ClassVar[dict[str, str]] = {"job": "pk", "dwr": "records", "expense": "expenses", "invoice": "invoices"}
    downloads = True

    def queryset(self, user: User) -> QuerySet[Any]:
        return active_jobs(user)

    def empty_link(self, user: User) -> tuple[str, str] | None:
        return reverse("job_list"), "All jobs"

    def shown_columns(self, user: User, groups: Any, tab: str = "") -> dict[str, GridColumn]:
        columns = super().shown_columns(user, groups, tab)
        return columns if user.can(Permission.INVOICE) else {**columns, "actions": _WITHOUT_INVOICE}


ACTIVE_JOBS = ActiveJobs()
