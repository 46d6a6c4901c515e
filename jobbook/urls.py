"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jobbook.reports.urls")),
    path("", include("jobbook.accounts.urls")),
    path("", include("jobbook.jobs.urls")),
    path("", include("backlog.urls")),
    path("", include("invoices.urls")),
    path("", include("jobbook.transfer.urls")),
]

handler400 = "jobbook.common.views.bad_request"
handler403 = "jobbook.common.views.forbidden"
handler404 = "jobbook.common.views.not_found"
handler500 = "jobbook.common.views.server_error"
