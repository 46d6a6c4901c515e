"""Addresses of the dashboard."""

from django.urls import path

from jobbook.reports import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("news/", views.dashboard_news, name="dashboard_news"),
]
