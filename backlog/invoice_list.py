"""The Invoices list: the grid of the backlog without its actions, in tabs by queue."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse

from backlog.grid.columns import GridColumn
from backlog.grid.grid import Grid, Tab
from backlog.grid.query import Sort
from backlog.invoice_columns import EXPRESSIONS, GROUPS, InvoiceFilters, InvoiceTable, QueueColumn, ReferenceColumn
from invoices.models import Invoice, Queue
from invoices.models.invoice import HANDED_OVER
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role

ALL = "all"
MINE = "mine"


class ListTable(InvoiceTable):
    """The columns of the backlog, with the queue and accounting's reference."""

    queue = QueueColumn("Queue", "queue", sort=["queue"])
    reference = ReferenceColumn(
        "Reference", "accounting_reference", sort=["blank:accounting_reference"], css="lo trunc short"
    )


class InvoiceList(Grid):
    slug = "invoices"
    title = "Invoices"
    url_name = "invoice_list"
    permission = Permission.SEE_INVOICES
    noun = "invoice"
    table = ListTable
    filterset = InvoiceFilters
    search_label = "Invoice, client, job, PO"
    groups = GROUPS
    default_sorts = (Sort("date", descending=True), Sort("number", descending=True))
    phone_sorts = (("", "Newest first"), ("date", "Oldest first"), ("-total", "Largest total"), ("client", "Client"))
    expressions = EXPRESSIONS
    sums = ("subtotal", "tax", "total")
    amount_words = "including tax"
    warning = "checks_mask"
    label_fields = ("number", "client_name")
    default_tab = Queue.ADMIN.value
    tab_field = "queue"
    tabs = (*(Tab(queue.value, queue.label, Q(queue=queue), queue.value) for queue in Queue), Tab(ALL, "All", Q()))
    empty = "No invoices here."
    detail_url_name = "invoice_detail_row"
    detail_words = "Accounting detail for"
    made_of: ClassVar[dict[str, str]] = {"invoice": "pk", "export_run": "export_mark__run__number"}
    downloads = True

    def queryset(self, user: User) -> QuerySet[Any]:
        return Invoice.objects.visible_to(user)

    def tabs_for(self, user: User) -> list[Tab]:
        """Accounting sees invoices from the Admin Queue on, so it has no tab for what comes before, and makes none."""
        if user.role != Role.ACCOUNTING:
            mine = Tab(MINE, "Mine", Q(created_by=user) | Q(job__project_manager=user), "")
            return [*self.tabs[:-1], mine, self.tabs[-1]]
        return [tab for tab in self.tabs if tab.value is None or tab.value in HANDED_OVER]

    def new_link(self, user: User) -> tuple[str, str] | None:
        return (reverse("invoice_new"), "New invoice") if user.can(Permission.INVOICE) else None

    def empty_link(self, user: User) -> tuple[str, str] | None:
        """Where invoices come from."""
        return (reverse("invoice_new"), "Make one from a job") if user.can(Permission.INVOICE) else None

    def shown_columns(self, user: User, groups: Any, tab: str = "") -> dict[str, GridColumn]:
        """Which queue it is in stands in the row where the tab does not say it."""
        columns = super().shown_columns(user, groups, tab)
        if tab in (ALL, MINE):
            return columns
        return {name: column for name, column in columns.items() if name != "queue"}


INVOICE_LIST = InvoiceList()
