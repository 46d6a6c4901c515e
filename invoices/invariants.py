"""What must always hold of invoices and the batches that process them."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from invoices.models import InvoiceLine, InvoiceTax
from jobbook.common.invariants import Invariant, gapless, query
from jobbook.common.money import line_amount, tax_amount


def _line_amounts() -> Iterator[str]:
    rows = InvoiceLine.objects.filter(quantity__isnull=False)
    columns = ("invoice__number", "line_number", "quantity", "unit_price", "amount")
    for number, line, quantity, price, amount in rows.values_list(*columns).iterator(chunk_size=5000):
        if line_amount(quantity, price) != amount:
            yield f"{number} line {line}: {quantity} x {price} is not {amount}"


def _sums(table: str, noun: str, column: str) -> Iterator[str]:
    """The amounts of an invoice's rows in `table` add up to its `column`."""
    rows = query(
        "SELECT v.number FROM invoices_invoice v LEFT JOIN"  # noqa: S608 - our own names
        f" (SELECT invoice_id, sum(amount) AS total FROM {table} GROUP BY invoice_id) parts"
        f" ON parts.invoice_id = v.id WHERE coalesce(parts.total, 0) <> v.{column}"
    )
    for (number,) in rows:
        yield f"{number}: its {noun} do not add up to its {column}"


def _subtotals() -> Iterator[str]:
    return _sums("invoices_invoiceline", "lines", "subtotal")


def _tax_sums() -> Iterator[str]:
    return _sums("invoices_invoicetax", "taxes", "tax")


def _taxes() -> Iterator[str]:
    """Each tax is worked out once, on the sum of the lines that carry it; no line carries a tax the document lacks."""
    taxes = InvoiceTax.objects.order_by("invoice_id").values_list("invoice_id", "code", "rate", "base", "amount")
    lines = InvoiceLine.objects.exclude(taxes="").order_by("invoice_id").values_list("invoice_id", "taxes", "amount")
    by_invoice = groupby(taxes.iterator(chunk_size=5000), key=lambda row: row[0])
    of_lines = groupby(lines.iterator(chunk_size=5000), key=lambda row: row[0])
    pending = next(of_lines, None)
    for invoice_id, rows in by_invoice:
        while pending is not None and pending[0] < invoice_id:
            yield f"invoice {pending[0]}: a line carries a tax, the invoice has none"
            pending = next(of_lines, None)
        bases: dict[str, Decimal] = {}
        if pending is not None and pending[0] == invoice_id:
            bases = _bases([(codes, amount) for _, codes, amount in pending[1]])
            pending = next(of_lines, None)
        yield from _compare(invoice_id, [row[1:] for row in rows], bases)
    while pending is not None:
        yield f"invoice {pending[0]}: a line carries a tax, the invoice has none"
        pending = next(of_lines, None)


def _bases(lines: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    bases: dict[str, Decimal] = {}
    for codes, amount in lines:
        for code in codes.split(";"):
            bases[code] = bases.get(code, Decimal(0)) + amount
    return bases


def _compare(
    invoice_id: int, taxes: list[tuple[str, Decimal, Decimal, Decimal]], bases: dict[str, Decimal]
) -> Iterator[str]:
    for code, rate, base, amount in taxes:
        if bases.pop(code, Decimal(0)) != base:
            yield f"invoice {invoice_id}: the base of {code} is not the sum of its lines"
        if tax_amount(base, rate) != amount:
            yield f"invoice {invoice_id}: {code} is not {rate} % of {base}"
    for code in bases:
        yield f"invoice {invoice_id}: a line carries {code}, the invoice does not"


def _versions() -> Iterator[str]:
    """An invoice stands at the version its newest audit item left it at."""
    rows = query(
        "SELECT v.number, v.version, a.last FROM invoices_invoice v JOIN"
        " (SELECT object_id, max(version_after) AS last FROM common_audititem"
        " WHERE object_type = 'invoice' GROUP BY object_id) a ON a.object_id = v.id WHERE a.last <> v.version"
    )
    for number, version, last in rows:
        yield f"{number} stands at version {version}, its history ends at {last}"


def _memberships() -> Iterator[str]:
    """Who is in a batch was put there by the batch's own command, and the batch is not undone."""
    rows = query(
        "SELECT v.number, b.number FROM invoices_invoice v JOIN invoices_processbatch b ON b.id = v.batch_id"
        " WHERE b.undone_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM common_audititem a"
        " WHERE a.object_type = 'invoice' AND a.object_id = v.id AND a.entry_id = b.entry_number)"
    )
    for number, batch in rows:
        yield f"{number} is in batch {batch}, which is undone or did not process it"


def _batch_counts() -> Iterator[str]:
    """A batch counts the invoices of its audit entry; while all are in it, their totals are its total."""
    rows = query(
        "SELECT b.number, b.count, i.count, b.total, m.count, m.total FROM invoices_processbatch b"
        " LEFT JOIN (SELECT entry_id, count(*) AS count FROM common_audititem WHERE object_type = 'invoice'"
        " GROUP BY entry_id) i ON i.entry_id = b.entry_number"
        " LEFT JOIN (SELECT batch_id, count(*) AS count, sum(total) AS total FROM invoices_invoice"
        " WHERE batch_id IS NOT NULL GROUP BY batch_id) m ON m.batch_id = b.id"
        " WHERE (b.kind <> 'import' AND b.count <> coalesce(i.count, 0))"
        " OR (m.count = b.count AND m.total <> b.total) OR m.count > b.count"
    )
    for number, count, items, _, members, _ in rows:
        yield f"batch {number} says {count} invoices; {items} in its audit entry, {members} in it; or its total is off"


def _processed_once() -> Iterator[str]:
    """Between two process steps of an invoice somebody took it out of its batch."""
    rows = query(
        "SELECT v.number, s.entry_id FROM (SELECT a.object_id, a.entry_id, e.action,"
        " lag(e.action) OVER (PARTITION BY a.object_id ORDER BY a.entry_id) AS before"
        " FROM common_audititem a JOIN common_auditentry e ON e.number = a.entry_id WHERE a.object_type = 'invoice'"
        " AND e.action IN ('invoice.process', 'invoice.undo', 'invoice.untick')) s"
        " JOIN invoices_invoice v ON v.id = s.object_id WHERE s.action = 'invoice.process' AND s.before = s.action"
    )
    for number, entry in rows:
        yield f"{number} was processed by entry {entry} while it was in a batch"


def _credits() -> Iterator[str]:
    rows = query(
        "SELECT v.number FROM invoices_invoice v JOIN (SELECT credits_id, sum(total) AS total FROM invoices_invoice"
        " WHERE credits_id IS NOT NULL GROUP BY credits_id) c ON c.credits_id = v.id WHERE v.total + c.total < 0"
    )
    for (number,) in rows:
        yield f"{number}: more was credited than it says"


def _records() -> Iterator[str]:
    """A DWR behind a line stands on that invoice, on no other, and is approved."""
    rows = query(
        "SELECT DISTINCT v.number, d.dwr_number FROM invoices_invoiceline l"
        " JOIN invoices_invoice v ON v.id = l.invoice_id JOIN jobs_dailyworkrecord d ON d.id = l.record_id"
        " LEFT JOIN invoices_invoicedrecord r ON r.record_id = l.record_id AND r.invoice_id = l.invoice_id"
        " WHERE r.id IS NULL OR d.approved_on IS NULL"
    )
    for number, record in rows:
        yield f"{number}: DWR {record} is not approved, or is not marked as invoiced on it"


def _batch_numbers() -> Iterator[str]:
    return gapless("process_batch", "invoices_processbatch")


def _lines_present() -> Iterator[str]:
    rows = query(
        "SELECT number FROM invoices_invoice v WHERE queue <> 'pm' AND queue <> 'ticket' AND NOT EXISTS"
        " (SELECT 1 FROM invoices_invoiceline l WHERE l.invoice_id = v.id)"
    )
    for (number,) in rows:
        yield f"{number} has no lines"


INVARIANTS = (
    Invariant("I-10a", "a line's amount is quantity x price, to the cent", _line_amounts),
    Invariant("I-10b", "the lines of an invoice add up to its subtotal", _subtotals),
    Invariant("I-10c", "the taxes of an invoice add up to its tax", _tax_sums),
    Invariant("I-11", "each tax is worked out once, on the sum of its lines", _taxes),
    Invariant("I-3", "an invoice stands at the version its history ends at", _versions),
    Invariant("I-6", "an invoice is in the batch that processed it, and in no undone one", _memberships),
    Invariant("I-7", "an invoice is processed from the Admin Queue only", _processed_once),
    Invariant("I-18", "a batch counts and sums its invoices", _batch_counts),
    Invariant("I-20", "batch numbers have no gaps", _batch_numbers),
    Invariant("I-13", "credit notes never exceed the invoice they credit", _credits),
    Invariant("I-14", "a DWR is billed by one invoice, and was approved", _records),
    Invariant("I-12", "an invoice that reached the Admin Queue has lines", _lines_present),
)
