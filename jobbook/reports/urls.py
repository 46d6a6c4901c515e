"""Addresses of the dashboard."""

from django.urls import path

from jobbook.reports import views
from jobbook.reports.trail.views import job_trail

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("news/", views.dashboard_news, name="dashboard_news"),
    path("jobs/<int:pk>/trail/", job_trail, name="job_trail"),
]
