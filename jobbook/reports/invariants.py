"""What must always hold of kept reports."""

import json
from collections.abc import Iterator

from django.db.models import Q

from jobbook.common.invariants import Invariant, gapless
from jobbook.common.models import AuditEntry
from jobbook.common.money import money_sum, total_of
from jobbook.reports.kept.keeping import content_hash
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.figures import UNBILLED, Part


def _unchanged() -> Iterator[str]:
    """Its head and rows hash to what the audit says, and the rows add up to its figures."""
    entries = dict(AuditEntry.objects.filter(action="report.keep").values_list("number", "values"))
    for kept in KeptReport.objects.order_by("number").iterator():
        said = json.loads(entries.get(kept.entry_number, "{}")).get("sha256")
        if content_hash(kept) != kept.sha256 or kept.sha256 != said:
            yield f"kept report {kept.number} is not what it was when it was kept"
        unbilled = money_sum("amount", filter=Q(place__in=UNBILLED))
        work = kept.work.aggregate(recorded=money_sum("amount"), unbilled=unbilled)
        invoiced = total_of(kept.invoices.aggregate(**{f"sum_{part}": money_sum(part) for part in Part}).values())
        if (work["recorded"], work["unbilled"], invoiced) != (kept.recorded, kept.unbilled, kept.invoiced):
            yield f"kept report {kept.number}: its rows do not add up to its figures"


def _numbers() -> Iterator[str]:
    return gapless("kept_report", "reports_keptreport")


INVARIANTS = (
    Invariant("W-1", "a kept report is what it was when it was kept", _unchanged),
    Invariant("W-2", "the numbers of kept reports have no gaps", _numbers),
)
