"""The life of a run in the database: claim, lease, fence, three attempts, one published file.

Every step is one UPDATE whose row count decides. A worker that was frozen and comes back holds an old fence: it can
neither report progress nor publish.
"""

import traceback
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from exports.formats import get_format
from exports.formats.base import Interrupted
from exports.models import UNFINISHED, ExportItem, ExportMark, ExportRun, RunState
from jobbook.common.audit import Actor, CommandLine, Operation, Origin
from jobbook.common.clock import database_now
from jobbook.common.errors import Refused
from jobbook.common.failpoints import failpoint

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
PAUSES = (timedelta(seconds=1), timedelta(seconds=5))  # after the first and the second failed attempt
WORKER_GONE = "The worker stopped three times while building this file."


class Superseded(Interrupted):
    """This worker holds no lease any more: cancelled, or another one took over."""


def claimable(now: datetime) -> Q:
    """Waiting (and not pausing after a failed attempt), or left behind by a worker whose lease ran out."""
    return Q(state__in=UNFINISHED) & (Q(lease_until__isnull=True) | Q(lease_until__lt=now))


def waiting() -> "QuerySet[ExportRun]":
    """What a worker may claim now, oldest first."""
    return ExportRun.objects.filter(claimable(database_now())).order_by("created_at", "number")


def claim(run_id: uuid.UUID | str) -> ExportRun | None:
    """Take a run with a fresh lease and the next fence; None when it is not to be had.

    Its fourth claim makes it `failed` instead.
    """
    run = ExportRun.objects.filter(pk=run_id).first()
    if run is None:
        return None
    now = database_now()
    mine = ExportRun.objects.filter(claimable(now), pk=run.pk, fence=run.fence)
    if run.attempts >= ATTEMPTS:
        end(mine, error=run.error or WORKER_GONE)
        return None
    claimed = mine.update(
        state=RunState.RUNNING,
        attempts=F("attempts") + 1,
        fence=F("fence") + 1,
        lease_until=now + LEASE,
        heartbeat_at=now,
        started_at=Coalesce("started_at", now),
        done=0,
    )
    if not claimed:
        return None
    failpoint("run.after_claim")
    return ExportRun.objects.get(pk=run.pk, fence=run.fence + 1)


def held(run: ExportRun) -> "QuerySet[ExportRun]":
    """The row, if this worker still holds it."""
    return ExportRun.objects.filter(pk=run.pk, fence=run.fence, state=RunState.RUNNING)


def renew(run: ExportRun, done: int | None = None) -> None:
    """Heartbeat: a new lease and how far it is. Raises Superseded."""
    now = database_now()
    progress = {} if done is None else {"done": done}
    if not held(run).update(lease_until=now + LEASE, heartbeat_at=now, **progress):
        raise Superseded(str(run))


def give_back(run: ExportRun) -> None:
    """The worker is told to stop: the run waits again, and the attempt does not count."""
    held(run).update(state=RunState.QUEUED, attempts=F("attempts") - 1, lease_until=None, done=0)


def attempt_failed(run: ExportRun, error: BaseException, message: str) -> None:
    """Wait for the next attempt, or fail after the third. `message` is for the user."""
    details = {"error": message, "traceback": "".join(traceback.format_exception(error))[-20_000:]}
    if run.attempts >= ATTEMPTS:
        end(held(run), **details)
        return
    pause = database_now() + PAUSES[run.attempts - 1]
    held(run).update(state=RunState.QUEUED, lease_until=pause, done=0, **details)


def refuse(run: ExportRun, message: str) -> None:
    """Fail for good: trying again cannot help."""
    end(held(run), error=message)


def end(rows: "QuerySet[ExportRun]", *, error: str, traceback: str = "") -> None:
    """Failed for good."""
    rows.update(
        state=_ended(RunState.FAILED), error=error, traceback=traceback, lease_until=None, finished_at=database_now()
    )


def _ended(state: RunState) -> Case:
    """`state`, but `expired` for a run whose file was published before: its proof stays."""
    return Case(When(sha256="", then=Value(state.value)), default=Value(RunState.EXPIRED.value))


def lock(run: ExportRun) -> None:
    """Lock the row until the transaction ends, if this worker still holds it. Raises Superseded."""
    if held(run).select_for_update().first() is None:
        raise Superseded(str(run))


def publish(run: ExportRun, operation: Operation, *, done: int) -> None:
    """Make the file that `run` describes the result, inside the caller's transaction. Raises Superseded.

    done: how many documents are in it.
    """
    keeps = get_format(run.format).keeps
    published = held(run).update(
        state=RunState.SUCCEEDED,
        done=done,
        lease_until=None,
        finished_at=operation.at,
        expires_at=operation.at + timedelta(days=keeps) if keeps else None,
        error="",
        traceback="",
        **{name: getattr(run, name) for name in _RESULT},
    )
    if not published:
        raise Superseded(str(run))


_RESULT = ("file", "name", "content_type", "size", "sha256", "manifest", "net", "tax", "total")


def mark_exported(run: ExportRun, at: datetime) -> None:
    """Note on every invoice of the file that this run is its newest export. A newer run that was quicker keeps it."""
    marks, run_table = ExportMark._meta.db_table, ExportRun._meta.db_table
    key = ExportRun._meta.pk.get_db_prep_value(run.pk, connection)
    columns = "invoice_id, run_id, content_version, exported_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} ({columns})"  # noqa: S608 - our own tables' names
            f" SELECT invoice_id, run_id, content_version, %s FROM {ExportItem._meta.db_table}"
            " WHERE run_id = %s AND problem = ''"
            " ON CONFLICT (invoice_id) DO UPDATE SET run_id = excluded.run_id,"
            " content_version = excluded.content_version, exported_at = excluded.exported_at"
            f" WHERE (SELECT number FROM {run_table} WHERE id = {marks}.run_id) < %s",
            [connection.ops.adapt_datetimefield_value(at), key, run.number],
        )


def cancel(run: ExportRun, *, by: Actor, origin: Origin = Origin()) -> None:
    """Stop a run that is not finished. Refused when it is; its worker notices at the next document."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "export.cancel", origin=origin)
        open_ = ExportRun.objects.filter(pk=run.pk, state__in=UNFINISHED)
        if not open_.update(
            state=_ended(RunState.CANCELLED),
            lease_until=None,
            finished_at=operation.at,
            error=f"Cancelled by {by.name}.",
        ):
            raise Refused(f"Run {run.number} is finished already: there is nothing to cancel.")
        operation.item("export_run", run.number).save(force_insert=True)
        operation.close(run=run.number)


def expire() -> list[ExportRun]:
    """Runs whose time is over: their rows say so; the caller removes the files."""
    due = list(ExportRun.objects.filter(state=RunState.SUCCEEDED, expires_at__lt=database_now())[:100])
    expired = []
    for run in due:
        with transaction.atomic(durable=True):
            operation = Operation(CommandLine(name="Job Book"), "export.expire")
            if ExportRun.objects.filter(pk=run.pk, state=RunState.SUCCEEDED).update(state=RunState.EXPIRED):
                operation.item("export_run", run.number).save(force_insert=True)
                operation.close(run=run.number)
                expired.append(run)
    return expired
