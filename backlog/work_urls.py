"""Addresses of the backlogs of work: DWR approval, DWR invoicing, expense approval."""

from django.urls import URLPattern, path

from backlog import approval_batch_views, approval_views, invoicing_views, work_detail
from backlog.approval_views import EXPENSE_PAGES, RECORD_PAGES, ApprovalPages
from backlog.grid.views import grid_paths
from backlog.record_invoicing import RECORD_INVOICING


def approval_paths(pages: ApprovalPages, route: str, undo: str) -> list[URLPattern]:
    """An approval backlog's page and its windows; `undo` is the name of the undo window."""
    views, values = approval_views, {"pages": pages}
    return [
        *grid_paths(pages.grid, route),
        path(f"{route}approve/", views.approve_window, values, name=pages.grid.actions[0].url_name),
        path(f"{route}approve/confirm/", views.approve_confirm, values, name=pages.confirm_url),
        path(f"{route}undo/", views.undo_window, values, name=undo),
        path(f"{route}undo/confirm/", views.undo_confirm, values, name=pages.undo_confirm_url),
    ]


urlpatterns = [
    *approval_paths(RECORD_PAGES, "records/approval/", "undo_record_approval"),
    *approval_paths(EXPENSE_PAGES, "expenses/approval/", "undo_expense_approval"),
    *grid_paths(RECORD_INVOICING, "records/invoicing/"),
    path("records/invoicing/make/", invoicing_views.invoicing_window, name="invoice_records"),
    path("records/invoicing/make/confirm/", invoicing_views.invoicing_confirm, name="invoice_records_confirm"),
    path("records/<int:pk>/detail/", work_detail.record_detail, name="record_detail_row"),
    path("expenses/<int:pk>/detail/", work_detail.expense_detail, name="expense_detail_row"),
    path("approvals/", approval_batch_views.approval_batches, name="approval_batches"),
    path("approvals/<int:number>/", approval_batch_views.approval_batch, name="approval_batch"),
]
