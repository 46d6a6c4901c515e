"""`manage.py undo_process_batch NUMBER --by EMAIL`: the page's Undo Last Process Batch, for scripts."""

from argparse import ArgumentParser
from typing import Any

from invoices.command_line import BatchCommand, user_named
from invoices.models import ProcessBatch
from invoices.undo import undo_batch, undo_intent
from jobbook.accounts.roles import Permission
from jobbook.common.errors import Refused
from jobbook.common.money import format_money


class Command(BatchCommand):
    help = "Returns the invoices of the last process batch to the Admin Queue, all or none of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="the number of the batch, which must be the last one")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the administrator who does it")

    def act(self, **options: Any) -> None:
        user = user_named(options["by"], Permission.PROCESS)
        batch = ProcessBatch.objects.filter(number=options["number"]).first()
        if batch is None:
            raise Refused(f"There is no batch {options['number']}.")
        intent = undo_intent(user=user, batch=batch)
        undone = undo_batch(intent.pk, by=user)
        noun = "invoice" if undone.count == 1 else "invoices"
        self.stdout.write(f"Batch {batch.number} undone: {undone.count} {noun}, {format_money(intent.total)}")
