"""manage.py import_data FOLDER [--dry-run] [--by EMAIL]: see docs/data-import.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.command_line import user_named
from jobbook.accounts.links import make_link
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.audit import Actor, CommandLine
from jobbook.common.errors import Refused
from jobbook.transfer.importing import ImportResult, run_import
from jobbook.transfer.layout import FILES


class Command(BaseCommand):
    """Exit 0: done. 1: problems, one a line on stderr, nothing written. 2: wrong use."""

    help = "Read a folder of CSV files, check all of it, and write everything or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with company.csv, clients.csv, invoices.csv ...")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator whose name the history gets")

    def handle(self, *args: Any, folder: Path, dry_run: bool, by: str | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.", returncode=2)
        files = {spec.name: folder / spec.name for spec in FILES if (folder / spec.name).is_file()}
        if not files:
            raise CommandError(f"{folder} has none of {', '.join(spec.name for spec in FILES)}.", returncode=2)
        actor = _actor(by)
        try:
            result = run_import(files, by=actor, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"Nothing was written: {error}", returncode=2) from error
        if result.problems:
            for problem in result.problems:
                self.stderr.write(str(problem), self.style.NOTICE)
            count = len(result.problems)
            raise CommandError(f"{count} {'problem' if count == 1 else 'problems'}; nothing was written.", returncode=1)
        self._report(result, dry_run=dry_run)

    def _report(self, result: ImportResult, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        else:
            for user in filter(_is_active, result.new_users):
                self.stdout.write(f"Invitation for {user.email}: {make_link(user)}")
        if result.batch_number:
            self.stdout.write(f"Batch {result.batch_number}: the documents that came in processed")
        self.stdout.write(result.summary)


def _actor(email: str | None) -> Actor:
    try:
        return user_named(email, Permission.ADMINISTER) if email else CommandLine()
    except Refused as refused:
        raise CommandError(str(refused), returncode=1) from refused


def _is_active(user: User) -> bool:
    """The link of somebody inactive would open nothing."""
    return user.is_active
