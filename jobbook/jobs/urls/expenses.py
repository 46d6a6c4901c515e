"""Addresses of expenses and their receipts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
