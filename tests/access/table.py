"""Who gets what, from where: a row for each address and object. `test_matrix.py` fails for an address without a row.

A cell is the status for a role; five of them stand in the order of ROLES. Not being logged in is the log-in page
everywhere but in PUBLIC. A method that is not in the row is refused: 405 for whoever may use the address.
The rule: an action the role may not do is 403, an object it may not see 404.
"""

from tests.access.areas import AREAS
from tests.access.row import ALL, EARLY, MONEY, NOBODY_ELSE, OFFICE, OWN, PUBLIC, ROLES, Row

__all__ = ["PUBLIC", "ROLES", "ROWS", "Row"]


def act(slug: str, queue: str, admin_only: bool) -> list[Row]:
    """An act on an invoice's page: asked for by GET, done by POST."""
    own, done = ("200 403 403 403 403", "302 403 403 403 403")
    if not admin_only:
        own, done = ("200 403 403 200 403", "302 403 403 302 403")
    data = {"version": f"@{queue}_version", "paid_on": "2026-11-20"}
    return [Row("invoice_act", own, done, at=queue, data=data, fixed={"slug": slug})]


SELECTION = {"mode": "ids", "ids": "@admin_ids", "excluded": "", "filters": ""}
RUN = ("built", "waiting", "failed")

ROWS = [
    Row("dashboard", ALL),
    Row("help", ALL),
    # People
    Row("login", "302 302 302 302 302", "302 302 302 302 302", data={"username": "@email", "password": "@password"}),
    Row("logout", post="302 302 302 302 302"),
    Row("password_change", ALL, "422 422 422 422 422", data={"old_password": "wrong"}),
    Row("profile", ALL),
    Row("preferences", post="302 302 302 302 302", data={"page_size": "100"}),
    Row("link", "410 410 410 410 410", "410 410 410 410 410", fixed={"uid": "MQ", "token": "set"}),
    # The backlog
    Row("invoice_process_backlog", MONEY),
    Row("invoice_process_backlog", MONEY, htmx=True),
    Row("invoice_process_backlog_filters", MONEY),
    Row("invoice_process_backlog_rows", post=MONEY, data={"query": "", "ids": "@admin_ids"}),
    Row("invoice_process_backlog_size", post="302 302 302 302 403", data={"size": "100"}),
    Row("process_window", post=NOBODY_ELSE, data=SELECTION),
    Row("process_confirm", post="302 403 403 403 403", data={"intent": "@process_intent"}),
    Row("undo_window", post=NOBODY_ELSE, data={"batch": "@batch"}),
    Row("undo_confirm", post="302 403 403 403 403", data={"intent": "@undo_intent"}),
    Row("export_window", post="302 403 403 403 403", data=SELECTION),
    Row("export_start", post="302 403 403 403 403", data={"intent": "@export_intent"}),
    Row("pdf_window", post="302 403 403 403 403", data=SELECTION),
    Row("pdf_preview", post=NOBODY_ELSE, data={"intent": "@export_intent"}),
    # The list
    Row("invoice_list", MONEY),
    Row("invoice_list", MONEY, htmx=True),
    Row("invoice_list_filters", MONEY),
    Row("invoice_list_rows", post=MONEY, data={"query": "", "ids": "@admin_ids"}),
    Row("invoice_list_size", post="302 302 302 302 403", data={"size": "100"}),
    # One invoice
    *[Row("invoice_page", OWN, at=queue) for queue in ("admin", "processed", "paid")],
    *[Row("invoice_page", EARLY, at=queue) for queue in ("pm", "ticket")],
    *[Row("invoice_detail_row", OWN, at=queue, htmx=htmx) for queue in ("admin", "paid") for htmx in (True, False)],
    Row("invoice_detail_row", EARLY, at="pm"),
    Row("invoice_pdf", OWN, at="admin"),
    Row("invoice_pdf", EARLY, at="pm"),
    Row("invoice_reference", post="302 403 403 302 403", at="admin", data={"accounting_reference": "A-1"}),
    Row("invoice_reference", post="302 403 403 404 403", at="pm", data={"accounting_reference": "A-1"}),
    *act("process", "admin", admin_only=True),
    *act("untick", "processed", admin_only=True),
    *act("paid", "processed", admin_only=False),
    *act("unpaid", "paid", admin_only=False),
    # Batches and runs
    Row("process_batches", OFFICE),
    Row("process_batch", OFFICE, at="batch"),
    Row("run_list", OFFICE),
    *[Row("run_page", OFFICE, at=run) for run in RUN],
    Row("run_page", "200 403 403 404 403", at="early_run"),  # one of its invoices is not in the Admin Queue any more
    Row("run_progress", "302 403 403 302 403", at="built"),
    Row("run_progress", OFFICE, at="built", htmx=True),
    Row("run_progress", "302 403 403 404 403", at="early_run"),
    Row("run_download", OFFICE, at="built"),
    Row("run_download", "409 403 403 409 403", at="waiting"),
    Row("run_download", "409 403 403 404 403", at="early_run"),
    Row("run_manifest", OFFICE, at="built"),
    Row("run_manifest", "409 403 403 404 403", at="early_run"),
    Row("run_manifest_page", OFFICE, at="built"),
    Row("run_manifest_page", "409 403 403 404 403", at="early_run"),
    Row("run_confirm", OFFICE, "302 403 403 302 403", at="built", data={"count": "1", "total": "105.00", "seen": "0"}),
    Row("run_confirm", "409 403 403 409 403", "409 403 403 409 403", at="failed"),
    Row("run_confirm", "409 403 403 404 403", "409 403 403 404 403", at="early_run"),
    Row("run_references", OFFICE, "302 403 403 302 403", at="built", data={"act": "enter", "changes": "[]"}),
    Row("run_references", "409 403 403 404 403", "409 403 403 404 403", at="early_run"),
    Row("run_cancel", post="302 403 403 403 403", at="waiting"),
    Row("run_retry", post="302 403 403 403 403", at="failed"),
    Row("run_retry_failed", post="302 403 403 403 403", at="failed"),
    Row("invoice_sent", OFFICE, at="sent"),
    Row("invoice_sent", "404 403 403 404 403", at="unsent"),
    Row("run_make_again", post="302 403 403 302 403", at="built"),
    Row("run_make_again", post="302 403 403 404 403", at="early_run"),
    *[row for area in AREAS for row in area.ROWS],
]
