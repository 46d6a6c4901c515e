"""The DWR Invoice Backlog: approved DWRs of Time & Material jobs that are on no invoice yet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from backlog.grid.grid import Action, Gone, Grid
from backlog.grid.query import Sort
from backlog.work_columns import MONTH, PHONE_SORTS, RECORD_GROUPS, RecordFilters, RecordTable, with_sums
from backlog.work_gone import work_gone
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.jobs.models import DailyWorkRecord
from jobbook.jobs.transitions.approvable import RECORDS


class InvoicingTable(RecordTable):
    """The columns of the approval backlog without the day it was submitted."""

    submitted = None  # type: ignore[assignment] # how a Table leaves out a column of its parent


class RecordInvoicing(Grid):
    slug = "dwr-invoicing"
    title = "DWR Invoice Backlog"
    url_name = "dwr_invoice_backlog"
    permission = Permission.INVOICE
    noun = "DWR"
    place = "approved, not invoiced"
    table = InvoicingTable
    filterset = RecordFilters
    search_label = "DWR, job, client, author"
    groups = RECORD_GROUPS
    default_groups = ("job",)
    default_sorts = (Sort("date"), Sort("job"))
    phone_sorts = PHONE_SORTS
    expressions = MONTH
    sums = ("hours", "amount")
    amount = "amount"
    purpose = "invoice"
    label_fields = ("dwr_number", "job__job_number")
    actions = (Action("Invoice Selected DWRs", "Invoice", "file", "invoice_records", Permission.INVOICE, primary=True),)
    empty = "No DWR waits to be invoiced. Approved DWRs of Time & Material jobs appear here."
    detail_url_name = "record_detail_row"
    detail_words = "Detail of DWR"
    made_of: ClassVar[dict[str, str]] = {"dwr": "pk"}

    def queryset(self, user: User) -> QuerySet[Any]:
        return with_sums(DailyWorkRecord.objects.to_invoice().of_jobs_managed_by(user))

    def gone(self, user: User, ids: Sequence[int]) -> list[Gone]:
        return work_gone(RECORDS, user, ids)


RECORD_INVOICING = RecordInvoicing()
