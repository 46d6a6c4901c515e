"""What must always hold of the work recorded."""

from collections.abc import Iterator

from jobbook.common.invariants import Invariant, gapless, query
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


_MEMBERS = (
    "SELECT 'record' AS kind, 'dwr' AS type, d.id, d.dwr_number AS number, d.batch_id, d.state,"
    " (SELECT coalesce(sum(l.amount), 0) FROM jobs_workline l WHERE l.record_id = d.id) AS amount"
    " FROM jobs_dailyworkrecord d WHERE d.batch_id IS NOT NULL"
    " UNION ALL SELECT 'expense', 'expense', e.id, e.expense_number, e.batch_id, e.state, e.amount"
    " FROM jobs_expense e WHERE e.batch_id IS NOT NULL"
)


def _memberships() -> Iterator[str]:
    """A row in a batch is approved, and the command that made the batch put it there."""
    rows = query(
        f"SELECT m.type, m.number, b.number FROM ({_MEMBERS}) m JOIN jobs_approvalbatch b ON b.id = m.batch_id"  # noqa: S608 - fixed text
        " LEFT JOIN common_audititem a ON a.entry_id = b.entry_number AND a.object_type = m.type AND a.object_id = m.id"
        " WHERE a.id IS NULL OR b.kind <> m.kind OR b.undone_at IS NOT NULL OR m.state NOT IN ('approved', 'processed')"
    )
    for kind, number, batch in rows:
        yield f"{kind} {number} is in approval batch {batch}, which is undone or did not approve it"


def _batch_counts() -> Iterator[str]:
    """A batch counts the rows of its audit entry; while all are in it, their amounts are its total."""
    rows = query(
        "SELECT b.number FROM jobs_approvalbatch b"  # noqa: S608 - fixed text
        " LEFT JOIN (SELECT entry_id, count(*) AS count FROM common_audititem WHERE object_type IN ('dwr', 'expense')"
        " GROUP BY entry_id) i ON i.entry_id = b.entry_number"
        f" LEFT JOIN (SELECT batch_id, count(*) AS count, sum(amount) AS total FROM ({_MEMBERS}) r GROUP BY batch_id) m"
        " ON m.batch_id = b.id"
        " WHERE b.count <> coalesce(i.count, 0) OR m.count > b.count OR (m.count = b.count AND m.total <> b.total)"
    )
    for (number,) in rows:
        yield f"approval batch {number}: its count or its total is not that of its rows"


def _batch_numbers() -> Iterator[str]:
    return gapless("approval_batch", "jobs_approvalbatch")


INVARIANTS = (
    Invariant("I-10", "a DWR line's amount is quantity x price, to the cent", _amounts),
    Invariant("I-6a", "what is in an approval batch was approved by it, and is in no undone one", _memberships),
    Invariant("I-18a", "an approval batch counts and sums its rows", _batch_counts),
    Invariant("I-20a", "approval batch numbers have no gaps", _batch_numbers),
    Invariant("I-3e", "an expense stands at the version its history ends at", _expense_versions),
)
