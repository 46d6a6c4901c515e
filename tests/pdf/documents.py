"""Documents to print, made without a database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoices.document import InvoiceData, LineData, TaxData
from jobbook.common.money import line_amount, tax_amount, total_of

DAY = date(2026, 10, 27)


def make_line(number: int = 1, **fields: Any) -> LineData:
    """A labour line of 8 h at 96.00; quantity and unit price as text."""
    quantity, price = fields.pop("quantity", "8"), fields.pop("unit_price", "96")
    values: dict[str, Any] = {
        "number": number,
        "section": "labour",
        "item_code": "LAB",
        "description": f"Journeyman pipefitter {number}",
        "quantity": None if quantity is None else Decimal(quantity),
        "unit": "h",
        "unit_price": None if price is None else Decimal(price),
        "account_code": "4010",
        "taxes": (),
        "service_date": None,
        "dwr_number": "",
        "dwr_description": "",
    }
    values.update(fields)
    if "amount" not in values:
        values["amount"] = line_amount(values["quantity"], values["unit_price"])
    return LineData(**values)


_PARTIES = {
    "client_number": "C-0001",
    "accounting_id": "KESTREL",
    "client_name": "Kestrel Midstream Inc.",
    "client_email": "ap@kestrel.example",
    "bill_to_name": "Kestrel Midstream Inc.",
    "bill_to": ("Accounts Payable", "1400, 555 4 Avenue SW", "Calgary", "Alberta", "T2P 0A0", ""),
    "seller_name": "Northfork Field Services Ltd.",
    "seller_address": "2210 Industrial Road, Edson, Alberta T7E 0A0",
    "seller_contact": "780-555-0142 · accounts@northfork.example",
    "seller_tax_number": "12345 6789 RT0001",
    "office_name": "Edson",
    "job_number": "26-1140",
    "project_name": "Station 14 piping tie-in",
    "client_project_number": "",
    "po_number": "4500183327",
}
_TERMS = {
    "invoice_date": date(2026, 10, 30),
    "due_date": date(2026, 11, 29),
    "currency": "CAD",
    "line_item_type": "detailed",
    "terms": "Net 30 days",
    "memo": "",
    "printed_terms": "Payment is due within 30 days of the invoice date.",
    "signed_by": "J. Lavoie",
    "signed_on": date(2026, 10, 29),
    "client_approved_on": None,
    "released_by": "",
    "released_on": None,
    "release_reason": "",
}


def make_document(lines: tuple[LineData, ...] | None = None, **fields: Any) -> InvoiceData:
    """A signed invoice of `lines` with GST 5% on all of them."""
    lines = (make_line(),) if lines is None else lines
    subtotal = total_of(line.amount for line in lines)
    tax = tax_amount(subtotal, Decimal(5))
    values: dict[str, Any] = {
        "id": 1,
        "version": 1,
        "content_version": 1,
        "kind": "credit_note" if subtotal < 0 else "invoice",
        "number": "INV-10456",
        "credits": "",
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
        "taxes": (TaxData("GST", "GST", Decimal(5), True, subtotal, tax),),
        "lines": lines,
    }
    return InvoiceData(**{**_PARTIES, **_TERMS, **values, **fields})


_CREW = [
    ("labour", "Foreman – J. Lavoie", "8", "h", "112"),
    ("labour", "Foreman – J. Lavoie, overtime", "2.5", "h", "168"),
    ("labour", "Journeyman pipefitter – A. Mensah", "8", "h", "96"),
    ("labour", "Apprentice, 3rd year – R. Cardinal", "8", "h", "68"),
    ("equipment", "Crew truck, 1-ton – unit 114", "1", "day", "185"),
    ("equipment", "Welding rig – unit W-07", "10.5", "h", "62"),
    ("equipment", "Pipe, 2 in. SCH 80 A106-B", "12", "m", "34.5375"),
    ("equipment", "Mileage, unit 114, Edson return", "240", "km", "0.72"),
]  # fmt: skip


def make_days(days: int = 3, *, notes: bool = False, fee: str = "") -> tuple[LineData, ...]:
    """The lines of `days` DWRs, eight each, with an unpriced note and a fee of so much where asked for."""
    lines: list[LineData] = []
    for index in range(days):
        record = {
            "service_date": DAY + timedelta(days=index),
            "dwr_number": str(8841 + index),
            "dwr_description": "Day shift, 07:00–17:30. Isolated and drained header, cut out spool 14-A.",
        }
        for section, text, quantity, unit, price in _CREW:
            priced = {"section": section, "description": text, "quantity": quantity, "unit": unit}
            lines.append(make_line(len(lines) + 1, unit_price=price, **priced, **record))
        if notes:
            lines.append(_unpriced(len(lines) + 1, "unpriced", "Client supplied the crane.", "0.00", **record))
    if fee:
        lines.append(_unpriced(len(lines) + 1, "fee", "Administration fee", fee))
    return tuple(lines)


def _unpriced(number: int, section: str, text: str, amount: str, **fields: Any) -> LineData:
    values = {"quantity": None, "unit_price": None, "unit": "", **fields}
    return make_line(number, section=section, description=text, amount=Decimal(amount), **values)
