"""The dated entries of a fixed-price job: what its contract comes to, how much of it is done.

They are the report's, not the job's: the job's version stays, so that a form of the job that is open elsewhere saves.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.audit import NOWHERE, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.records import Difference
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import BillingType, ContractEntry, Job, PercentEntry, ProgressEntry

JOB = "job"  # object_type of audit items


def enter_progress(
    job_id: int,
    *,
    on: date,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    by: User,
    origin: Origin = NOWHERE,
) -> None:
    """From the day `on`, so much per cent is complete, or the contract comes to this amount, or both.

    It takes the place of what was entered for that day. Nothing is written where the same was said already. Refused
    for a job that is not the user's or not Fixed Price, for a day to come, and out of bounds (0..100, 0..LIMIT).
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "job.enter_progress", origin=origin)
        job = _locked(job_id, by)
        if on > timezone.localdate(operation.at):
            raise Refused("Nothing was entered.", [Refusal("future", f"{on} is still to come", job.pk)])
        difference = Difference()
        for kind, value in ((PercentEntry, percent), (ContractEntry, amount)):
            if value is not None:
                _put(kind(job=job, date=on, entered_by=by, entered_at=operation.at), value, difference)
        _audit(operation, job, difference)


def delete_progress(kind: type[ProgressEntry], entry_id: int, *, by: User, origin: Origin = NOWHERE) -> None:
    """Take an entry out: the one before it holds again."""
    with transaction.atomic(durable=True):
        operation = Operation(by, "job.delete_progress", origin=origin)
        entry = kind._default_manager.filter(pk=entry_id).first()
        if entry is None:
            raise Refused("The entry was deleted or replaced already.")
        job = _locked(entry.job_id, by)
        difference = Difference()
        difference.note(_said(entry), entry.value, None)
        entry.delete()
        _audit(operation, job, difference)


def may_enter(user: User, job: Job) -> bool:
    """The manager of a fixed-price job, and administrators."""
    mine = Job.objects.visible_to(user).filter(pk=job.pk, billing_type=BillingType.FIXED_PRICE)
    return user.can(Permission.ENTER_PROGRESS) and mine.exists()


def _locked(job_id: int, by: User) -> Job:
    rows = Job.objects.filter(pk=job_id)
    lock_rows(rows)
    job = rows.get()
    if job.billing_type != BillingType.FIXED_PRICE:
        reason = f"it is {job.get_billing_type_display()}, and only Fixed Price is earned by per cent"
        raise Refused("Nothing was changed.", [Refusal("billing", reason, job.pk, f"Job {job}")])
    if not may_enter(by, job):
        reason = "only its project manager or an administrator may"
        raise Refused("Nothing was changed.", [Refusal("not_yours", reason, job.pk, f"Job {job}")])
    return job


def _put(entry: ProgressEntry, value: Decimal, difference: Difference) -> None:
    """A new row in place of the day's old one, so that deleting what one saw deletes nothing newer."""
    if not 0 <= value <= entry.most:
        reason = f"{value} is not from 0 to {entry.most}"
        raise Refused("Nothing was entered.", [Refusal("bounds", reason, label=entry.label)])
    old = type(entry)._default_manager.filter(job=entry.job, date=entry.date).first()
    if old and old.value == value:
        return
    if old:
        old.delete()
    difference.note(_said(entry), old and old.value, value)
    setattr(entry, entry.value_field, value)
    entry.save(force_insert=True)


def _said(entry: ProgressEntry) -> str:
    """The name of the entry in the history: per_cent_complete_as_of_2026-11-20."""
    return str(entry).lower().replace(" ", "_")


def _audit(operation: Operation, job: Job, difference: Difference) -> None:
    if difference.after:
        versions = (job.version, job.version)
        item = operation.item(JOB, job.pk, versions=versions, before=difference.before, after=difference.after)
        item.save(force_insert=True)
        operation.close()
