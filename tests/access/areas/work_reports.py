"""Who may open the reports of time and expenses: administrators and project managers."""

from typing import Any

from tests.access.row import Row

SLUGS = ("time-card", "time-grid", "line-items", "expenses")
ROWS: list[Row] = [Row("work_report", "200 200 200 403 403", fixed={"slug": slug}) for slug in SLUGS]


def make(_world: Any) -> dict[str, Any]:
    return {}
