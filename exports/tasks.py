"""What Celery calls. A message carries a run's id and nothing else; the rest is read from the database."""

from celery import shared_task

from exports.bell import RUN
from exports.sweep import sweep as sweep_once
from exports.work import work_on


@shared_task(name=RUN, ignore_result=True)
def run(run_id: str) -> None:
    work_on(run_id)


@shared_task(name="exports.sweep", ignore_result=True)
def sweep() -> None:
    sweep_once()
