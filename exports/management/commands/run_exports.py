"""The embedded worker: builds the files of runs without a broker."""

import logging
import signal
import time
from collections.abc import Iterable
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from exports import runs
from exports.sweep import Sweeper
from exports.work import work_on
from invoices.pdf.prerender import render_missing
from jobbook.common.failpoints import failpoint
from jobbook.jobs.unused_files import remove_unused

POLL = 0.2  # seconds
PAUSE = 1.0  # seconds to wait for a database that does not answer
HOUR = 3600.0
LOOK_AHEAD = 2.0  # seconds between two looks for PDFs to render, while there are none
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Build the files of export runs: polls the table every 0.2 s until it is told to stop (SIGTERM, Ctrl-C)."

    stopping = False
    next_look = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="build what waits, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        sweepers = (Sweeper(), Sweeper(remove_unused, HOUR))
        while not self.stopping:
            try:
                busy = self.turn(sweepers) or (not once and self.render_ahead())
            except (DatabaseError, InterfaceError) as error:
                log.warning("the database does not answer, trying again: %s", error)
                connection.close()
                time.sleep(PAUSE)
                continue
            if once and not busy:
                return
            if not busy:
                close_old_connections()
                time.sleep(POLL)

    def turn(self, sweepers: Iterable[Sweeper]) -> bool:
        """Sweep when it is time, and build one run; whether there was one."""
        failpoint("worker.turn")
        for sweeper in sweepers:
            sweeper.turn()
        return self.work()

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the present document, give the run back, end."""
        self.stopping = True

    def render_ahead(self) -> bool:
        """Idle: render a PDF that an invoice of the Admin Queue lacks; whether there was one."""
        if time.monotonic() < self.next_look:
            return False
        rendered = bool(render_missing(1))
        if not rendered:
            self.next_look = time.monotonic() + LOOK_AHEAD
        return rendered

    def work(self) -> bool:
        """Build one run that waits, the oldest first; whether there was one."""
        run_id = runs.waiting().values_list("pk", flat=True).first()
        if run_id is None:
            return False
        run = work_on(run_id, lambda: self.stopping)
        if run is not None:
            self.stdout.write(f"Run {run.number}: {run.get_state_display()} {run.error}".rstrip())
        return True
