from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobbook.jobs"
    label = "jobs"
