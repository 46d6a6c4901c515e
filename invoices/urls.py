"""Addresses of invoices."""

from django.urls import path

from invoices import views

urlpatterns = [
    path("invoices/<int:pk>/pdf/", views.invoice_pdf, name="invoice_pdf"),
    path("invoices/<int:pk>/ticket/", views.invoice_ticket, name="invoice_ticket"),
]
