"""Who sees the money trail of a job and kept reports, and who is told what changed and what waits."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.reports.kept.keeping import keep_report
from jobbook.reports.wip.asked import read
from tests.access.row import ALL, MONEY, Row

KEPT = "200 200 404 404 403"  # which the own manager kept

ROWS: list[Row] = [
    Row("kept_list", MONEY),
    Row("keep_report", post="302 302 302 302 403", data={"report": "period=never"}),
    Row("kept_report", KEPT, at="kept"),
    Row("kept_file", KEPT, at="kept", fixed={"kind": "csv"}),
    Row("kept_file", KEPT, at="kept", fixed={"kind": "xlsx"}),
    Row("kept_moved", KEPT, at="kept"),
    Row("job_trail", "200 200 404 200 403", at="job"),
    Row("notices", ALL),
    Row("dashboard_news", ALL),
    Row("wip_news", "400 400 400 400 403"),  # nothing is said of what the page shows
    Row("job_news", "400 400 404 400 403", at="job"),
    *[
        Row(f"{grid}_news", "400 400 400 400 403")
        for grid in ("invoice_process_backlog", "invoice_list", "active_jobs")
    ],
    *[Row(f"{grid}_news", "400 400 400 403 403") for grid in ("dwr_approval_backlog", "expense_approval_backlog")],
    Row("dwr_invoice_backlog_news", "400 403 403 403 403"),
]


def make(world: Any) -> dict[str, int]:
    manager: User = world.people["own manager"]
    asked = read(QueryDict("period=all"), manager, timezone.localdate())
    return {"kept": keep_report(asked, by=manager).number}
