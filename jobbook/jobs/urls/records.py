"""Addresses of daily work records."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
