"""Who gets what of the pages of clients, jobs and rate sheets. The job is the own manager's."""

from typing import Any

from tests.access.row import MONEY, NOBODY_ELSE, OWN, Row
from tests.factories import make_client, make_item, make_job, make_rate_sheet

SAVED = "302 403 403 403 403"
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
CLIENT = {
    "client_number": "C-NEW",
    "name": "Alder Mills",
    "terms_days": "30",
    "active": "on",
    **{f"{prefix}-{name}": value for prefix in ("contacts", "addresses") for name, value in NO_ROWS.items()},
}
JOB = {
    "job_number": "27-1",
    "project_name": "Pipe",
    "client": "@jobs_client",
    "project_manager": "@manager",
    "billing_type": "time_and_material",
    "invoice_type": "invoice",
    "line_item_type": "detailed",
    "active": "on",
    **{f"{prefix}-{name}": value for prefix in ("taxes", "fees", "items") for name, value in NO_ROWS.items()},
}

ROWS: list[Row] = [
    Row("client_list", MONEY),
    Row("client_new", NOBODY_ELSE, SAVED, data=CLIENT),
    Row("client_page", OWN, at="jobs_client"),
    Row("client_page", "200 404 404 200 403", at="idle_client"),
    Row("client_edit", NOBODY_ELSE, SAVED, at="jobs_client", data={**CLIENT, "version": "@jobs_client_version"}),
    Row("job_list", MONEY),
    Row("job_new", NOBODY_ELSE, SAVED, data=JOB),
    Row("job_page", OWN, at="job"),
    Row("job_edit", NOBODY_ELSE, SAVED, at="job", data={**JOB, "version": "@job_version"}),
    Row("job_clone", NOBODY_ELSE, at="job"),
    Row("rate_sheet_list", MONEY),
    Row("rate_sheet_new", NOBODY_ELSE, SAVED, data={"name": "Rates 2027", "active": "on"}),
    Row("rate_sheet_edit", NOBODY_ELSE, SAVED, at="rates", data={"name": "Rates", "version": "@rates_version"}),
    Row("rate_sheet_clone", NOBODY_ELSE, SAVED, at="rates", data={"name": "Rates 2028"}),
    Row("rate_sheet_pdf", OWN, at="rates"),
]


def make(world: Any) -> dict[str, Any]:
    client, rates = make_client(), make_rate_sheet({make_item(): ("96", "96")})
    manager = world.people["own manager"]
    job = make_job(client=client, project_manager=manager, rate_sheet=rates)
    return {"jobs_client": client, "idle_client": make_client(), "job": job, "rates": rates, "manager": manager}
