"""Addresses of the dashboard and of the reports."""

from django.urls import path

from backlog.grid.views import grid_paths
from jobbook.reports import views
from jobbook.reports.active_jobs.detail import job_invoices
from jobbook.reports.active_jobs.grid import ACTIVE_JOBS
from jobbook.reports.kept import views as kept
from jobbook.reports.trail.views import job_trail
from jobbook.reports.wip import rows_views
from jobbook.reports.wip import views as wip
from jobbook.reports.work.views import work_report

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("news/", views.dashboard_news, name="dashboard_news"),
    *grid_paths(ACTIVE_JOBS, "jobs/active/"),
    path("jobs/active/<int:pk>/", job_invoices, name="active_job_row"),
    path("jobs/<int:pk>/trail/", job_trail, name="job_trail"),
    path("wip/", wip.wip_report, name="wip_report"),
    path("wip/news/", wip.wip_news, name="wip_news"),
    path("wip/keep/", kept.keep, name="keep_report"),
    path("wip/kept/", kept.kept_list, name="kept_list"),
    path("wip/kept/<int:number>/", kept.kept_report, name="kept_report"),
    path("wip/kept/<int:number>/<str:kind>/", kept.kept_file, name="kept_file"),
    path("wip/kept/<int:number>/against/today/", kept.kept_moved, name="kept_moved"),
    path("wip/files/<str:kind>/", wip.wip_file, name="wip_file"),
    path("wip/jobs/<int:pk>/", wip.wip_job, name="wip_job"),
    path("wip/work/", rows_views.wip_work, name="wip_work"),
    path("wip/work/<str:kind>/", rows_views.wip_work_file, name="wip_work_file"),
    path("wip/invoices/", rows_views.wip_invoices, name="wip_invoices"),
    path("wip/invoices/<str:kind>/", rows_views.wip_invoices_file, name="wip_invoices_file"),
    path("reports/<slug:slug>/", work_report, name="work_report"),
]
