"""The project package. Loading the Celery application here lets every process ring for a worker."""

from jobbook.celery import app as celery_app

__all__ = ["celery_app"]
