"""The pages over invoices: the backlog, the list, an invoice, batches, runs."""

from django.urls import path, re_path

from backlog import batch_views, invoice_acts, invoice_page

urlpatterns = [
    path("invoices/<int:pk>/", invoice_page.invoice_page, name="invoice_page"),
    path("invoices/<int:pk>/reference/", invoice_acts.invoice_reference, name="invoice_reference"),
    re_path(
        r"^invoices/(?P<pk>[0-9]+)/(?P<slug>process|untick|paid|unpaid)/$", invoice_acts.invoice_act, name="invoice_act"
    ),
    path("batches/", batch_views.process_batches, name="process_batches"),
    path("batches/<int:number>/", batch_views.process_batch, name="process_batch"),
]
