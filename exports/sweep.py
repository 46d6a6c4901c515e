"""Keeping runs alive: ring again for those that wait, fail the exhausted, expire old files, remove what died."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q

from exports import files, runs
from exports.bell import ring
from exports.models import ExportRun
from jobbook.common.clock import database_now

log = logging.getLogger(__name__)

UNHEARD = timedelta(seconds=3)  # after asking, before the first new bell; with 5 between two rounds it starts within 10
AGAIN = timedelta(seconds=20)  # between two bells for one run


def sweep() -> int:
    """One round; how many runs were rung for. Two sweepers at once do no harm."""
    _fail_exhausted()
    rung = _ring_waiting()
    for run in runs.expire():
        files.remove(run)
        log.info("run %s: its file expired and was removed", run.number)
    files.remove_stale()
    return rung


def _fail_exhausted() -> None:
    """A fourth claim makes a run failed: its workers died three times."""
    for run in runs.waiting().filter(attempts__gte=runs.ATTEMPTS)[:100]:
        runs.claim(run.pk)


def _ring_waiting() -> int:
    """The heartbeat of a run that nobody works on is the time of its last bell."""
    now = database_now()
    unheard = Q(created_at__lt=now - UNHEARD) & (Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=now - AGAIN))
    rung = 0
    for run in runs.waiting().filter(unheard)[:500]:
        if not ring(run.pk):
            break  # no broker, or one that does not answer: the next round tries again
        ExportRun.objects.filter(pk=run.pk, fence=run.fence).update(heartbeat_at=now)
        rung += 1
    return rung


class Sweeper:
    """Sweeps at most every `every` seconds, for a loop that turns faster."""

    def __init__(self, sweep: Callable[[], int] = sweep, every: float = 5.0) -> None:
        self.sweep, self.every = sweep, every
        self.last: float | None = None

    def turn(self) -> None:
        if self.last is None or time.monotonic() - self.last >= self.every:
            self.last = time.monotonic()
            self.sweep()
