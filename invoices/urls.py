"""Addresses of invoices."""

from django.urls import path

from invoices import attachment_views, credit_views, form_views, views

urlpatterns = [
    path("invoices/new/", form_views.invoice_new, name="invoice_new"),
    path("invoices/new/totals/", form_views.invoice_new_totals, name="invoice_new_totals"),
    path("invoices/<int:pk>/edit/", form_views.invoice_edit, name="invoice_edit"),
    path("invoices/<int:pk>/totals/", form_views.invoice_totals, name="invoice_totals"),
    path("invoices/<int:pk>/credit/", credit_views.invoice_credit, name="invoice_credit"),
    path("invoices/<int:pk>/pdf/", views.invoice_pdf, name="invoice_pdf"),
    path("invoices/<int:pk>/ticket/", views.invoice_ticket, name="invoice_ticket"),
    path("invoices/<int:pk>/attach/", attachment_views.invoice_attach, name="invoice_attach"),
    path("attachments/<int:pk>/", attachment_views.invoice_attachment, name="invoice_attachment"),
    path("attachments/<int:pk>/remove/", attachment_views.invoice_detach, name="invoice_detach"),
]
