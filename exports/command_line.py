"""What export_invoices and download_pdfs share: the same numbered run as the page's, built here, copied to --output."""

import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet

from exports import files
from exports.earlier import earlier_marks
from exports.formats import get_format
from exports.models import ExportRun, RunState
from exports.problems import find_problems
from exports.start import not_handed_over, start_run
from exports.work import work_on
from invoices.command_line import BatchCommand, add_selection, selected, user_named
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.audit import CommandLine
from jobbook.common.errors import Refusal, Refused
from jobbook.common.money import format_money


class FileCommand(BatchCommand):
    """A batch command that ends in a file. Subclasses name the format."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_selection(parser)
        parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="where the file goes")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator who asks; default: the command line")

    def make_file(self, slug: str, options: dict[str, Any]) -> None:
        output = options["output"]
        if not output.parent.is_dir() or output.is_dir():
            raise CommandError(f"{output} is not a place for a file.", returncode=2)
        by = user_named(options["by"], Permission.EXPORT) if options["by"] else CommandLine()
        rows = selected(options)
        if refusals := not_handed_over(rows):
            raise Refused("Nothing was exported.", refusals)
        refuse_problems(rows, slug)
        earlier = list(earlier_marks(rows)) if get_format(slug).marks_exported else []
        run = build_now(slug, rows, by)
        for mark in earlier:
            self.stderr.write(f"{mark.invoice.number}: exported before, run {mark.run.number}, {mark.exported_at:%F}")
        for item in run.items.exclude(problem="").select_related("invoice"):
            self.stderr.write(f"{item.invoice.number}: not in the file, {item.problem}")
        deliver(run, output)
        self.stdout.write(line_about(run))


def refuse_problems(rows: "QuerySet[Invoice]", slug: str) -> None:
    problems = list(find_problems(Invoice.objects.filter(pk__in=rows.values("pk")), slug))
    if problems:
        refusals = [Refusal(each.cause, f"{each.field}: {each.reason}", label=each.number) for each in problems]
        raise Refused("Nothing was exported.", refusals)


def build_now(slug: str, rows: "QuerySet[Invoice]", by: User | CommandLine) -> ExportRun:
    """Ask for the run and build it in this process, or wait for the worker that was quicker."""
    run = start_run(slug=slug, invoices=rows, by=by)
    while not run.is_finished:
        if work_on(run.pk) is None:
            time.sleep(0.2)
        run = ExportRun.objects.get(pk=run.pk)
    if run.state != RunState.SUCCEEDED:
        raise Refused(f"Run {run.number}: {run.error}")
    return run


def deliver(run: ExportRun, output: Path) -> None:
    """Copy the file and its manifest; at `output` there is the whole file or what was there before."""
    manifest = output.with_name(output.name + ".manifest.json")
    part = output.with_name(output.name + ".part")
    try:
        shutil.copyfile(files.verified(run), part)
        manifest.write_bytes(run.manifest.encode())  # byte for byte: the audit chain holds its SHA-256
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def line_about(run: ExportRun) -> str:
    noun = "invoice" if run.done == 1 else "invoices"
    sums = ", ".join(f"{name} {format_money(getattr(run, name))}" for name in ("net", "tax", "total"))
    return f"Run {run.number}: {run.done} {noun}, {sums}, SHA-256 {run.sha256}"
