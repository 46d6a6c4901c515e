"""The addresses of the accounting set-up, below setup/accounting/."""

from django.urls import path

from backlog.accounting import list_page, mapping_page, overview, settings_page

urlpatterns = [
    path("", overview.accounting, name="accounting"),
    path("<slug:slug>/settings/", settings_page.accounting_settings, name="accounting_settings"),
    path("<slug:slug>/<slug:kind>/", mapping_page.accounting_mapping, name="accounting_mapping"),
    path("<slug:slug>/<slug:kind>/list/", list_page.accounting_list, name="accounting_list"),
    path("<slug:slug>/<slug:kind>/accept/", list_page.accounting_accept, name="accounting_accept"),
]
