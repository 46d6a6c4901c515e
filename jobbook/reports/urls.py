"""Addresses of the dashboard and the reports of time and expenses."""

from django.urls import path

from jobbook.reports import views
from jobbook.reports.work.views import work_report

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("reports/<slug:slug>/", work_report, name="work_report"),
]
