"""Addresses of clients, jobs and rate sheets."""

from django.urls import path, re_path

from jobbook.jobs.pages import clients, job_page, jobs, progress_acts, rates

urlpatterns = [
    path("clients/", clients.client_list, name="client_list"),
    path("clients/new/", clients.client_new, name="client_new"),
    path("clients/<int:pk>/", clients.client_page, name="client_page"),
    path("clients/<int:pk>/edit/", clients.client_edit, name="client_edit"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/new/", jobs.job_new, name="job_new"),
    path("jobs/<int:pk>/", job_page.job_page, name="job_page"),
    path("jobs/<int:pk>/edit/", jobs.job_edit, name="job_edit"),
    path("jobs/<int:pk>/clone/", jobs.job_clone, name="job_clone"),
    path("jobs/<int:pk>/progress/", progress_acts.job_progress, name="job_progress"),
    re_path(
        r"^jobs/progress/(?P<kind>contract|percent)/(?P<pk>[0-9]{1,18})/delete/$",
        progress_acts.job_progress_delete,
        name="job_progress_delete",
    ),
    path("rate-sheets/", rates.rate_sheet_list, name="rate_sheet_list"),
    path("rate-sheets/new/", rates.rate_sheet_new, name="rate_sheet_new"),
    path("rate-sheets/<int:pk>/edit/", rates.rate_sheet_edit, name="rate_sheet_edit"),
    path("rate-sheets/<int:pk>/clone/", rates.rate_sheet_clone, name="rate_sheet_clone"),
    path("rate-sheets/<int:pk>/pdf/", rates.rate_sheet_pdf, name="rate_sheet_pdf"),
]
