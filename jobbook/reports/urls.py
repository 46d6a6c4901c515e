"""Addresses of the dashboard."""

from django.urls import path

from jobbook.reports import views

urlpatterns = [path("", views.dashboard, name="dashboard")]
