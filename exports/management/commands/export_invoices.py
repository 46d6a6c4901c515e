"""`manage.py export_invoices --format SLUG (--admin-queue | --invoice NUMBER ...) --output FILE [--by EMAIL]`."""

from argparse import ArgumentParser
from typing import Any

from exports.command_line import FileCommand
from exports.formats import accounting_formats


class Command(FileCommand):
    help = "Writes invoices to a file for accounting, with its manifest beside it: a numbered run like the page's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        slugs = [each.slug for each in accounting_formats()]
        parser.add_argument("--format", required=True, choices=slugs, help="the file format")

    def act(self, **options: Any) -> None:
        self.make_file(options["format"], options)
