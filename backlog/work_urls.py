"""Addresses of the backlogs of work: DWR approval, DWR invoicing, expense approval."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
