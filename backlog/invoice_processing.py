"""The Invoice Process Backlog: every invoice in the Admin Queue, to be exported, downloaded and processed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from backlog.grid.grid import Action, Gone, Grid, Undo
from backlog.grid.query import Sort
from backlog.invoice_columns import EXPRESSIONS, GROUPS, InvoiceFilters, InvoiceTable
from backlog.invoice_gone import invoices_gone
from backlog.invoice_list import INVOICE_LIST
from exports.confirm import overdue
from invoices.models import Invoice, Queue
from invoices.undo import undo_offer
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission


class InvoiceProcessing(Grid):
    slug = "invoice-process"
    title = "Invoice Process Backlog"
    url_name = "invoice_process_backlog"
    permission = Permission.OPEN_BACKLOG
    noun = "invoice"
    place = "in the Admin Queue"
    table = InvoiceTable
    filterset = InvoiceFilters
    search_label = "Invoice, client, job, PO"
    groups = GROUPS
    default_sorts = (Sort("date"), Sort("number"))
    phone_sorts = (("", "Oldest first"), ("-date", "Newest first"), ("-total", "Largest total"), ("client", "Client"))
    expressions = EXPRESSIONS
    sums = ("subtotal", "tax", "total")
    amount_words = "including tax"
    purpose = "export, download or process"
    warning = "checks_mask"
    label_fields = ("number", "client_name")
    actions = (
        Action(
            "Export Selected Invoices",
            "Export",
            "export",
            "export_window",
            Permission.EXPORT,
            options="Choose the format",
        ),
        Action(
            "Download Selected PDFs",
            "PDFs",
            "pdf",
            "pdf_window",
            Permission.EXPORT,
            options="Choose names and folders",
        ),
        Action("Process Selected Invoices", "Process", "play", "process_window", Permission.PROCESS, primary=True),
    )
    undo = Undo("undo_window", "backlog/_undo.html", Permission.PROCESS)
    read_only_note = "An administrator exports and processes these invoices."
    empty = "The Admin Queue is empty. Signed invoices appear here."
    detail_url_name = "invoice_detail_row"
    detail_words = "Accounting detail for"
    made_of: ClassVar[dict[str, str]] = {"invoice": "pk", "export_run": "export_mark__run__number"}
    notice = "backlog/_unconfirmed.html"

    def queryset(self, user: User) -> QuerySet[Any]:
        return Invoice.objects.admin_queue().visible_to(user)

    def gone(self, user: User, ids: Sequence[int]) -> list[Gone]:
        return invoices_gone(user, ids)

    def empty_link(self, user: User) -> tuple[str, str] | None:
        """Unsigned invoices wait in the PM Queue, which accounting does not see."""
        shown = any(tab.slug == Queue.PM for tab in INVOICE_LIST.tabs_for(user))
        return (f"{reverse(INVOICE_LIST.url_name)}?tab={Queue.PM.value}", "PM Queue") if shown else None

    def notice_context(self, user: User) -> dict[str, Any]:
        """Exports that accounting has not confirmed for days."""
        return {"unconfirmed": overdue(user)}

    def undo_context(self, user: User) -> dict[str, Any]:
        return {"offer": undo_offer()}


INVOICE_PROCESSING = InvoiceProcessing()
