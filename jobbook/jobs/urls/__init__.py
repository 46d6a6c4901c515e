"""Addresses of clients and jobs, what is billed, and the work recorded."""

from django.urls import include, path

urlpatterns = [
    path("", include("jobbook.jobs.urls.setup")),
    path("", include("jobbook.jobs.urls.clients")),
    path("", include("jobbook.jobs.urls.records")),
    path("", include("jobbook.jobs.urls.expenses")),
]
