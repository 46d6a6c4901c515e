"""Runs for tests: asked for, and built in this process by the worker's own code."""

from datetime import timedelta

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.clock import database_now
from tests.factories import make_invoice, make_user


def asked(by: User | None = None, *, count: int = 3) -> ExportRun:
    """A csv run of `count` new invoices of 158.08."""
    for _ in range(count):
        make_invoice(amounts=["100.00", "50.55"])
    return start_run(slug="csv", invoices=Invoice.objects.all(), by=by or make_user())


def built(by: User | None = None, *, count: int = 3) -> ExportRun:
    run = asked(by, count=count)
    work_on(run.pk)
    return fresh(run)


def fresh(run: ExportRun) -> ExportRun:
    """The row as it is now."""
    return ExportRun.objects.get(pk=run.pk)


def lease_ran_out(run: ExportRun) -> None:
    """As if its worker had been silent for a minute."""
    ExportRun.objects.filter(pk=run.pk).update(lease_until=database_now() - timedelta(seconds=1))


def waited(run: ExportRun) -> float:
    """Seconds from asking to the start of the work."""
    run = fresh(run)
    assert run.started_at is not None
    return (run.started_at - run.created_at).total_seconds()
