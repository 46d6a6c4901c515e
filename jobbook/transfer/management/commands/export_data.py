"""manage.py export_data FOLDER: see docs/data-import.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobbook.transfer.exporting import run_export


class Command(BaseCommand):
    """Exit 0: done. 1: a file could not be written. 2: wrong use."""

    help = "Write the firm's data as a folder of CSV files that import_data reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="made if it is not there; files of the same names are replaced")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.", returncode=2)
        try:
            counts = run_export(folder)
        except OSError as error:
            raise CommandError(f"Nothing was replaced: {error}", returncode=1) from error
        self.stdout.write("; ".join(f"{name}: {count}" for name, count in counts.items()))
