"""Addresses of clients, jobs and rate sheets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
