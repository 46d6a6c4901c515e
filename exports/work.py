"""Building the file of one run: the same code in the embedded loop, in Celery and in the batch commands.

Freeze what is sent, write, sync, hash, read the totals back, compare, rename, publish. A cent of difference, a
changed invoice or a lost right fails the run; nothing is then served.
"""

import errno
import json
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from exports import files, manifest, profiles, runs, snapshot
from exports.formats import get_format
from exports.formats.base import (
    CompanyFacts,
    Context,
    ControlTotals,
    Format,
    FormatError,
    Interrupted,
    Problem,
)
from exports.manifest import Tally
from exports.models import ExportItem, ExportRun, RunState
from invoices.document import InvoiceData
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.audit import CommandLine, Operation
from jobbook.common.failpoints import failpoint
from jobbook.common.ids import IdSet
from jobbook.common.money import money_sum
from jobbook.common.words import some_of
from jobbook.jobs.models import Company

log = logging.getLogger(__name__)
BEAT = 0.5  # seconds between two heartbeats
NAMED = 20  # invoices or problems in the reason of a failure


class Stopping(Interrupted):
    """The worker was told to stop: the run goes back to the queue."""


class Unfit(Exception):
    """The run cannot be built; the message is for the user, and another attempt would not help."""


Stop = Callable[[], bool]


def never() -> bool:
    return False


def work_on(run_id: uuid.UUID | str, stop: Stop = never) -> ExportRun | None:
    """Claim and build one run. None when another worker has it; else the row as it then is."""
    run = runs.claim(run_id)
    if run is None:
        log.debug("run %s is not to be had: taken, finished or unknown", run_id)
        return None
    log.debug("run %s: attempt %s, fence %s", run.number, run.attempts, run.fence)
    try:
        with timezone.override(Company.current().zone):  # a day in the file is the day the pages show
            _build(run, stop)
    except runs.Superseded:
        log.warning("run %s: fence %s is no longer the newest, nothing published", run.number, run.fence)
    except Stopping:
        runs.give_back(run)
    except Unfit as error:
        runs.refuse(run, str(error))
    except SoftTimeLimitExceeded as error:
        runs.attempt_failed(run, error, "It took longer than the time limit.")
    except OSError as error:
        _disk(run, error)
    except Exception as error:
        log.exception("run %s: attempt %s failed", run.number, run.attempts)
        runs.attempt_failed(run, error, f"The file could not be built ({type(error).__name__}).")
    ended = ExportRun.objects.get(pk=run.pk)
    if ended.state == RunState.FAILED:
        files.remove_attempts_before(run.pk, ended.fence + 1)
    return ended


def _disk(run: ExportRun, error: OSError) -> None:
    log.error("run %s: attempt %s failed", run.number, run.attempts, exc_info=error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        runs.refuse(run, "There is no space left for the file.")
    else:
        runs.attempt_failed(run, error, f"The file could not be written ({error.strerror or error}).")


class Pulse:
    """Heartbeats at most every half second: a new lease, the count, and whether to stop."""

    def __init__(self, run: ExportRun, stop: Stop) -> None:
        self.run, self.stop = run, stop
        self.last = time.monotonic()

    def __call__(self, done: int | None = None) -> None:
        if self.stop():
            raise Stopping
        now = time.monotonic()
        if now - self.last >= BEAT:
            self.last = now
            runs.renew(self.run, done)


def _build(run: ExportRun, stop: Stop) -> None:
    files.remove_attempts_before(run.pk, run.fence)
    format_ = get_format(run.format)
    pulse = Pulse(run, stop)
    again = bool(run.sha256)
    if not again:
        _check_rights(run)
    _freeze(run, pulse)
    tally, failed = Tally(), _failed_before(run)
    temporary = files.write_temporary(run, partial(_write, run, format_, tally, failed, pulse))
    try:
        totals = _describe(run, format_, temporary, tally, _expected(run, failed), pulse)
        run.file = files.relative_path(run, format_.file_type(profiles.of_run(run))[0])
        final = files.put_in_place(temporary, run.file)
    finally:
        temporary.unlink(missing_ok=True)
    try:
        _publish(run, tally, totals, failed, again=again)
    except (runs.Superseded, Unfit):
        final.unlink(missing_ok=True)
        raise  # after any other error the commit may have happened: then the row needs its file
    failpoint("run.after_publish")


def _check_rights(run: ExportRun) -> None:
    """Whoever asked must still be active, allowed to export, and allowed to see every invoice of the run."""
    if run.requested_by_id is None:
        return
    user = User.objects.get(pk=run.requested_by_id)  # read again: it may have changed while the file was written
    if not user.can(Permission.EXPORT):
        raise Unfit(f"{user.name} may no longer {Permission.EXPORT}.")
    seen = Invoice.objects.visible_to(user).filter(pk=OuterRef("invoice_id"))
    if run.items.filter(~Exists(seen)).exists():
        raise Unfit(f"{user.name} may no longer see every invoice of this run.")


def _freeze(run: ExportRun, pulse: Pulse) -> None:
    """Freeze the documents. A file made again keeps those of the first time."""
    try:
        snapshot.freeze_items(run, pulse)
    except snapshot.Changed as error:
        raise Unfit(f"Changed after the export was asked for: {some_of(error.numbers, NAMED)}.") from error


def _failed_before(run: ExportRun) -> dict[int, str]:
    """For a file made again: what the first one could not hold, and why."""
    return dict(run.items.exclude(problem="").values_list("invoice_id", "problem")) if run.sha256 else {}


def _expected(run: ExportRun, failed: dict[int, str]) -> ControlTotals:
    """The sums that the database has for the documents in the file; made again, those of the first time."""
    if run.sha256:
        return ControlTotals(run.item_count - len(failed), run.total or manifest.ZERO, run.net, run.tax)
    rows = run.items.filter(problem="").exclude(invoice_id__in=IdSet(failed))
    sums = rows.aggregate(
        count=Count("pk"),
        net=money_sum("invoice__subtotal"),
        tax=money_sum("invoice__tax"),
        total=money_sum("invoice__total"),
    )
    return ControlTotals(sums["count"], sums["total"], sums["net"], sums["tax"])


def _write(run: ExportRun, format_: Format, tally: Tally, failed: dict[int, str], pulse: Pulse, out: BinaryIO) -> None:
    ctx = Context(run.number, company_facts(run), profiles.of_run(run), pulse, failed)
    try:
        format_.write(out, _documents(run, format_, tally, ctx), ctx)
    except FormatError as error:
        _note_problems(run, error.problems)
        raise Unfit(
            f"{len(error.problems)} problems: {some_of([str(each) for each in error.problems], NAMED)}"
        ) from error


def _documents(run: ExportRun, format_: Format, tally: Tally, ctx: Context) -> Iterator[InvoiceData]:
    """The frozen documents, each checked on its way into the file, and added up once it is in there.

    All problems are raised at once.
    """
    found: list[Problem] = []
    for item, text in snapshot.sent_texts(run, failed=bool(run.sha256)):
        invoice = snapshot.thaw(text)
        if invoice.id not in ctx.failed:
            found += [each for each in format_.problems(invoice, ctx.profile) if not each.is_warning]
        if not found:
            yield invoice
        if invoice.id not in ctx.failed:
            tally.add(item, text, invoice, format_, ctx.profile)
    if found:
        raise FormatError(found)


def _note_problems(run: ExportRun, problems: list[Problem]) -> None:
    """Keep on each item why it cannot be in the file: trying again leaves it out."""
    for problem in problems:
        ExportItem.objects.filter(run=run, invoice_id=problem.invoice_id).update(problem=str(problem))


def _describe(
    run: ExportRun, format_: Format, path: Path, tally: Tally, expected: ControlTotals, pulse: Pulse
) -> ControlTotals:
    """Hash, size and totals read back from the bytes; Unfit unless they are those of documents and database."""
    digest = files.sha256_of(path, pulse)
    if run.sha256 and digest != run.sha256:
        raise Unfit("The file made again differs from the one that was exported; it is not offered.")
    try:
        totals = format_.read_totals(path, profiles.of_run(run))
    except ValueError as error:
        raise Unfit(f"The file cannot be read back: {error}") from error
    wrong = manifest.differences(tally.totals, totals)
    for name in ("count", "net", "tax", "total"):
        if getattr(expected, name) != getattr(tally.totals, name):
            wrong.append(
                f"{name}: the database has {getattr(expected, name)}, the documents {getattr(tally.totals, name)}"
            )
    if wrong:
        raise Unfit(f"The file does not have the totals of the selection ({'; '.join(wrong)}).")
    run.sha256, run.size = digest, path.stat().st_size
    run.net, run.tax, run.total = tally.net, tally.tax, tally.total
    extension, run.content_type = format_.file_type(profiles.of_run(run))
    run.name = file_name(run, format_, extension)
    return totals


def _note_failed(run: ExportRun, failed: dict[int, str]) -> None:
    """One statement a reason: many documents fail for the same."""
    ids: dict[str, list[int]] = defaultdict(list)
    for invoice_id, reason in failed.items():
        ids[reason].append(invoice_id)
    for reason, same in ids.items():
        run.items.filter(invoice_id__in=IdSet(same)).update(problem=reason)


def _publish(run: ExportRun, tally: Tally, totals: ControlTotals, failed: dict[int, str], *, again: bool) -> None:
    """One transaction: audit, the row, what could not be in the file, and the marks on the invoices."""
    failpoint("run.before_publish")
    with transaction.atomic(durable=True):
        operation = Operation(run.requested_by or CommandLine(), "export.remake" if again else "export.ready")
        runs.lock(run)
        if not again:
            _check_rights(run)
            _note_failed(run, failed)
            head = (operation.head.number, operation.head.hash)
            run.manifest = manifest.build(run, company_facts(run), tally, totals, head=head, at=operation.at)
            if get_format(run.format).marks_exported:
                runs.mark_exported(run, operation.at)
        runs.publish(run, operation, done=tally.count)
        operation.item("export_run", run.number).save(force_insert=True)
        operation.close(
            run=run.number,
            format=run.format,
            count=tally.count,
            total=tally.total,
            sha256=run.sha256,
            manifest=snapshot.digest(run.manifest),
        )
    failpoint("run.after_commit")


def company_facts(run: ExportRun) -> CompanyFacts:
    """The firm as it is; for a file made again, as it was the first time."""
    if run.manifest:
        return CompanyFacts(**json.loads(run.manifest)["company"])
    company = Company.current()
    return CompanyFacts(company.name, company.currency, company.paper)


def file_name(run: ExportRun, format_: Format, extension: str) -> str:
    """What the browser saves it as: invoices-run-12.csv."""
    return f"{format_.stem}-run-{run.number}.{extension}"
