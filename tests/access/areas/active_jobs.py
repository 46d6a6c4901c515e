"""Who gets what of the Active Job Dashboard, and of the files of grids."""

from typing import Any

from tests.access.row import MONEY, OWN, Row
from tests.factories import make_job

ROWS: list[Row] = [
    Row("active_jobs", MONEY),
    Row("active_jobs", MONEY, htmx=True),
    Row("active_jobs_filters", MONEY),
    Row("active_jobs_rows", post=MONEY, data={"query": "", "filters": ""}),
    Row("active_jobs_size", post="302 302 302 302 403", data={"size": "100"}),
    *[Row(f"{grid}_{kind}", MONEY) for grid in ("active_jobs", "invoice_list") for kind in ("csv", "xlsx")],
    Row("active_job_row", OWN, at="active_job"),
    Row("active_job_row", OWN, at="active_job", htmx=True),
]


def make(world: Any) -> dict[str, Any]:
    return {"active_job": make_job(project_manager=world.people["own manager"])}
