"""`manage.py process_invoices (--admin-queue | --invoice NUMBER ...) --by EMAIL`: the page's Process, for scripts."""

from argparse import ArgumentParser
from typing import Any

from invoices.command_line import BatchCommand, add_selection, only_in, selected, user_named
from invoices.intents import PROCESS, make_intent
from invoices.models import Queue
from invoices.transitions import process_invoices
from jobbook.accounts.roles import Permission
from jobbook.common.money import format_money


class Command(BatchCommand):
    help = "Marks invoices processed, all or none of them, as one batch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_selection(parser)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the administrator who does it")

    def act(self, **options: Any) -> None:
        user = user_named(options["by"], Permission.PROCESS)
        rows = selected(options)
        only_in(rows, Queue.ADMIN)
        batch = process_invoices(make_intent(user=user, action=PROCESS, invoices=rows).pk, by=user).batch
        noun = "invoice" if batch.count == 1 else "invoices"
        self.stdout.write(f"Batch {batch.number}: {batch.count} {noun}, {format_money(batch.total)}")
