"""`manage.py verify_export FILE MANIFEST`: exit 1 and a line for each thing that is not as it was exported."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exports import verify


class Command(BaseCommand):
    help = (
        "Checks an exported file against its manifest, and both against the audit chain: SHA-256, control totals read"
        " again from the bytes, the manifest's own hash, its audit head. Reads only; exit status 1 if anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the exported file, under any name")
        parser.add_argument("manifest", type=Path, metavar="MANIFEST", help="its manifest, as it was downloaded")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = options["manifest"].read_bytes()
            found = list(verify.problems(options["file"], manifest))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        for line in found:
            self.stderr.write(line)
        if found:
            raise SystemExit(1)
        self.stdout.write(verify.line_about(manifest))
