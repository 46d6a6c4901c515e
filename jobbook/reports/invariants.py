"""What must always hold of kept reports."""

import json
from collections.abc import Iterator

from django.db.models import Sum

from jobbook.common.invariants import Invariant, gapless
from jobbook.common.models import AuditEntry
from jobbook.common.money import total_of
from jobbook.reports.kept.keeping import rows_hash
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.figures import UNBILLED, Part


def _unchanged() -> Iterator[str]:
    """Its rows hash to what the audit says, and add up to its figures."""
    entries = dict(AuditEntry.objects.filter(action="report.keep").values_list("number", "values"))
    for kept in KeptReport.objects.order_by("number").iterator():
        said = json.loads(entries.get(kept.entry_number, "{}")).get("sha256")
        if rows_hash(kept) != kept.sha256 or kept.sha256 != said:
            yield f"kept report {kept.number} is not what it was when it was kept"
        sums = kept.work.aggregate(recorded=Sum("amount"))
        unbilled = total_of(kept.work.filter(place__in=UNBILLED).values_list("amount", flat=True))
        parts = kept.invoices.aggregate(**{f"sum_{part}": Sum(part) for part in Part})
        invoiced = total_of(amount for amount in parts.values() if amount is not None)
        if (sums["recorded"] or 0, unbilled, invoiced) != (kept.recorded, kept.unbilled, kept.invoiced):
            yield f"kept report {kept.number}: its rows do not add up to its figures"


def _numbers() -> Iterator[str]:
    return gapless("kept_report", "reports_keptreport")


INVARIANTS = (
    Invariant("W-1", "a kept report is what it was when it was kept", _unchanged),
    Invariant("W-2", "the numbers of kept reports have no gaps", _numbers),
)
