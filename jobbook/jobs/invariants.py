"""What must always hold of the work recorded."""

from collections.abc import Iterator

from jobbook.common.invariants import Invariant, query
from jobbook.common.money import line_amount
from jobbook.jobs.models import WorkLine


def _amounts() -> Iterator[str]:
    rows = WorkLine.objects.values_list("record__dwr_number", "line_number", "quantity", "unit_price", "amount")
    for number, line, quantity, price, amount in rows.iterator(chunk_size=5000):
        if line_amount(quantity, price) != amount:
            yield f"DWR {number} line {line}: {quantity} x {price} is not {amount}"


def _expense_versions() -> Iterator[str]:
    """An expense stands at the version its newest audit item left it at."""
    rows = query(
        "SELECT e.expense_number, e.version, a.last FROM jobs_expense e JOIN"
        " (SELECT object_id, max(version_after) AS last FROM common_audititem"
        " WHERE object_type = 'expense' GROUP BY object_id) a ON a.object_id = e.id WHERE a.last <> e.version"
    )
    for number, version, last in rows:
        yield f"Expense {number} stands at version {version}, its history ends at {last}"


INVARIANTS = (
    Invariant("I-10", "a DWR line's amount is quantity x price, to the cent", _amounts),
    Invariant("I-3e", "an expense stands at the version its history ends at", _expense_versions),
)
