"""Who gets what of the expenses pages. All are of the own manager's job; the technician entered them but `theirs`."""

from typing import Any

from jobbook.jobs.models import Expense
from jobbook.jobs.uploads import RECEIPT, keep_picture_or_pdf
from tests.access.row import Row
from tests.factories import TODAY, make_expense, make_job
from tests.jobs.pictures import PDF, picture

WRITERS = "200 200 200 403 200"  # everybody but accounting
SEEN = "200 200 404 403 200"  # the technician's own expense
THEIRS = "200 200 404 403 404"
ENTERED = {
    "date": "2026-11-20",
    "amount": "12.50",
    "key": "2b1f1c1e-0000-4000-8000-000000000001",
    "version": "1",
}


def act(slug: str, state: str, get: str, data: dict[str, str] | None = None) -> Row:
    """An act on the technician's expense in a state."""
    sent = {"version": f"@expense_{state}_version", **(data or {})}
    return Row("expense_act", get, get.replace("200", "302"), at=f"expense_{state}", data=sent, fixed={"slug": slug})


ROWS: list[Row] = [
    Row("expense_list", WRITERS),
    Row("expense_new", WRITERS, "422 422 422 403 422", data=ENTERED),
    *[Row("expense_page", SEEN, at=f"expense_{state}") for state in ("draft", "submitted", "approved", "processed")],
    Row("expense_page", THEIRS, at="expense_theirs"),
    Row("expense_edit", "200 403 404 403 200", "422 422 404 403 422", at="expense_draft", data=ENTERED),
    Row("expense_edit", "200 200 404 403 409", "422 422 404 403 422", at="expense_submitted", data=ENTERED),
    Row("expense_edit", "409 409 404 403 409", "422 422 404 403 422", at="expense_approved", data=ENTERED),
    Row("expense_edit", "200 403 404 403 404", "422 422 404 403 404", at="expense_theirs", data=ENTERED),
    Row("expense_receipt", SEEN, at="expense_draft"),
    Row("expense_receipt", SEEN, at="expense_submitted"),
    Row("expense_receipt", "404 404 404 403 404", at="expense_approved"),
    Row("expense_receipt", THEIRS, at="expense_theirs"),
    act("submit", "draft", "200 403 404 403 200"),
    act("delete", "draft", "200 403 404 403 200"),
    act("send-back", "submitted", "200 200 404 403 403", {"reason": "No receipt."}),
    act("reopen", "approved", "200 200 404 403 403"),
    act("process", "approved", "200 403 403 403 403"),
    act("unprocess", "processed", "200 403 403 403 403"),
]


def make(world: Any) -> dict[str, Any]:
    people, manager = world.people, world.people["own manager"]
    job = make_job(project_manager=manager)
    paper, photo = keep_picture_or_pdf(PDF, RECEIPT), keep_picture_or_pdf(picture(), RECEIPT)

    def made(**fields: Any) -> Expense:
        return make_expense(**{"job": job, "created_by": people["technician"], **fields})

    submitted = {"submitted_on": TODAY}
    approved = {**submitted, "approved_on": TODAY, "approved_by": manager}
    return {
        "expense_draft": made(receipt=photo),
        "expense_submitted": made(receipt=paper, **submitted),
        "expense_approved": made(**approved),
        "expense_processed": made(processed_on=TODAY, **approved),
        "expense_theirs": made(created_by=None, receipt=photo),
    }
