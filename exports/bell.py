"""Ringing for a worker. The row is the truth: a bell that is not heard costs seconds, never a run."""

import logging
import uuid

from celery import current_app
from django.conf import settings

from jobbook.common.failpoints import failpoint

log = logging.getLogger(__name__)
RUN = "exports.run"


def ring(run_id: uuid.UUID) -> bool:
    """Tell the workers, if there is a broker, that this run waits. Never raises; the sweeper rings again."""
    if not settings.CELERY_BROKER_URL:
        return False
    failpoint("outbox.before_publish")
    try:
        current_app.send_task(RUN, args=[str(run_id)], retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker has, the page answers
        log.warning("run %s waits for the sweeper: the broker does not answer (%s)", run_id, error)
        return False
    return True
