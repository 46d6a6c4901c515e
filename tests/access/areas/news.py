"""Who sees the money trail of a job, is told that what a page shows has changed, and what waits for them."""

from typing import Any

from jobbook.accounts.models import User
from tests.access.row import ALL, Row

ROWS: list[Row] = [
    Row("job_trail", "200 200 404 200 403", at="job"),
    Row("notices", ALL),
    Row("dashboard_news", ALL),
    Row("jobs_news", "400 400 400 400 403"),  # nothing is said of what the page shows
    Row("job_news", "400 400 404 400 403", at="job"),
    *[Row(f"{grid}_news", "400 400 400 400 403") for grid in ("invoice_process_backlog", "invoice_list")],
    *[Row(f"{grid}_news", "400 400 400 403 403") for grid in ("dwr_approval_backlog", "expense_approval_backlog")],
    Row("dwr_invoice_backlog_news", "400 403 403 403 403"),
]


def make(world: Any) -> dict[str, User]:
    return {}
