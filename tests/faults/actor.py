"""A person in a process of their own: `python -m tests.faults.actor ACT KEY EMAIL` does one command.

ACT is process, undo, approve, undo_approval or invoice (KEY an intent), untick or pay (KEY an invoice's id and the
version seen, `12:3`), edit (KEY a DWR's, `12:3`), reopen (KEY a DWR's) or make (KEY a job's id and how many invoices).
JOBBOOK_PLANT names a function that then does nothing: a planted bug.
Prints one JSON object: {"result": "done" | "repeated" | "refused", "detail": ...}.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from datetime import date

import django


def main(act: str, key: str, email: str) -> dict[str, str]:
    django.setup()
    from invoices.making import invoice_records
    from invoices.transitions import mark_paid, process_invoices, untick_processed
    from invoices.undo import undo_batch
    from jobbook.accounts.models import User
    from jobbook.common.errors import Refused
    from jobbook.common.failpoints import failpoint
    from jobbook.jobs.transitions.approvable import RECORDS
    from jobbook.jobs.transitions.approval import approve
    from jobbook.jobs.transitions.approval_undo import undo_approval
    from jobbook.jobs.transitions.records import reopen_record
    from tests.faults.acts import lengthen, make_some

    if planted := os.environ.get("JOBBOOK_PLANT"):
        module, _, name = planted.rpartition(".")
        setattr(importlib.import_module(module), name, lambda *_, **__: None)
    user = User.objects.get(email=email)
    failpoint("actor.ready")
    pk, _, version = key.partition(":")
    acts: dict[str, Callable[[], object]] = {
        "process": lambda: process_invoices(key, by=user).repeated,
        "undo": lambda: undo_batch(key, by=user).repeated,
        "invoice": lambda: invoice_records(key, by=user).repeated,
        "reopen": lambda: reopen_record(int(pk), version=int(version), by=user),
        "make": lambda: make_some(int(pk), count=int(version), by=user),
        "untick": lambda: untick_processed(int(pk), version=int(version), by=user),
        "approve": lambda: approve(RECORDS, key, by=user).repeated,
        "undo_approval": lambda: undo_approval(RECORDS, key, by=user).repeated,
        "edit": lambda: lengthen(int(pk), version=int(version), by=user),
        "pay": lambda: mark_paid(int(pk), version=int(version), paid_on=date(2026, 11, 20), by=user),
    }
    try:
        repeated = acts[act]()
    except Refused as refused:
        return {"result": "refused", "detail": str(refused)}
    return {"result": "repeated" if repeated is True else "done", "detail": ""}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    print(json.dumps(main(*sys.argv[1:])))
