"""Addresses of the set-up pages: company, offices, employees, items, taxes."""

from django.urls import URLPattern, path

from jobbook.common.record_pages import RecordPages
from jobbook.jobs.views import company, setup


def pages_at(folder: str, pages: RecordPages) -> list[URLPattern]:
    """The list, "new" and one record of a kind."""
    extra = {"pages": pages}
    return [
        path(f"setup/{folder}/", setup.record_list, extra, name=f"{pages.slug}_list"),
        path(f"setup/{folder}/new/", setup.record_new, extra, name=f"{pages.slug}_new"),
        path(f"setup/{folder}/<int:pk>/", setup.record_edit, extra, name=f"{pages.slug}_edit"),
    ]


urlpatterns: list[URLPattern] = [
    path("setup/", setup.setup, name="setup"),
    path("setup/company/", company.company, name="company"),
    path("setup/company/logo/", company.company_logo, name="company_logo"),
    *pages_at("offices", setup.OFFICES),
    *pages_at("employees", setup.EMPLOYEES),
    *pages_at("items", setup.ITEMS),
    *pages_at("taxes", setup.TAXES),
]
