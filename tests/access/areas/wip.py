"""The WIP Report: everybody who sees money, each the own jobs."""

from typing import Any

from tests.access.row import MONEY, Row

OWN_JOB = "200 200 404 200 403"

ROWS = [
    Row("wip_report", MONEY),
    *[Row("wip_file", MONEY, fixed={"kind": kind}) for kind in ("csv", "xlsx", "pdf")],
    Row("wip_file", "404 404 404 404 403", fixed={"kind": "docx"}),
    Row("wip_job", OWN_JOB, at="wip_job"),
    Row("wip_work", MONEY),
    *[Row("wip_work_file", MONEY, fixed={"kind": kind}) for kind in ("csv", "xlsx")],
    Row("wip_invoices", MONEY),
    *[Row("wip_invoices_file", MONEY, fixed={"kind": kind}) for kind in ("csv", "xlsx")],
]


def make(world: Any) -> dict[str, Any]:
    return {"wip_job": world.admin.job}
