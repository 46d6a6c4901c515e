"""The commands on daily work records: entered, submitted, sent back, corrected, reopened, deleted.

Each is one durable transaction: lock the ledger head, lock the row, re-check state, version and who may on the
locked row, write, audit. Until approval the prices of the lines are taken anew with each change. Approving is in
approval.py.
"""

import uuid
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin, next_number
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.models import AuditEntry
from jobbook.common.records import Difference, changed_since
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import DailyWorkRecord, Job, RecordState
from jobbook.jobs.record_words import RECORD, deleted, not_in_state, on_an_invoice
from jobbook.jobs.work_lines import EnteredLine, note_lines, priced_lines, words_of, write_lines
from jobbook.jobs.work_rules import WHO, Rule, may_judge, may_write


@dataclass(frozen=True)
class EnteredRecord:
    """What a person enters of a DWR. Signatures: a name each, and what was drawn (jobbook/common/drawing.py)."""

    job: Job
    date: date
    description: str = ""
    signed_by: str = ""
    signature: str = ""
    client_signed_by: str = ""
    client_signature: str = ""
    lines: tuple[EnteredLine, ...] = field(default=())

    def values(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "lines"}


@dataclass(frozen=True)
class SavedRecord:
    """A record, and whether an earlier submit of the same form saved it."""

    record: DailyWorkRecord
    repeated: bool = False


def enter_record(
    entered: EnteredRecord, *, key: uuid.UUID, submit: bool, by: User, origin: Origin = NOWHERE
) -> SavedRecord:
    """A new record, a draft or submitted at once. key: of the form, so that sending it twice makes one record.

    Raises BadLines with every error of every row, and Refused.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.create", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return SavedRecord(earlier, repeated=True)
        _check_job(entered.job)
        lines = priced_lines(entered.job, entered.lines)
        if submit:
            _check_lines(lines)
        record = DailyWorkRecord(**entered.values(), dwr_number=_number(), created_by=by)
        record.submitted_on = timezone.localdate(operation.at) if submit else None
        record.save(force_insert=True)
        difference = Difference(after=_facts(record))
        write_lines(record, lines, difference)
        _audit(operation, record.pk, (None, record.version), Difference(after=difference.after))
    record.refresh_from_db(fields=["state"])
    return SavedRecord(record)


def change_record(
    pk: int, entered: EnteredRecord, *, key: uuid.UUID, version: int, submit: bool, by: User, origin: Origin = NOWHERE
) -> SavedRecord:
    """Change a draft, and submit it in the same step when asked to. key: as for a new one."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.submit" if submit else "record.change", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return SavedRecord(earlier, repeated=True)
        record = _locked(pk, version, RecordState.DRAFT, may_write, by)
        return SavedRecord(_change(operation, record, entered, _submitted(operation) if submit else {}))


def correct_record(
    pk: int, entered: EnteredRecord, *, key: uuid.UUID, version: int, by: User, origin: Origin = NOWHERE
) -> SavedRecord:
    """The manager mends a submitted record: it stays submitted, and the change is the manager's."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.correct", origin=origin, id=key)
        if earlier := _saved_before(operation, entered):
            return SavedRecord(earlier, repeated=True)
        record = _locked(pk, version, RecordState.SUBMITTED, may_judge, by)
        return SavedRecord(_change(operation, record, entered, {}))


def submit_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft goes to the project manager."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.submit", origin=origin)
        record = _locked(pk, version, RecordState.DRAFT, may_write, by)
        _check_lines(record.lines.all())
        _step(operation, record, _submitted(operation))


def send_back_record(pk: int, *, version: int, reason: str, by: User, origin: Origin = NOWHERE) -> None:
    """A submitted record is a draft again, with the reason for who wrote it. reason: 1 to 500 characters."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.send_back", reason=reason, origin=origin)
        record = _locked(pk, version, RecordState.SUBMITTED, may_judge, by)
        if not reason.strip():
            raise Refused(f"{record} was not sent back: who wrote it needs a reason.")
        _step(operation, record, {"submitted_on": None, "returned_by": by.name, "return_reason": reason})


def reopen_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An approved record is submitted again and leaves its approval batch. Refused once it is invoiced."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.reopen", origin=origin)
        record = _locked(pk, version, RecordState.APPROVED, may_judge, by)
        failpoint("reopen.after_lock")
        if invoiced := on_an_invoice(record):
            raise Refused(f"{record} was not reopened.", [invoiced])
        _step(operation, record, {"approved_on": None, "approved_by": None, "batch": None})


def delete_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft is gone; its history stays, its number is not given again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.delete", origin=origin)
        record = _locked(pk, version, RecordState.DRAFT, may_write, by)
        difference = Difference(before=_facts(record))
        note_lines(list(record.lines.select_related("item")), [], difference)
        record.delete()
        _audit(operation, pk, (version, None), Difference(before=difference.before))


def _saved_before(operation: Operation, entered: EnteredRecord) -> DailyWorkRecord | None:
    """What an earlier submit of the same form saved. Asked under the lock of the ledger head.

    Refused when the form says something else now: it was filled in again after Back, and would be lost.
    """
    entry = AuditEntry.objects.filter(operation=operation.id).first()
    if entry is None:
        return None
    if entry.actor_id != operation.by.pk:
        raise Refused("This form was sent by somebody else. Open it again.")
    pk = entry.items.filter(object_type=RECORD).values_list("object_id", flat=True).first() or 0
    record = DailyWorkRecord.objects.filter(pk=pk).first()
    if record is None:
        raise Refused("Nothing was saved again.", [deleted(pk)])
    if not _says(record, entered):
        reason = "this form was sent before and saved it, with other contents"
        raise Refused("Nothing was saved.", [Refusal("sent_before", reason, pk, str(record))])
    return record


def _says(record: DailyWorkRecord, entered: EnteredRecord) -> bool:
    """Does the record say what was entered, line by line?"""
    same = all(getattr(record, name) == value for name, value in entered.values().items())
    kept = [words_of(line) for line in record.lines.select_related("item")]
    return same and kept == [words_of(line) for line in priced_lines(entered.job, entered.lines)]


def _number() -> str:
    """The next number of a record; those that imports brought are stepped over."""
    while True:
        number = str(next_number("record"))
        if not DailyWorkRecord.objects.filter(dwr_number=number).exists():
            return number


def _locked(pk: int, version: int, state: RecordState, rule: Rule, by: User) -> DailyWorkRecord:
    """The locked record: in `state`, unchanged since the user saw `version`, and the user's to act on."""
    lock_rows(DailyWorkRecord.objects.filter(pk=pk))
    record = (
        DailyWorkRecord.objects.filter(pk=pk).select_related("job", "batch", "approved_by", "invoiced__invoice").first()
    )
    if record is None:
        raise Refused("Nothing was changed.", [deleted(pk)])
    if record.state != state:
        raise Refused(f"{record} was not changed.", [on_an_invoice(record) or not_in_state(record, state)])
    if record.version != version:
        raise Refused(f"{record} was not changed.", [changed_since(RECORD, pk, str(record), version)])
    if not rule(by, record):
        raise Refused(f"{record} was not changed.", [Refusal("not_yours", WHO[rule], pk, str(record))])
    return record


def _check_job(job: Job) -> None:
    """Work is recorded on active jobs only."""
    if not Job.objects.open_for_work().filter(pk=job.pk).exists():
        raise Refused("Nothing was saved.", [Refusal("job", "it is not active any more", job.pk, f"Job {job}")])


def _check_lines(lines: Any) -> None:
    if not lines:
        raise Refused("A DWR is submitted with at least one line of labour or equipment.")


def _submitted(operation: Operation) -> dict[str, Any]:
    return {"submitted_on": timezone.localdate(operation.at), "returned_by": "", "return_reason": ""}


def _change(
    operation: Operation, record: DailyWorkRecord, entered: EnteredRecord, more: dict[str, Any]
) -> DailyWorkRecord:
    """What was entered, its lines priced anew; on a job that is closed a record may stay, but not go to."""
    if entered.job != record.job:
        _check_job(entered.job)
    lines = priced_lines(entered.job, entered.lines)
    if more or record.submitted_on:
        _check_lines(lines)
    difference = Difference()
    write_lines(record, lines, difference)
    return _step(operation, record, {**entered.values(), **more}, difference)


def _facts(record: DailyWorkRecord) -> dict[str, Any]:
    """What a new or deleted record says, as the audit keeps it."""
    difference = Difference()
    names = ("dwr_number", "job", "date", "description", "signed_by", "client_signed_by", "submitted_on")
    for name in names:
        difference.note(name, None, getattr(record, name) or None)
    return difference.after


def _step(
    operation: Operation, record: DailyWorkRecord, values: dict[str, Any], difference: Difference | None = None
) -> DailyWorkRecord:
    """Write and audit what differs; nothing, and no new version, when all is as it was."""
    difference = difference or Difference()
    for name, value in values.items():
        difference.note(name, getattr(record, name), value)
        setattr(record, name, value)
    if difference.after or difference.before:
        changed = {name: values[name] for name in difference.after if name in values}
        record.version += 1
        DailyWorkRecord.objects.filter(pk=record.pk).update(**changed, version=record.version)
        _audit(operation, record.pk, (record.version - 1, record.version), difference)
    record.refresh_from_db(fields=["state"])
    return record


def _audit(operation: Operation, pk: int, versions: tuple[int | None, int | None], difference: Difference) -> None:
    item = operation.item(RECORD, pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
    operation.close()
