"""`manage.py seed_demo`: a made-up firm in an empty database, to look at and to measure."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from invoices.models import Invoice, Queue
from jobbook.common.errors import Refused
from jobbook.common.money import format_money, money_sum
from jobbook.transfer.demo import logins, names
from jobbook.transfer.demo.plan import DEFAULT, Size
from jobbook.transfer.demo.runs import make_runs
from jobbook.transfer.demo.seed import Seeding, occupants, seed_demo


class Command(BaseCommand):
    help = "Fill an empty database with a made-up field-service firm, and print its log-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--invoices", type=int, default=DEFAULT, help=f"documents in all (default {DEFAULT})")
        parser.add_argument("--admin-queue", type=int, help="of them in the Admin Queue (default: about 47)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed and day make the same data (default 1)")
        parser.add_argument("--today", type=date.fromisoformat, help="the day ages count from (default: today)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing in a database that has data")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and occupants():
            return
        if options["invoices"] < 1:
            raise CommandError("--invoices: at least 1.", returncode=2)
        try:
            size = Size.of(options["invoices"], options["admin_queue"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from None
        today = options["today"] or datetime.now(ZoneInfo(names.COMPANY["time_zone"])).date()
        try:
            lines = seed_demo(Seeding(size, options["seed"], today))
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        try:
            make_runs(today)
        except Refused as refusal:
            self.stderr.write(f"The demo has no exports: {refusal}")
        self._report(lines)

    def _report(self, lines: list[str]) -> None:
        for queue in Queue:
            rows = Invoice.objects.filter(queue=queue)
            total = format_money(rows.aggregate(total=money_sum("total"))["total"])
            self.stdout.write(f"{queue.label}: {rows.count():,} invoices, {total}")
        self.stdout.write(f"Demo log-ins (role, e-mail, password), also in {logins.path()}:")
        for line in lines:
            self.stdout.write(f"  {line}")
