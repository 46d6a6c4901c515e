"""The pages over invoices: the backlog, the list, an invoice, batches, runs."""

from django.urls import include, path, re_path

from backlog import (
    batch_views,
    export_views,
    help_pages,
    invoice_acts,
    invoice_detail,
    invoice_page,
    invoice_reference,
    job_news,
    news,
    process_views,
)
from backlog.grid.views import grid_paths
from backlog.invoice_act_table import BY_SLUG as ACTS_BY_SLUG
from backlog.invoice_list import INVOICE_LIST
from backlog.invoice_processing import INVOICE_PROCESSING

urlpatterns = [
    *grid_paths(INVOICE_PROCESSING, "invoices/backlog/"),
    *grid_paths(INVOICE_LIST, "invoices/"),
    path("invoices/<int:pk>/", invoice_page.invoice_page, name="invoice_page"),
    path("invoices/<int:pk>/detail/", invoice_detail.invoice_detail, name="invoice_detail_row"),
    path("invoices/<int:pk>/reference/", invoice_reference.invoice_reference, name="invoice_reference"),
    re_path(
        rf"^invoices/(?P<pk>[0-9]{{1,18}})/(?P<slug>{'|'.join(ACTS_BY_SLUG)})/$",
        invoice_acts.invoice_act,
        name="invoice_act",
    ),
    path("invoices/backlog/process/", process_views.process_window, name="process_window"),
    path("invoices/backlog/process/confirm/", process_views.process_confirm, name="process_confirm"),
    path("invoices/backlog/undo/", process_views.undo_window, name="undo_window"),
    path("invoices/backlog/undo/confirm/", process_views.undo_confirm, name="undo_confirm"),
    path("batches/", batch_views.process_batches, name="process_batches"),
    path("batches/<int:number>/", batch_views.process_batch, name="process_batch"),
    path("invoices/backlog/export/", export_views.export_window, name="export_window"),
    path("invoices/backlog/export/start/", export_views.export_start, name="export_start"),
    path("invoices/backlog/pdfs/", export_views.pdf_window, name="pdf_window"),
    path("invoices/backlog/pdfs/preview/", export_views.pdf_preview, name="pdf_preview"),
    path("runs/", include("backlog.run_urls")),
    path("setup/accounting/", include("backlog.accounting.urls")),
    path("jobs/<int:pk>/news/", job_news.job_news, name="job_news"),
    path("notices/", news.notice_page, name="notices"),
    path("help/", help_pages.help_page, name="help"),
    path("help/formats/<slug:slug>/", help_pages.format_help, name="format_help"),
    path("help/formats/<slug:slug>/test-file/", help_pages.format_test_file, name="format_test_file"),
    path("", include("backlog.work_urls")),
]
