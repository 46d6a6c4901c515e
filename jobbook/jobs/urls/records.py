"""Addresses of daily work records."""

from django.urls import path, re_path

from jobbook.jobs.views import record_acts, record_pdf, records

urlpatterns = [
    path("records/", records.record_list, name="record_list"),
    path("records/new/", records.record_new, name="record_new"),
    path("records/<int:pk>/", records.record_page, name="record_page"),
    path("records/<int:pk>/edit/", records.record_edit, name="record_edit"),
    path("records/<int:pk>/pdf/", record_pdf.record_pdf, name="record_pdf"),
    re_path(
        r"^records/(?P<pk>[0-9]{1,18})/(?P<slug>submit|delete|send-back|reopen)/$",
        record_acts.record_act,
        name="record_act",
    ),
]
