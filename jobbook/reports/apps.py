from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jobbook.reports"
    label = "reports"
