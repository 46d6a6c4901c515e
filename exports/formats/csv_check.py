"""What keeps a document out of a generic CSV file, each with invoice, field and reason."""

import re
from collections.abc import Iterator
from decimal import Decimal

from exports.formats.base import Problem
from invoices.document import InvoiceData, LineData
from jobbook.common.money import line_amount, total_of

# Control characters, lone surrogates and a byte order mark inside text. Line breaks may stand in quotes.
_FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DOCUMENT_TEXTS = [
    "number",
    "credits",
    "accounting_id",
    "client_number",
    "client_name",
    "client_email",
    "po_number",
    "terms",
    "memo",
    "job_number",
]
_ADDRESS = ["address_1", "address_2", "city", "region", "postal_code", "country"]
_LINE_TEXTS = ("item_code", "description", "account_code")
MOST_TAXES = 2


def problems_of(invoice: InvoiceData) -> Iterator[Problem]:
    """Every problem of a document, in the order of its fields."""
    for cause, field, reason in _findings(invoice):
        yield Problem(invoice.id, invoice.number, cause, field, reason)


Finding = tuple[str, str, str]  # cause, field, reason


def _findings(invoice: InvoiceData) -> Iterator[Finding]:
    yield from _head(invoice)
    lines = [line for line in invoice.lines if line.section != "unpriced"]
    if not lines:
        yield "no lines", "lines", "it has no priced line"
    for line in lines:
        yield from _line(line)
    yield from _texts(invoice, lines)
    if lines:
        yield from _sums(invoice, lines)


def _head(invoice: InvoiceData) -> Iterator[Finding]:
    if not invoice.number.strip():
        yield "no number", "number", "the number is missing"
    if not invoice.client_name.strip():
        yield "no client name", "client_name", "the client's name is missing"
    if not invoice.invoice_date:
        yield "no date", "invoice_date", "the date is missing"
    if not invoice.due_date:
        yield "no due date", "due_date", "the due date is missing"
    if invoice.invoice_date and invoice.due_date and invoice.due_date < invoice.invoice_date:
        yield "due before its date", "due_date", f"due {invoice.due_date}, dated {invoice.invoice_date}"
    if not _CURRENCY.fullmatch(invoice.currency):
        yield "currency unknown", "currency", f"the currency {invoice.currency!r} is not three capital letters"
    if invoice.kind not in {"invoice", "credit_note"}:
        yield "kind unknown", "kind", f"{invoice.kind!r} is neither an invoice nor a credit note"
    elif (invoice.total > 0) if invoice.is_credit_note else (invoice.total < 0):
        kind = "a credit note" if invoice.is_credit_note else "an invoice"
        yield "sign does not fit", "total", f"{invoice.total} does not fit {kind}"


def _line(line: LineData) -> Iterator[Finding]:
    where = f"lines.{line.number}"
    if len(line.taxes) > MOST_TAXES:
        names = ", ".join(tax.name for tax in line.taxes)
        yield "over two taxes on a line", f"{where}.taxes", f"line {line.number} has {len(line.taxes)} taxes ({names})"
    if not line.description.strip():
        yield "no description", f"{where}.description", f"line {line.number} has no description"
    if line.quantity is not None and line.unit_price is not None:
        product = line_amount(line.quantity, line.unit_price)
        if product != line.amount:
            reason = f"{line.quantity} x {line.unit_price} is {product}, the amount is {line.amount}"
            yield "quantity and amount differ", f"{where}.amount", reason
    for name, amount in [("amount", line.amount), *[(f"taxes.{t.code}", t.amount) for t in line.taxes]]:
        if _decimals(amount) > 2:
            yield "over two decimals", f"{where}.{name}", f"{amount} of line {line.number} has over two decimals"


def _texts(invoice: InvoiceData, lines: list[LineData]) -> Iterator[Finding]:
    for name in _DOCUMENT_TEXTS:
        yield from _characters(name, getattr(invoice, name))
    for name, value in zip(_ADDRESS, invoice.bill_to, strict=True):
        yield from _characters(f"bill_to.{name}", value)
    for line in lines:
        for name in _LINE_TEXTS:
            yield from _characters(f"lines.{line.number}.{name}", getattr(line, name))
        for tax in line.taxes:
            yield from _characters(f"lines.{line.number}.taxes", tax.name + tax.code)


def _characters(field: str, value: str) -> Iterator[Finding]:
    found = _FORBIDDEN.search(value)
    if found:
        name = f"U+{ord(found[0]):04X}"
        yield "characters that cannot be written", field, f"the character {name} cannot stand in the file"


def _sums(invoice: InvoiceData, lines: list[LineData]) -> Iterator[Finding]:
    for name, stored, sum_ in (
        ("subtotal", invoice.subtotal, total_of(line.amount for line in lines)),
        ("tax", invoice.tax, total_of(tax.amount for tax in invoice.taxes)),
        ("tax", invoice.tax, total_of(line.tax_amount for line in lines)),
        ("total", invoice.total, invoice.subtotal + invoice.tax),
    ):
        if stored != sum_:
            yield "lines and totals differ", name, f"the {name} is {stored}, its parts give {sum_}"
        if _decimals(stored) > 2:
            yield "over two decimals", name, f"the {name} {stored} has over two decimals"


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 99
