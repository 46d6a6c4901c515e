"""The address of the import page."""

from django.urls import path

from jobbook.transfer import views

urlpatterns = [path("setup/import/", views.import_page, name="import_page")]
