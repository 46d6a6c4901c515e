"""Asking for a file: the run and its items in one transaction. The row is the outbox, the broker only rings."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import Collate, RowNumber

from exports import profiles
from exports.bell import ring
from exports.earlier import LIVE, sent_since
from exports.formats import get_format
from exports.formats.profile import Profile
from exports.models import ExportItem, ExportRun, LeftOut, RunState
from invoices.intents import EXPORT, intent_rows, make_intent, open_intent
from invoices.models import HANDED_OVER, Invoice, Queue
from jobbook.accounts.models import User
from jobbook.common.audit import CommandLine, Operation, Origin, next_number
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import Intent, IntentItem
from jobbook.common.money import money_sum


class Stale(Refused):
    """Invoices of the window changed, went or were exported since it was opened: show the new numbers, ask again."""


def action_for(slug: str) -> str:
    """The action of an intent for a file of this format: the window's button posts nothing but the intent's id."""
    return f"{EXPORT}:{get_format(slug).slug}"


def start_from_intent(
    intent_id: uuid.UUID | str,
    *,
    by: User,
    agreed: bool = False,
    settings: Mapping[str, str] = MappingProxyType({}),
    origin: Origin = Origin(),
) -> ExportRun:
    """The run of a confirmation window: exactly the invoices and versions it showed, once.

    agreed: the user chose to leave those with problems out. settings: of the format, for this file alone. A second
    submit answers with the run of the first. Raises Refused, and Stale when an invoice moved on or somebody else
    exports it.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, EXPORT, origin=origin)
        earlier = run_of(intent_id, by)
        if earlier is not None:
            return earlier
        slug = _slug_of(intent_id)
        intent = open_intent(intent_id, user=by, action=action_for(slug) if slug else EXPORT)
        if not agreed:
            _refuse_unless_agreed(intent)
        rows = Invoice.objects.visible_to(by).filter(pk__in=intent_rows(intent).values("pk"))
        _refuse_stale(intent, rows)
        _refuse_sent_since(rows, slug, intent.target_id)
        profile = profiles.current(slug)
        own = {name: settings.get(name, value) for name, value in profile.settings.items()}
        run = _start(operation, rows, slug, replace(profile, settings=own), intent=intent)
        LeftOut.objects.filter(intent=intent).update(run=run, intent=None)
        return run


def start_at_once(
    intent_id: uuid.UUID,
    *,
    slug: str,
    invoices: "QuerySet[Invoice]",
    by: User,
    newest: int | None = None,
    count: int | None = None,
    origin: Origin = Origin(),
) -> ExportRun:
    """The run of a form that asks nothing before it starts: it makes the intent and uses it in one transaction.

    newest: the number of the newest run when the form was looked at, count: how many invoices there were. The same form
    sent again, or twice at once, answers with the run of the first. Refused when there are no invoices, Stale when one
    left or somebody else exports it.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, EXPORT, origin=origin)
        earlier = run_of(intent_id, by)
        if earlier is not None:
            return earlier
        intent = make_intent(user=by, action=action_for(slug), invoices=invoices, intent_id=intent_id, target_id=newest)
        if count is not None and intent.count != count:
            raise Stale("Some of these invoices left the Admin Queue a moment ago.")
        rows = Invoice.objects.visible_to(by).filter(pk__in=intent_rows(intent).values("pk"))
        _refuse_sent_since(rows, slug, newest)
        return _start(operation, rows, slug, profiles.current(slug), intent=intent)


def start_run(
    *,
    slug: str,
    invoices: "QuerySet[Invoice]",
    by: User | CommandLine,
    origin: Origin = Origin(),
) -> ExportRun:
    """A run over `invoices` as they are now, in document order. Refused when there are none."""
    with transaction.atomic(durable=True):
        operation = Operation(by, EXPORT, origin=origin)
        rows = Invoice.objects.filter(pk__in=invoices.order_by().values("pk"))
        if isinstance(by, User):
            rows = rows.visible_to(by)
        return _start(operation, rows, slug, profiles.current(slug))


def retry(run: ExportRun, *, by: User, origin: Origin = Origin()) -> ExportRun:
    """A new run over the invoices of one that failed or was cancelled, without those that had problems.

    Pressed again it answers with the run of the first press. Refused, with every invoice in the way, when one went
    back to a queue before the Admin Queue or is sent to accounting by a newer run.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, EXPORT, origin=origin)
        run = ExportRun.objects.get(pk=run.pk)
        if run.state not in (RunState.FAILED, RunState.CANCELLED):
            raise Refused(f"Run {run.number} did not fail: there is nothing to try again.")
        return _again(operation, by, run, run.items.filter(problem=""))


def retry_failed(run: ExportRun, *, by: User, origin: Origin = Origin()) -> ExportRun:
    """A new run over the invoices that a finished bundle or a failed one could not have in it; once, as `retry`."""
    with transaction.atomic(durable=True):
        operation = Operation(by, EXPORT, origin=origin)
        run = ExportRun.objects.get(pk=run.pk)
        if not run.is_finished or get_format(run.format).marks_exported:
            raise Refused(f"Run {run.number} has nothing of this kind to try again.")
        return _again(operation, by, run, run.items.exclude(problem=""))


def not_handed_over(rows: "QuerySet[Invoice]") -> list[Refusal]:
    """Only what is signed or released leaves the house: the others of `rows`, each with the queue it is in."""
    early = rows.exclude(queue__in=HANDED_OVER).order_by("invoice_date", "number")
    found = early.values_list("pk", "number", "queue")
    return [Refusal("queue", f"it is in the {Queue(queue).label}", pk, number) for pk, number, queue in found]


def make_again(run: ExportRun, *, by: User, origin: Origin = Origin()) -> None:
    """Build the file of a finished run once more from what it sent: its bytes must come out the same."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "export.make_again", origin=origin)
        rows = ExportRun.objects.filter(pk=run.pk, state__in=[RunState.EXPIRED, RunState.SUCCEEDED])
        if not rows.update(state=RunState.QUEUED, attempts=0, done=0, lease_until=None, error="", traceback=""):
            raise Refused(f"Run {run.number} has no file that could be made again.")
        operation.item("export_run", run.number).save(force_insert=True)
        operation.close(run=run.number)
        transaction.on_commit(partial(ring, run.pk), robust=True)


def _start(
    operation: Operation,
    rows: "QuerySet[Invoice]",
    slug: str,
    profile: Profile,
    *,
    intent: Intent | None = None,
    retry_of: ExportRun | None = None,
) -> ExportRun:
    """The inner step. Every command that changes invoices waits for the head lock we hold, so `rows` stand still."""
    by = operation.by
    run = ExportRun.objects.create(
        number=next_number("run"),
        format=get_format(slug).slug,
        profile=profiles.freeze(profile),
        requested_by=by if isinstance(by, User) else None,
        requested_by_name=by.name,
        intent=intent,
        retry_of=retry_of,
        item_count=0,
        created_at=operation.at,
    )
    run.item_count = _insert_items(run, rows)
    if not run.item_count:
        raise Refused("No invoice is selected.")
    ExportRun.objects.filter(pk=run.pk).update(item_count=run.item_count)
    total = ExportItem.objects.filter(run=run).aggregate(total=money_sum("invoice__total"))["total"]
    operation.item("export_run", run.number).save(force_insert=True)
    operation.close(run=run.number, format=run.format, profile=run.profile.sha256, count=run.item_count, total=total)
    transaction.on_commit(partial(ring, run.pk), robust=True)
    return run


def _again(operation: Operation, by: User, run: ExportRun, items: "QuerySet[ExportItem]") -> ExportRun:
    """The run that tries these items of `run` again: the one there is or comes already, else a new one."""
    again = ExportItem.objects.filter(run=OuterRef("pk"), invoice__in=items.order_by().values("invoice_id"))
    made = run.retries.filter(Exists(again), state__in=LIVE).order_by("number").first()
    if made is not None:
        return made
    rows = Invoice.objects.visible_to(by).filter(pk__in=items.order_by().values("invoice_id"))
    refusals = not_handed_over(rows)
    if get_format(run.format).marks_exported:
        refusals += sent_since(rows, run.number)
    if refusals:
        raise Refused(f"Run {run.number} is not tried again, no file was started.", refusals)
    return _start(operation, rows, run.format, profiles.current(run.format), retry_of=run)


def _insert_items(run: ExportRun, rows: "QuerySet[Invoice]") -> int:
    """The invoices as items, by date and number (compared byte by byte, so both databases agree); how many."""
    number = Collate("number", "C" if connection.vendor == "postgresql" else "BINARY")
    position = Window(RowNumber(), order_by=[F("invoice_date"), number, F("pk")])
    picked = rows.order_by().annotate(position=position).values_list("pk", "position", "version", "content_version")
    sql, params = picked.query.sql_with_params()
    key = ExportRun._meta.pk.get_db_prep_value(run.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ExportItem._meta.db_table}"  # noqa: S608 - our own table's name, the ORM's own SQL
            " (run_id, sent, problem, invoice_id, position, version, content_version)"
            f" SELECT %s, '', '', picked.* FROM ({sql}) AS picked",
            [key, *params],
        )
        return int(cursor.rowcount)


def run_of(intent_id: uuid.UUID | str, by: User) -> ExportRun | None:
    """The run that an earlier submit of this window or form made."""
    try:
        return ExportRun.objects.filter(intent=uuid.UUID(str(intent_id)), requested_by=by).first()
    except ValueError:
        return None


def _slug_of(intent_id: uuid.UUID | str) -> str:
    """The format a window was opened for; "" when it is none of ours."""
    try:
        action = Intent.objects.filter(pk=uuid.UUID(str(intent_id))).values_list("action", flat=True).first()
    except ValueError:
        return ""
    name, _, slug = (action or "").partition(":")
    return slug if name == EXPORT else ""


def _refuse_unless_agreed(intent: Intent) -> None:
    """Nothing is left out for its problems unless the user said so."""
    problems = LeftOut.objects.filter(intent=intent, why=LeftOut.Why.PROBLEM).count()
    if problems:
        noun = "invoice" if problems == 1 else "invoices"
        raise Refused(f"No file was started: {problems:,} {noun} cannot be in it. Tick that they are left out.")


def _refuse_sent_since(rows: "QuerySet[Invoice]", slug: str, newest: int | None) -> None:
    """Two people who export the same invoices at the same time: the second sees it before the file is made."""
    if newest is None or not get_format(slug).marks_exported:
        return
    if refusals := sent_since(rows, newest):
        raise Stale("Some of these invoices are exported by another run since this window was opened.", refusals)


def _refuse_stale(intent: Intent, rows: "QuerySet[Invoice]") -> None:
    versions = dict(IntentItem.objects.filter(intent=intent).values_list("object_id", "version"))
    now = {pk: (number, version) for pk, number, version in rows.values_list("pk", "number", "version")}
    refusals = [
        Refusal("moved", "was changed since this window was opened", pk, now[pk][0])
        for pk, version in versions.items()
        if pk in now and now[pk][1] != version
    ]
    gone = len(versions.keys() - now.keys())
    if gone:
        refusals.append(Refusal("gone", f"{gone} invoices are no longer there"))
    if refusals:
        raise Stale("The selection changed since this window was opened.", refusals)
