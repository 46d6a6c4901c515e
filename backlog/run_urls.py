"""The addresses of export runs, below runs/."""

from django.urls import path

from backlog import run_confirm, run_files, run_manifest, run_pages, run_references, sent_views

urlpatterns = [
    path("", run_pages.run_list, name="run_list"),
    path("<uuid:pk>/", run_pages.run_page, name="run_page"),
    path("sent/<int:pk>/", sent_views.invoice_sent, name="invoice_sent"),
    path("<uuid:pk>/progress/", run_pages.run_progress, name="run_progress"),
    path("<uuid:pk>/cancel/", run_pages.run_cancel, name="run_cancel"),
    path("<uuid:pk>/retry/", run_pages.run_retry, name="run_retry"),
    path("<uuid:pk>/retry-failed/", run_pages.run_retry_failed, name="run_retry_failed"),
    path("<uuid:pk>/make-again/", run_pages.run_make_again, name="run_make_again"),
    path("<uuid:pk>/confirm/", run_confirm.run_confirm, name="run_confirm"),
    path("<uuid:pk>/download/", run_files.run_download, name="run_download"),
    path("<uuid:pk>/manifest/", run_files.run_manifest, name="run_manifest"),
    path("<uuid:pk>/manifest/print/", run_manifest.run_manifest_page, name="run_manifest_page"),
    path("<uuid:pk>/references/", run_references.run_references, name="run_references"),
]
