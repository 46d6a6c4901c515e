"""The Celery application: workers and beat ring on the same run code as `manage.py run_exports`."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from jobbook.common.start import refuse_to_start_on_errors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobbook.settings")

app = Celery("jobbook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def check_settings(**_: object) -> None:
    """Stop a worker or beat whose settings or database are not fit."""
    refuse_to_start_on_errors()
