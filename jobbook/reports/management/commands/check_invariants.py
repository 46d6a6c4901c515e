"""`manage.py check_invariants`: run every check of the data; exit 1 with a line per violation."""

from typing import Any

from django.core.management.base import BaseCommand

from exports.invariants import INVARIANTS as OF_EXPORTS
from invoices.invariants import INVARIANTS as OF_INVOICES
from jobbook.common.invariants import INVARIANTS as OF_AUDIT
from jobbook.jobs.invariants import INVARIANTS as OF_JOBS
from jobbook.reports.invariants import INVARIANTS as OF_REPORTS

ALL = (*OF_AUDIT, *OF_JOBS, *OF_INVOICES, *OF_EXPORTS, *OF_REPORTS)


def violations() -> list[str]:
    """Every violation in words, the code of its rule first."""
    return [f"{rule.code}: {text}" for rule in ALL for text in rule.violations()]


class Command(BaseCommand):
    help = "Checks that the data keep every promise. Reads only; exit status 1 if anything is violated."

    def handle(self, *args: Any, **options: Any) -> None:
        found = violations()
        for line in found:
            self.stderr.write(line)
        self.stdout.write(f"{len(ALL)} invariants, {len(found)} violations")
        if found:
            raise SystemExit(1)
