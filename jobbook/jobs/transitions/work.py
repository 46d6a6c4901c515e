"""The steps that the commands on DWRs (records.py) and on expenses (expenses.py) are made of.

Each command is one durable transaction: lock the ledger head, lock the row, re-check state, version and who may on the
locked row, write, audit.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.audit import Operation, Origin, next_number
from jobbook.common.errors import Refusal, Refused
from jobbook.common.failpoints import failpoint
from jobbook.common.models import AuditEntry
from jobbook.common.records import Difference, changed_since
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import Job
from jobbook.jobs.models.work import APPROVED, SUBMITTED
from jobbook.jobs.transitions.approvable import Approvable
from jobbook.jobs.work_rules import WHO, Rule, may_judge
from jobbook.jobs.work_words import deleted, not_in_state, on_an_invoice


def send_back(what: Approvable, pk: int, *, version: int, reason: str, by: User, origin: Origin) -> None:
    """What was submitted is a draft again, with the reason for who entered it. reason: 1 to 500 characters."""
    with transaction.atomic(durable=True):
        operation = Operation(by, f"{what.kind}.send_back", reason=reason, origin=origin)
        work = locked(what, pk, version, SUBMITTED, may_judge, by)
        if not reason.strip():
            raise Refused(f"{work} was not sent back: who entered it needs a reason.")
        step(what, operation, work, {"submitted_on": None, "returned_by": by.name, "return_reason": reason})


def reopen(what: Approvable, pk: int, *, version: int, by: User, origin: Origin) -> None:
    """What was approved is submitted again and leaves its approval batch. Refused while it is on an invoice."""
    with transaction.atomic(durable=True):
        operation = Operation(by, f"{what.kind}.reopen", origin=origin)
        work = locked(what, pk, version, APPROVED, may_judge, by)
        failpoint("reopen.after_lock")
        refuse_invoiced(what, work)
        step(what, operation, work, {"approved_on": None, "approved_by": None, "batch": None})


def saved_before(what: Approvable, operation: Operation, says: Callable[[Any], bool]) -> Any:
    """What an earlier submit of the same form saved, or None. Asked under the lock of the ledger head.

    Refused when the form says something else now: it was filled in again after Back, and would be lost.
    """
    entry = AuditEntry.objects.filter(operation=operation.id).first()
    if entry is None:
        return None
    if entry.actor_id != operation.by.pk:
        raise Refused("This form was sent by somebody else. Open it again.")
    pk = entry.items.filter(object_type=what.object_type).values_list("object_id", flat=True).first() or 0
    work = what.model.objects.filter(pk=pk).first()
    if work is None:
        raise Refused("Nothing was saved again.", [deleted(what, pk)])
    if not says(work):
        reason = "this form was sent before and saved it, with other contents"
        raise Refused("Nothing was saved.", [Refusal("sent_before", reason, pk, str(work))])
    return work


def new_number(what: Approvable) -> str:
    """The next number; those that imports brought are stepped over."""
    while True:
        number = str(next_number(str(what.kind)))
        if not what.model.objects.filter(**{what.number: number}).exists():
            return number


def locked(what: Approvable, pk: int, version: int, state: str, rule: Rule, by: User) -> Any:
    """The locked row: in `state`, unchanged since the user saw `version`, and the user's to act on."""
    lock_rows(what.model.objects.filter(pk=pk))
    work = what.model.objects.filter(pk=pk).select_related(*what.related).first()
    if work is None:
        raise Refused("Nothing was changed.", [deleted(what, pk)])
    if work.state != state:
        raise Refused(f"{work} was not changed.", [on_an_invoice(what, work) or not_in_state(what, work, state)])
    if work.version != version:
        raise Refused(f"{work} was not changed.", [changed_since(what.object_type, pk, str(work), version)])
    if not rule(by, work):
        raise Refused(f"{work} was not changed.", [Refusal("not_yours", WHO[rule], pk, str(work))])
    return work


def refuse_invoiced(what: Approvable, work: Any) -> None:
    if invoiced := on_an_invoice(what, work):
        raise Refused(f"{work} was not changed.", [invoiced])


def check_job(job: Job, before: Job | None = None) -> None:
    """Work is entered on active jobs only; what is on a job that is closed may stay there (`before`)."""
    if job != before and not Job.objects.open_for_work().filter(pk=job.pk).exists():
        raise Refused("Nothing was saved.", [Refusal("job", "it is not active any more", job.pk, f"Job {job}")])


def submitted(operation: Operation) -> dict[str, Any]:
    """The fields that submitting writes."""
    return {"submitted_on": timezone.localdate(operation.at), "returned_by": "", "return_reason": ""}


def facts(work: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a new or deleted one says in these fields, as the audit keeps it."""
    difference = Difference()
    for name in names:
        difference.note(name, None, getattr(work, name) or None)
    return difference.after


def step(
    what: Approvable,
    operation: Operation,
    work: Any,
    values: Mapping[str, Any],
    difference: Difference | None = None,
) -> Any:
    """Write and audit what differs, `difference` included; nothing, and no new version, when all is as it was."""
    difference = difference or Difference()
    for name, value in values.items():
        difference.note(name, getattr(work, name), value)
        setattr(work, name, value)
    if difference.after or difference.before:
        changed = {name: values[name] for name in difference.after if name in values}
        work.version += 1
        what.model.objects.filter(pk=work.pk).update(**changed, version=work.version)
        audit(what, operation, work.pk, (work.version - 1, work.version), difference)
    work.refresh_from_db(fields=["state"])
    return work


def audit(
    what: Approvable, operation: Operation, pk: int, versions: tuple[int | None, int | None], difference: Difference
) -> None:
    """The one item of the command's entry; then the entry is closed."""
    item = operation.item(what.object_type, pk, versions=versions, before=difference.before, after=difference.after)
    item.save(force_insert=True)
    operation.close()
