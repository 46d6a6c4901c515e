"""Who gets what of the backlogs of work pages."""

from typing import Any

from invoices.making import invoicing_intent
from jobbook.accounts.models import User
from jobbook.jobs.models import DailyWorkRecord
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS
from jobbook.jobs.transitions.approval_undo import undo_intent
from tests.access.row import NOBODY_ELSE, Row
from tests.approvals import approve_all, intent_for, make_work
from tests.factories import make_job

APPROVERS = "200 200 200 403 403"
DONE = "302 302 302 403 403"
OWN = "200 200 404 403 403"  # of the own manager's job
OWN_BATCH = "200 200 404 403 403"  # which the own manager made


def selection(name: str) -> dict[str, str]:
    return {"mode": "ids", "ids": f"@{name}", "excluded": "", "filters": ""}


def approval(grid: str, what: str, plural: str) -> list[Row]:
    """An approval backlog, its windows and its detail."""
    return [
        Row(grid, APPROVERS),
        Row(grid, APPROVERS, htmx=True),
        Row(f"{grid}_filters", APPROVERS),
        Row(f"{grid}_rows", post=APPROVERS, data={"query": "", "ids": f"@{what}_to_approve"}),
        Row(f"{grid}_size", post=DONE, data={"size": "100"}),
        Row(f"approve_{plural}", post="200 200 400 403 403", data=selection(f"{what}_to_approve")),
        Row(f"approve_{plural}_confirm", post="302 302 409 403 403", data={"intent": f"@intent_to_approve_{what}"}),
        Row(f"undo_{what}_approval", post=OWN_BATCH, data={"batch": f"@{what}_batch"}),
        Row(f"undo_{what}_approval_confirm", post="302 302 409 403 403", data={"intent": f"@intent_to_undo_{what}"}),
        Row(f"{what}_detail_row", OWN, at=f"{what}_to_approve"),
        Row(f"{what}_detail_row", OWN, at=f"{what}_to_approve", htmx=True),
    ]


ROWS: list[Row] = [
    *approval("dwr_approval_backlog", "record", "records"),
    *approval("expense_approval_backlog", "expense", "expenses"),
    Row("dwr_invoice_backlog", NOBODY_ELSE),
    Row("dwr_invoice_backlog", NOBODY_ELSE, htmx=True),
    Row("dwr_invoice_backlog_filters", NOBODY_ELSE),
    Row("dwr_invoice_backlog_rows", post=NOBODY_ELSE, data={"query": "", "ids": "@record_of_a_batch"}),
    Row("dwr_invoice_backlog_size", post="302 403 403 403 403", data={"size": "100"}),
    Row("invoice_records", post=NOBODY_ELSE, data=selection("record_of_a_batch")),
    Row("invoice_records_confirm", post="302 403 403 403 403", data={"intent": "@intent_to_invoice"}),
    Row("approval_batches", APPROVERS),
    Row("approval_batch", OWN_BATCH, at="record_batch"),
    Row("approval_batch", OWN_BATCH, at="expense_batch"),
]


def make(world: Any) -> dict[str, Any]:
    """A row of each kind that waits, and one approved by the own manager, with the windows over them."""
    manager = world.people["own manager"]
    job = make_job(project_manager=manager)
    made: dict[str, Any] = {}
    for name, what in (("record", RECORDS), ("expense", EXPENSES)):
        waiting, approved = make_work(what, job=job), make_work(what, job=job)
        batch = approve_all(what, manager, [approved]).batch
        made |= {
            f"{name}_to_approve": waiting,
            f"{name}_of_a_batch": approved,
            f"{name}_batch": batch.number,
            f"intent_to_approve_{name}": lambda user, what=what, row=waiting: intent_for(what, user, [row]).pk,
            f"intent_to_undo_{name}": lambda user, what=what, batch=batch: undo_intent(what, user=user, batch=batch).pk,
        }

    def to_invoice(user: User) -> object:
        rows = DailyWorkRecord.objects.filter(pk=made["record_of_a_batch"].pk)
        return invoicing_intent(user=user, records=rows).pk

    return {**made, "intent_to_invoice": to_invoice}
