"""Frozen documents for format tests, made without a database; totals and shares worked out as drafting does."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.document import InvoiceData, LineData, TaxData, spread
from jobbook.common.money import line_amount, tax_amount, total_of

GST = ("GST", "GST", Decimal(5))
PST = ("PST", "PST", Decimal(7))


def line(description: str = "Work", quantity: str | None = "1", price: str | None = "100", **fields: Any) -> LineData:
    amount = (
        line_amount(Decimal(quantity), Decimal(price)) if quantity is not None and price is not None else Decimal(0)
    )
    values: dict[str, Any] = {
        "number": 1,
        "section": "labour",
        "item_code": "LAB",
        "description": description,
        "quantity": None if quantity is None else Decimal(quantity),
        "unit": "h",
        "unit_price": None if price is None else Decimal(price),
        "amount": amount,
        "account_code": "4010",
        "taxes": (),
        "service_date": None,
        "dwr_number": "",
        "dwr_description": "",
    }
    return LineData(**{**values, **fields})


def document(
    lines: list[LineData], taxes: tuple[tuple[str, str, Decimal], ...] = (GST, PST), **fields: Any
) -> InvoiceData:
    """A document of `lines`, all of them carrying `taxes` (code, name, rate in percent)."""
    codes = [code for code, _, _ in taxes]
    carrying = [(each.amount, [] if each.section == "unpriced" else codes) for each in lines]
    subtotal = total_of(each.amount for each in lines)
    rows = tuple(TaxData(code, name, rate, True, subtotal, tax_amount(subtotal, rate)) for code, name, rate in taxes)
    shares = spread(carrying, rows)
    numbered = tuple(
        replace(each, number=number, taxes=share)
        for number, (each, share) in enumerate(zip(lines, shares, strict=True), start=1)
    )
    tax = total_of(row.amount for row in rows)
    values: dict[str, Any] = {
        **TEXTS,
        "id": 1,
        "version": 1,
        "content_version": 1,
        "kind": "credit_note" if subtotal < 0 else "invoice",
        "number": "INV-1001",
        "invoice_date": date(2026, 3, 12),
        "due_date": date(2026, 4, 11),
        "currency": "CAD",
        "bill_to": ("123 Main St", "Suite 200", "Vancouver", "BC", "V5K 0A1", "CA"),
        "signed_on": None,
        "client_approved_on": None,
        "released_on": None,
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
        "taxes": rows,
        "lines": numbered,
    }
    return InvoiceData(**{**values, **fields})


TEXTS = {
    "credits": "",
    "client_number": "C-1",
    "accounting_id": "NORTHWIND",
    "client_name": "Café Northwind Traders Ltd.",
    "client_email": "ap@northwind.example",
    "bill_to_name": "Café Northwind Traders Ltd.",
    "seller_name": "Northfork Field Services Ltd.",
    "seller_address": "",
    "seller_contact": "",
    "seller_tax_number": "",
    "office_name": "",
    "job_number": "J100",
    "project_name": "Pump house",
    "client_project_number": "",
    "line_item_type": "detailed",
    "po_number": "PO-7788",
    "terms": "Net 30",
    "memo": "March services",
    "printed_terms": "",
    "signed_by": "",
    "released_by": "",
    "release_reason": "",
}
