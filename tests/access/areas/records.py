"""Who gets what of the pages of DWRs. All are of the own manager's job; the technician wrote them but `theirs`."""

from typing import Any

from invoices.models import InvoicedRecord
from jobbook.jobs.models import DailyWorkRecord
from tests.access.row import ALL, Row
from tests.factories import TODAY, make_invoice, make_job, make_record

WRITERS = "200 200 200 403 200"  # everybody but accounting
SEEN = "200 200 404 403 200"  # the technician's own record
THEIRS = "200 200 404 403 404"
STATES = ("draft", "submitted", "approved", "invoiced")
EMPTY = {
    "key": "2b1f1c1e-0000-4000-8000-000000000002",
    "version": "1",
    "labour-TOTAL_FORMS": "0",
    "labour-INITIAL_FORMS": "0",
    "equipment-TOTAL_FORMS": "0",
    "equipment-INITIAL_FORMS": "0",
}


def act(slug: str, state: str, get: str, done: str = "302", data: dict[str, str] | None = None) -> Row:
    """An act on the technician's record in a state."""
    sent = {"version": f"@record_{state}_version", **(data or {})}
    return Row("record_act", get, get.replace("200", done), at=f"record_{state}", data=sent, fixed={"slug": slug})


ROWS: list[Row] = [
    Row("account_signature", post=ALL.replace("200", "302"), data={"signature": "1,2 3,4"}),
    Row("record_list", WRITERS),
    Row("record_new", WRITERS, "422 422 422 403 422", data=EMPTY),
    *[Row(name, SEEN, at=f"record_{state}") for name in ("record_page", "record_pdf") for state in STATES],
    *[Row(name, THEIRS, at="record_theirs") for name in ("record_page", "record_pdf")],
    Row("record_edit", "200 403 404 403 200", "422 422 404 403 422", at="record_draft", data=EMPTY),
    Row("record_edit", "200 200 404 403 409", "422 422 404 403 422", at="record_submitted", data=EMPTY),
    Row("record_edit", "409 409 404 403 409", "422 422 404 403 422", at="record_approved", data=EMPTY),
    Row("record_edit", "200 403 404 403 404", "422 422 404 403 404", at="record_theirs", data=EMPTY),
    act("submit", "draft", "200 403 404 403 200"),
    act("delete", "draft", "200 403 404 403 200"),
    act("send-back", "submitted", "200 200 404 403 403", data={"reason": "Which truck?"}),
    act("reopen", "approved", "200 200 404 403 403"),
    act("reopen", "invoiced", "200 200 404 403 403", "409"),
]


def make(world: Any) -> dict[str, Any]:
    people, manager = world.people, world.people["own manager"]
    job = make_job(project_manager=manager)

    def made(**fields: Any) -> DailyWorkRecord:
        return make_record(**{"job": job, "created_by": people["technician"], **fields})

    submitted = {"submitted_on": TODAY}
    approved = {**submitted, "approved_on": TODAY, "approved_by": manager}
    invoiced = made(**approved)
    InvoicedRecord.objects.create(record=invoiced, invoice=make_invoice(job=job))
    return {
        "record_draft": made(),
        "record_submitted": made(**submitted),
        "record_approved": made(**approved),
        "record_invoiced": invoiced,
        "record_theirs": made(created_by=people["administrator"]),
    }
