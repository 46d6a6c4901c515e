"""What must always hold of the work recorded."""

from collections.abc import Iterator

from django.db.models import F, Model

from jobbook.accounts.models import User
from jobbook.common.invariants import Invariant, gapless, query
from jobbook.common.money import line_amount
from jobbook.jobs.models import (
    Client,
    Company,
    DailyWorkRecord,
    Employee,
    Expense,
    Item,
    Job,
    Office,
    RateSheet,
    Tax,
    WorkLine,
)

VERSIONED: dict[str, type[Model]] = {  # by their noun in the audit
    "client": Client,
    "company": Company,
    "dwr": DailyWorkRecord,
    "employee": Employee,
    "expense": Expense,
    "item": Item,
    "job": Job,
    "office": Office,
    "rate_sheet": RateSheet,
    "tax": Tax,
    "user": User,
}


def _amounts() -> Iterator[str]:
    rows = WorkLine.objects.values_list("record__dwr_number", "line_number", "quantity", "unit_price", "amount")
    for number, line, quantity, price, amount in rows.iterator(chunk_size=5000):
        if line_amount(quantity, price) != amount:
            yield f"DWR {number} line {line}: {quantity} x {price} is not {amount}"


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


def _newest_differs(noun: str, model: type[Model]) -> str:
    return (
        f"SELECT '{noun}', t.id, t.version, a.version_after FROM {model._meta.db_table} t"  # noqa: S608 - fixed text
        f" JOIN common_audititem a ON a.id = (SELECT i.id FROM common_audititem i WHERE i.object_type = '{noun}'"
        " AND i.object_id = t.id AND i.version_after IS NOT NULL ORDER BY i.entry_id DESC, i.id DESC LIMIT 1)"
        " WHERE a.version_after <> t.version"
    )


def _versions() -> Iterator[str]:
    """What the audit has no version of (seeded, or made before forms) is passed over."""
    rows = query(" UNION ALL ".join(_newest_differs(noun, model) for noun, model in VERSIONED.items()))
    for noun, pk, version, told in sorted(rows):
        yield f"{noun} {pk} stands at version {version}, its history ends at {told}"


def _foreign_addresses() -> Iterator[str]:
    rows = Job.objects.exclude(billing_address=None).exclude(billing_address__client=F("client"))
    for number, client in rows.values_list("job_number", "billing_address__client__name"):
        yield f"job {number} is billed to an address of {client}"


INVARIANTS = (
    Invariant("I-10", "a DWR line's amount is quantity x price, to the cent", _amounts),
    Invariant("I-6a", "what is in an approval batch was approved by it, and is in no undone one", _memberships),
    Invariant("I-18a", "an approval batch counts and sums its rows", _batch_counts),
    Invariant("I-20a", "approval batch numbers have no gaps", _batch_numbers),
    Invariant("I-3a", "a record stands at the version its history ends at", _versions),
    Invariant("I-60", "a job is billed to an address of its own client", _foreign_addresses),
)
