"""What keeps a document out of a file for Sage 50 Canada, and what of it the file has no place for."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    Findings,
    check_shares,
    check_whole,
    priced,
    signed_quantity,
    words_of,
)
from exports.formats.mending import Page, of_client, of_invoice, of_item, of_tax
from exports.formats.profile import Profile
from exports.formats.sage50ca_names import CONTACT, EMAIL, ITEM, LONGEST, NAME, NUMBER, TAX, CaNames
from invoices.document import InvoiceData, LineData
from jobbook.common.money import round_money, round_quantity

_QUOTE = '"'


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, and warnings of what is lost."""
    found, names = Findings(invoice), CaNames(profile)
    check_whole(found, currency=profile["currency"])
    check_shares(found)
    found.between(profile["open_from"], profile["open_to"])
    if invoice.is_credit_note and profile["credit_notes"] == "list":
        reason = "the setting leaves credit notes out: enter it in Sage by hand"
        found.add("credit note", "kind", reason, Mend.SETTING, "credit_notes")
    _head(found, names)
    _taxes(found, names)
    for where, line in words_of(priced(invoice)):
        _line(found, names, where, line)
    _characters(found, names)
    _lost(found)
    return found.found


def _head(found: Findings, names: CaNames) -> None:
    invoice = found.invoice
    forbidden = _QUOTE if names.profile["quotes"] == "refuse" else ""
    customer, key = names.customer_as_given(invoice), invoice.client_number
    found.name("client_name", customer, NAME, forbidden, mend=Mend.CLIENT, key=key)
    found.name("number", names.number(invoice), NUMBER, _QUOTE)
    if names.order_number(invoice):
        found.name("po_number", names.order_number(invoice), NUMBER, _QUOTE)
    if invoice.client_email:
        found.name("client_email", invoice.client_email, EMAIL, _QUOTE)
    _shortened(found, "bill_to_name", names.contact(invoice), CONTACT)
    for part, most in zip(names.address(invoice), LONGEST, strict=True):
        _shortened(found, "bill_to", part, most)
        if forbidden and _QUOTE in part:
            found.add("characters that cannot be written", "bill_to", f"{part!r} holds {_QUOTE!r}")


def _shortened(found: Findings, where: str, text: str, most: int) -> None:
    if len(text) > most:
        found.warn(f"{where.replace('_', ' ')} cut", where, f"{text!r} has {len(text)} characters, {most} are written")


def _taxes(found: Findings, names: CaNames) -> None:
    seen: set[str] = set()
    for tax in found.invoice.taxes:
        name, where = names.tax(tax), f"taxes.{tax.code}"
        found.name(f"{where}.name", name, TAX, _QUOTE, mend=Mend.TAX, key=tax.code)
        if name.casefold() in seen:
            reason = f"{name!r} stands for two taxes of the document"
            found.add("two taxes under one name", f"{where}.name", reason, Mend.TAX, tax.code)
        seen.add(name.casefold())


def _line(found: Findings, names: CaNames, where: str, line: LineData) -> None:
    forbidden = _QUOTE if names.profile["quotes"] == "refuse" else ""
    item = names.item_as_given(line)
    if line.item_code and not item:
        reason = f"the item {line.item_code!r} has no name in Sage: map it"
        found.add("item not mapped", f"{where}.item_code", reason, **of_item(line))
    else:
        found.name(f"{where}.item_code", item, ITEM, forbidden, **of_item(line))
    for name, value in (("quantity", line.quantity), ("unit_price", line.unit_price)):
        if value is not None and value != round_quantity(value):
            found.add("over four decimals", f"{where}.{name}", f"{value} has over four decimals")
    if line.amount != round_money(line.amount):
        found.add("over two decimals", f"{where}.amount", f"{line.amount} has over two decimals")
    if line.quantity is not None and line.unit_price is not None and signed_quantity(line) is None:
        reason = f"{line.quantity} x {line.unit_price} is not {line.amount}: written as 1 x {line.amount}"
        found.warn("quantity and amount differ", f"{where}.amount", reason)


def _characters(found: Findings, names: CaNames) -> None:
    invoice, here = found.invoice, of_invoice()
    texts: list[tuple[str, str, Page]] = [
        ("client_name", names.customer(invoice), of_client(invoice)),
        ("number", names.number(invoice), here),
        ("po_number", names.order_number(invoice), here),
        ("client_email", invoice.client_email, here),
        ("bill_to_name", names.contact(invoice), here),
        *(("bill_to", part, here) for part in names.address(invoice)),
        *((f"taxes.{tax.code}", names.tax(tax), of_tax(tax.code)) for tax in invoice.taxes),
        *((f"{where}.item_code", names.item(line), of_item(line)) for where, line in words_of(priced(invoice))),
    ]
    found.encodable(names.profile["encoding"], texts)


def _lost(found: Findings) -> None:
    """The customer's record decides terms and due date in Sage, the item account and text."""
    invoice = found.invoice
    for where, lost, is_there in (
        ("memo", "memo", invoice.memo),
        ("terms", "due date and terms", True),
        ("job_number", "job", invoice.job_number),
        ("lines", "accounts and line texts", True),
    ):
        if is_there:
            found.warn(f"{lost} not carried", where, f"the file has no place for: {lost}")
