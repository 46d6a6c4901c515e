"""Who may enter the progress of a fixed-price job, which is the own manager's, and delete an entry."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from jobbook.jobs.models import BillingType, PercentEntry
from tests.access.row import Row
from tests.factories import TODAY, make_job

SAVED = "302 302 404 403 403"
KIND = {"kind": "percent"}

ROWS: list[Row] = [
    Row("job_page", "200 200 404 200 403", at="fixed_job"),
    Row("job_progress", post=SAVED, at="fixed_job", data={"on": "2026-11-02", "percent": "40"}),
    Row("job_progress_delete", "200 200 404 403 403", SAVED, at="percent_entry", fixed=KIND),
]


def make(world: Any) -> dict[str, Any]:
    manager = world.people["own manager"]
    job = make_job(project_manager=manager, billing_type=BillingType.FIXED_PRICE)
    facts = {"date": TODAY, "entered_by": manager, "entered_at": timezone.now()}
    return {"fixed_job": job, "percent_entry": PercentEntry.objects.create(job=job, percent=Decimal(30), **facts)}
