"""Addresses of the set-up pages: company, offices, employees, items, taxes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
