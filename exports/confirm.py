"""After the import: accounting's count and total of a run, compared with those of its file."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from exports.formats import accounting_formats
from exports.models import ExportRun, RunConfirmation, RunState
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.money import format_money

WAIT = timedelta(days=3)  # a run not confirmed for longer stands out


def differences(run: ExportRun, *, count: int, total: Decimal) -> list[Refusal]:
    """What accounting shows otherwise than the file has it, with how much it is off."""
    assert run.total is not None
    figures = (("Documents", count, run.item_count, "{:,}"), ("Total", total, run.total, "{:,.2f}"))
    return [_named(*figure) for figure in figures if figure[1] != figure[2]]


def _named(label: str, shown: Any, kept: Any, style: str) -> Refusal:
    off = f"{style.format(abs(shown - kept))} {'more' if shown > kept else 'less'}"
    words = f"accounting shows {style.format(shown)}, the file has {style.format(kept)}: {off}"
    return Refusal(label.lower(), words, label=label)


def may_be_confirmed(run: ExportRun) -> bool:
    """Whether it is a finished file for accounting's import."""
    return run.state == RunState.SUCCEEDED and run.format in {each.slug for each in accounting_formats()}


def overdue(user: User) -> list[ExportRun]:
    """The runs that `user` could confirm and that wait for it too long, the oldest first; at most ten. One query."""
    if not user.can(Permission.CONFIRM_RUNS):
        return []
    late = ExportRun.objects.visible_to(user).unconfirmed(before=timezone.now() - WAIT)
    return list(late.only("number", "finished_at").order_by("finished_at", "number")[:10])


def confirm_run(
    run_id: uuid.UUID, *, count: int, total: Decimal, note: str = "", seen: int = 0, by: User, origin: Origin = NOWHERE
) -> RunConfirmation:
    """Note what accounting shows. `seen`: audit entry of the confirmation that the user saw and replaces, 0 for none.

    Refused with every difference named unless `note` says why it differs. The same form sent twice confirms once.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "export.confirm", origin=origin)
        run = ExportRun.objects.visible_to(by).with_import().filter(pk=run_id).first()
        if run is None or not may_be_confirmed(run):
            raise Refused("This run has no file for accounting that you may see.")
        earlier = _confirmation(run)
        wrong = differences(run, count=count, total=total)
        values = {"count": count, "total": total, "note": note if wrong else ""}
        if earlier and earlier.confirmed_by_id == by.pk and values == _values(earlier):
            return earlier
        if earlier and earlier.entry_number != seen:
            raise Refused(f"Run {run.number} was confirmed meanwhile: {words_of(earlier)}.")
        if wrong and not note:
            raise Refused("Accounting's figures differ from the file's.", wrong)
        entry = {"confirmed_at": operation.at, "confirmed_by": by, "confirmed_by_name": by.name}
        made, _ = RunConfirmation.objects.update_or_create(
            run=run, defaults={**values, **entry, "entry_number": operation.number}
        )
        before = _values(earlier) if earlier else None
        operation.item("export_run", run.number, before=before, after=values).save(force_insert=True)
        operation.close(run=run.number)
    return made


def words_of(confirmation: RunConfirmation) -> str:
    """47 documents, 1,234.00, by K. Osei at 10:41 on 20 Nov 2026."""
    moment = timezone.localtime(confirmation.confirmed_at)
    noun = "document" if confirmation.count == 1 else "documents"
    when = f"at {moment:%H:%M} on {moment.day} {moment:%b %Y}"
    return (
        f"{confirmation.count:,} {noun}, {format_money(confirmation.total)}, by {confirmation.confirmed_by_name} {when}"
    )


def _confirmation(run: ExportRun) -> RunConfirmation | None:
    return getattr(run, "confirmation", None)


def _values(confirmation: RunConfirmation) -> dict[str, object]:
    return {"count": confirmation.count, "total": confirmation.total, "note": confirmation.note}
