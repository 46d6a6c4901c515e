"""Where something about a document is mended: the last arguments of what `Findings` offers, `name(.., **page)`."""

from typing import TypedDict

from exports.formats.base import Mend
from exports.formats.profile import LINE_ITEM
from invoices.document import InvoiceData, LineData


class Page(TypedDict):
    mend: Mend
    key: str


def of_invoice() -> Page:
    return {"mend": Mend.INVOICE, "key": ""}


def of_client(invoice: InvoiceData) -> Page:
    return {"mend": Mend.CLIENT, "key": invoice.client_number}


def of_terms(invoice: InvoiceData) -> Page:
    return {"mend": Mend.TERMS, "key": invoice.terms}


def of_tax(codes: str) -> Page:
    return {"mend": Mend.TAX, "key": codes}


def of_setting(name: str) -> Page:
    return {"mend": Mend.SETTING, "key": name}


def of_item(line: LineData) -> Page:
    """The mapping of the line's item, or the setting for lines without one."""
    return {"mend": Mend.ITEM, "key": line.item_code} if line.item_code else of_setting(LINE_ITEM.name)


def of_account(line: LineData) -> Page:
    """The mapping of the line's item, or the setting for accounts of lines without one."""
    return {"mend": Mend.ITEM, "key": line.item_code} if line.item_code else of_setting("income_account")
