"""The commands on daily work records: entered, submitted, sent back, corrected, reopened, deleted.

Until approval the prices of the lines are taken anew with each change. Approving is in approval.py, the steps that
these commands share with those on expenses in work.py.
"""

import uuid
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refused
from jobbook.common.records import Difference
from jobbook.jobs.models import DailyWorkRecord, Job, RecordState
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.work import (
    audit,
    check_job,
    facts,
    locked,
    new_number,
    reopen,
    saved_before,
    send_back,
    step,
    submitted,
)
from jobbook.jobs.work_lines import EnteredLine, note_lines, priced_lines, words_of, write_lines
from jobbook.jobs.work_rules import may_judge, may_write

_FACTS = ("dwr_number", "job", "date", "description", "signed_by", "client_signed_by", "submitted_on")


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

    def is_said_by(self, record: DailyWorkRecord) -> bool:
        """Does the record say what was entered, line by line?"""
        same = all(getattr(record, name) == value for name, value in self.values().items())
        kept = [words_of(line) for line in record.lines.select_related("item")]
        return same and kept == [words_of(line) for line in priced_lines(self.job, self.lines)]


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
        if earlier := saved_before(RECORDS, operation, entered.is_said_by):
            return SavedRecord(earlier, repeated=True)
        check_job(entered.job)
        lines = priced_lines(entered.job, entered.lines)
        if submit:
            _check_lines(lines)
        record = DailyWorkRecord(**entered.values(), dwr_number=new_number(RECORDS), created_by=by)
        record.submitted_on = timezone.localdate(operation.at) if submit else None
        record.save(force_insert=True)
        difference = Difference(after=facts(record, _FACTS))
        write_lines(record, lines, difference)
        audit(RECORDS, operation, record.pk, (None, record.version), Difference(after=difference.after))
    record.refresh_from_db(fields=["state"])
    return SavedRecord(record)


def change_record(
    pk: int, entered: EnteredRecord, *, key: uuid.UUID, version: int, submit: bool, by: User, origin: Origin = NOWHERE
) -> SavedRecord:
    """Change a draft, and submit it in the same step when asked to. key: as for a new one."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.submit" if submit else "record.change", origin=origin, id=key)
        if earlier := saved_before(RECORDS, operation, entered.is_said_by):
            return SavedRecord(earlier, repeated=True)
        record = locked(RECORDS, pk, version, RecordState.DRAFT, may_write, by)
        return SavedRecord(_change(operation, record, entered, submitted(operation) if submit else {}))


def correct_record(
    pk: int, entered: EnteredRecord, *, key: uuid.UUID, version: int, by: User, origin: Origin = NOWHERE
) -> SavedRecord:
    """The manager mends a submitted record: it stays submitted, and the change is the manager's."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.correct", origin=origin, id=key)
        if earlier := saved_before(RECORDS, operation, entered.is_said_by):
            return SavedRecord(earlier, repeated=True)
        record = locked(RECORDS, pk, version, RecordState.SUBMITTED, may_judge, by)
        return SavedRecord(_change(operation, record, entered, {}))


def submit_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft goes to the project manager. Its lines are not saved anew: they keep the price of their last save."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.submit", origin=origin)
        record = locked(RECORDS, pk, version, RecordState.DRAFT, may_write, by)
        _check_lines(record.lines.all())
        step(RECORDS, operation, record, submitted(operation))


def send_back_record(pk: int, *, version: int, reason: str, by: User, origin: Origin = NOWHERE) -> None:
    """A submitted record is a draft again, with the reason for who wrote it. reason: 1 to 500 characters."""
    send_back(RECORDS, pk, version=version, reason=reason, by=by, origin=origin)


def reopen_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """An approved record is submitted again and leaves its approval batch. Refused once it is invoiced."""
    reopen(RECORDS, pk, version=version, by=by, origin=origin)


def delete_record(pk: int, *, version: int, by: User, origin: Origin = NOWHERE) -> None:
    """A draft is gone; its history stays, its number is not given again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "record.delete", origin=origin)
        record = locked(RECORDS, pk, version, RecordState.DRAFT, may_write, by)
        difference = Difference(before=facts(record, _FACTS))
        note_lines(list(record.lines.select_related("item")), [], difference)
        record.delete()
        audit(RECORDS, operation, pk, (version, None), Difference(before=difference.before))


def _check_lines(lines: Any) -> None:
    if not lines:
        raise Refused("A DWR is submitted with at least one line of labour or equipment.")


def _change(
    operation: Operation, record: DailyWorkRecord, entered: EnteredRecord, more: dict[str, Any]
) -> DailyWorkRecord:
    """What was entered, its lines priced anew. more: the fields that submitting writes."""
    check_job(entered.job, record.job)
    lines = priced_lines(entered.job, entered.lines)
    if more or record.submitted_on:
        _check_lines(lines)
    difference = Difference()
    write_lines(record, lines, difference)
    changed: DailyWorkRecord = step(RECORDS, operation, record, {**entered.values(), **more}, difference)
    return changed
