"""Addresses of the dashboard and of the reports."""

from django.urls import path

from backlog.grid.views import grid_paths
from jobbook.reports import views
from jobbook.reports.active_jobs.detail import job_invoices
from jobbook.reports.active_jobs.grid import ACTIVE_JOBS

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    *grid_paths(ACTIVE_JOBS, "jobs/active/"),
    path("jobs/active/<int:pk>/", job_invoices, name="active_job_row"),
]
