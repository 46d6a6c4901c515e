"""The embedded worker: builds the files of runs without a broker."""

import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from exports import runs
from exports.sweep import Sweeper
from exports.work import work_on
from invoices.pdf.prerender import render_missing

POLL = 0.2  # seconds


class Command(BaseCommand):
    help = "Build the files of export runs: polls the table every 0.2 s until it is told to stop (SIGTERM, Ctrl-C)."

    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="build what waits, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        sweeper = Sweeper()
        while not self.stopping:
            sweeper.turn()
            worked = self.work()
            if once and not worked:
                return
            if not worked and not self.render_ahead():
                close_old_connections()
                time.sleep(POLL)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the present document, give the run back, end."""
        self.stopping = True

    def render_ahead(self) -> bool:
        """Idle: render a PDF that an invoice of the Admin Queue lacks; whether there was one."""
        return bool(render_missing(1))

    def work(self) -> bool:
        """Build one run that waits, the oldest first; whether there was one."""
        run_id = runs.waiting().values_list("pk", flat=True).first()
        if run_id is None:
            return False
        run = work_on(run_id, lambda: self.stopping)
        if run is not None:
            self.stdout.write(f"Run {run.number}: {run.get_state_display()} {run.error}".rstrip())
        return True
