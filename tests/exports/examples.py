"""The worked example of the Sage, CSV and Xero formats: an invoice of two lines with GST and PST, and a credit note."""

from datetime import date
from typing import Any

from invoices.document import InvoiceData
from tests.exports.documents import document, line


def two_documents(**fields: Any) -> list[InvoiceData]:
    """INV-1001 of 549.64 and CN-1002 of -56.00; `fields` of both."""
    widgets = line("Widget A", "10", "25", item_code="WIDGET-A", account_code="40000-00")
    install = line("Installation, on site", "3", "80.25", item_code="INSTALL", account_code="40100-00")
    back = line("Widget A returned", "-2", "25", item_code="WIDGET-A", account_code="40000-00")
    later = date(2026, 3, 20)
    credit: dict[str, Any] = {"number": "CN-1002", "credits": "INV-1001", "memo": "Credit for INV-1001", "id": 2}
    dates = {"invoice_date": later, "due_date": later}
    return [document([widgets, install], **fields), document([back], **{**credit, **dates, **fields})]
