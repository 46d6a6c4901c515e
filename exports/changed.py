"""A document as it was sent and as it is now, side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from exports.models import ExportItem
from exports.snapshot import thaw
from invoices.document import InvoiceData, LineData, load
from invoices.models import Invoice
from jobbook.common.templatetags.jobbook import money_text

_FIELDS = {
    "number": "Number",
    "credits": "Credits",
    "invoice_date": "Date",
    "due_date": "Due date",
    "terms": "Terms",
    "currency": "Currency",
    "client_number": "Client number",
    "accounting_id": "Accounting ID",
    "client_name": "Client",
    "client_email": "E-mail",
    "bill_to_name": "Bill to",
    "bill_to": "Billing address",
    "seller_name": "Our name",
    "seller_address": "Our address",
    "seller_contact": "Our contact",
    "seller_tax_number": "Our tax number",
    "seller_logo": "Logo",
    "office_name": "Office",
    "job_number": "Job",
    "project_name": "Project",
    "client_project_number": "Client project",
    "location": "Location",
    "po_number": "PO number",
    "memo": "Memo",
    "printed_terms": "Printed terms",
    "line_item_type": "Lines are",
    "signed_by": "Signed by",
    "signed_on": "Signed on",
    "signature": "Signature",
    "released_by": "Released by",
    "released_on": "Released on",
    "release_reason": "Reason of the release",
    "client_approved_by": "Ticket approved by",
    "client_approved_on": "Ticket approved on",
    "client_signature": "Client's signature",
    "subtotal": "Subtotal",
    "tax": "Tax",
    "total": "Total",
}
_PICTURES = {"seller_logo", "signature", "client_signature"}  # only whether there is one is said
_MONEY = {"subtotal", "tax", "total", "amount", "base"}
_LINE_FIELDS = {
    "section": "section",
    "item_code": "item",
    "description": "text",
    "quantity": "quantity",
    "unit": "unit",
    "unit_price": "rate",
    "amount": "amount",
    "account_code": "account",
    "taxes": "taxes",
    "service_date": "work date",
    "dwr_number": "DWR",
}


@dataclass(frozen=True)
class Difference:
    """A field by name, in words as it was sent and as it is now; "" is nothing."""

    label: str
    sent: str
    now: str


@dataclass(frozen=True)
class Compared:
    """An invoice of an earlier run, with all that differs."""

    item: ExportItem
    differences: list[Difference]


def compared(items: list[ExportItem]) -> list[Compared]:
    """Each item's invoice as sent and as it is now: four queries, however many."""
    if not items:
        return []
    now = {each.id: each for each in load(Invoice.objects.filter(pk__in=[item.invoice_id for item in items]))}
    return [Compared(item, list(differences(thaw(item.sent), now[item.invoice_id]))) for item in items]


def differences(sent: InvoiceData, now: InvoiceData) -> Iterator[Difference]:
    """What differs, in the order of a document: head, lines, taxes, totals."""
    totals = ("subtotal", "tax", "total")
    yield from _of_fields(sent, now, [name for name in _FIELDS if name not in totals])
    yield from _of_lines(sent.lines, now.lines)
    yield from _of_taxes(sent, now)
    yield from _of_fields(sent, now, totals)


def _of_fields(sent: InvoiceData, now: InvoiceData, names: Iterable[str]) -> Iterator[Difference]:
    for name in names:
        old, new = getattr(sent, name), getattr(now, name)
        if old == new:
            continue
        if name in _PICTURES:
            yield Difference(_FIELDS[name], "there" if old else "", ("another" if old else "there") if new else "")
        else:
            yield Difference(_FIELDS[name], _shown(name, old), _shown(name, new))


def _of_lines(sent: Sequence[LineData], now: Sequence[LineData]) -> Iterator[Difference]:
    """Lines are paired by item and text, so a line put in between is one difference."""
    matcher = SequenceMatcher(None, [_key(line) for line in sent], [_key(line) for line in now], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for old, new in zip_longest(sent[a:b], now[c:d]):
            if old is None:
                yield Difference(f"Line {new.number}, added", "", _line(new))
            elif new is None:
                yield Difference(f"Line {old.number}, removed", _line(old), "")
            else:
                yield from _of_line(old, new)


def _of_line(old: LineData, new: LineData) -> Iterator[Difference]:
    for name, label in _LINE_FIELDS.items():
        before, after = _part(old, name), _part(new, name)
        if before != after:
            yield Difference(f"Line {new.number}, {label}", _shown(name, before), _shown(name, after))


def _of_taxes(sent: InvoiceData, now: InvoiceData) -> Iterator[Difference]:
    old, new = ({tax.code: tax for tax in each.taxes} for each in (sent, now))
    for code in [*old, *(code for code in new if code not in old)]:
        for name in ("name", "rate", "base", "amount"):
            before, after = (getattr(each.get(code), name, None) for each in (old, new))
            if before != after:
                yield Difference(f"Tax {code}, {name}", _shown(name, before), _shown(name, after))


def _key(line: LineData) -> tuple[str, str]:
    return line.item_code, line.description


def _part(line: LineData, name: str) -> Any:
    return ", ".join(tax.code for tax in line.taxes) if name == "taxes" else getattr(line, name)


def _line(line: LineData) -> str:
    """LAB Work: 2 x 96 = 192.00."""
    words = f"{line.item_code} {line.description}".strip()
    if line.quantity is None or line.unit_price is None:
        return f"{words}: {money_text(line.amount)}"
    figures = f"{_shown('quantity', line.quantity)} x {_shown('unit_price', line.unit_price)}"
    return f"{words}: {figures} = {money_text(line.amount)}"


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return money_text(value) if name in _MONEY else f"{value.normalize():f}"
    return ", ".join(filter(None, value)) if isinstance(value, tuple) else str(value)
