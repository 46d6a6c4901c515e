"""Who gets what of the invoicing pages."""

import io
from typing import Any

from PIL import Image

from invoices.attaching import attach
from jobbook.jobs.models import BillingType
from jobbook.jobs.uploads import Limits, keep_picture
from tests.access.row import EARLY, NOBODY_ELSE, OWN, Row
from tests.factories import TODAY, make_invoice, make_item, make_job

FORM = {
    "act": "save",
    "invoice_date": "2026-11-20",
    "line_item_type": "detailed",
    "line-0-section": "fixed_price",
    "line-0-description": "Survey",
    "line-0-price": "100",
}
SAVED = "302 403 403 403 403"
SIGNED = "302 302 404 403 403"  # administrators, and managers of the job


def act(slug: str, at: str, cells: str, **data: str) -> Row:
    """An act on an invoice in its right state: GET asks whoever may do it."""
    asked = cells.replace("302", "200")
    return Row("invoice_act", asked, cells, at=at, data={"version": f"@{at}_version", **data}, fixed={"slug": slug})


ROWS: list[Row] = [
    Row("invoice_new", NOBODY_ELSE, "200 403 403 403 403"),
    Row("invoice_new_totals", post="404 403 403 403 403", data={"job": "@billed_job"}),
    Row("invoice_edit", NOBODY_ELSE, SAVED, at="pm", data={**FORM, "version": "@pm_version"}),
    Row("invoice_edit", NOBODY_ELSE, SAVED, at="admin", data={**FORM, "version": "@admin_version"}),
    Row("invoice_edit", "409 403 403 403 403", "409 403 403 403 403", at="processed", data=FORM),
    Row("invoice_totals", post=NOBODY_ELSE, at="pm", data=FORM),
    Row("invoice_ticket", EARLY, at="ticket"),
    Row("invoice_ticket", "404 404 404 404 403", at="admin"),  # it has none
    Row("invoice_ticket", OWN, at="approved_ticket"),
    Row("invoice_credit", NOBODY_ELSE, "422 403 403 403 403", at="admin", data={"version": "@admin_version"}),
    Row("invoice_attach", post=SAVED, at="pm"),
    Row("invoice_attachment", EARLY, at="early_file"),
    Row("invoice_attachment", OWN, at="late_file"),
    Row("invoice_detach", post=SAVED, at="early_file"),
    act("sign", "pm", SIGNED, signed_by="R. Abe"),
    act("unsign", "ticket", SIGNED),
    act("client-approve", "ticket", SIGNED, approved_on="2026-11-20", approved_by="D. Okafor"),
    act("client-unapprove", "approved_ticket", SIGNED),
    act("release", "pm", SAVED, reason="On leave"),
    act("take-back", "let_go", SAVED),
    act("delete", "pm", SAVED),
]


def make(world: Any) -> dict[str, Any]:
    """A ticket the client approved, a released invoice, and files on an early and a late one."""
    admin, job = world.people["administrator"], world.admin.job
    make_item("FIX", section="fixed_price")
    late = make_invoice(job=job, is_ticket=True, client_approved_on=TODAY, client_approved_by="D. Okafor")
    let_go = make_invoice(job=job, signed=False, released_by=admin.name, released_on=TODAY, release_reason="On leave")
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    picture = keep_picture(out.getvalue(), Limits())
    return {
        "approved_ticket": late,
        "let_go": let_go,
        "billed_job": make_job(billing_type=BillingType.FIXED_PRICE),
        "early_file": attach(world.pm.pk, file=picture, name="map.png", by=admin),
        "late_file": attach(late.pk, file=picture, name="map.png", by=admin),
    }
