"""What keeps a document out of an IIF file, each with the field, the reason, and where it is mended."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    Findings,
    check_whole,
    nfc,
    priced,
    tax_key,
    words_of,
)
from exports.formats.iif_names import ADDRESS_LINES, Names
from exports.formats.mending import (
    Page,
    of_account,
    of_client,
    of_invoice,
    of_item,
    of_setting,
    of_tax,
    of_terms,
)
from exports.formats.profile import Profile
from invoices.document import InvoiceData

FORBIDDEN = '\t;"'
_LEVEL = 31  # of an account, item, class or terms, between colons
_CUSTOMER_LEVEL, _CUSTOMER = 41, 209
_NUMBER, _PO, _ADDRESS, _EMAIL, _MEMO = 11, 25, 41, 1023, 4095


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, in the order of its fields."""
    found, names = Findings(invoice), Names(profile)
    check_whole(found, currency=profile["currency"])
    _head(found, names)
    _lines(found, names)
    _taxes(found, names)
    _characters(found, names)
    return found.found


def account_refusal(text: str) -> str:
    """Why a setting cannot be the name of an account; "" when it can."""
    if any(character in FORBIDDEN for character in text):
        return "a tab, a semicolon or a quote cannot stand in a name"
    long = next((part for part in text.split(":") if len(part) > _LEVEL), None)
    return f"{long!r} has {len(long)} characters, at most {_LEVEL}" if long else ""


def _head(found: Findings, names: Names) -> None:
    invoice = found.invoice
    found.name("number", nfc(invoice.number), _NUMBER, FORBIDDEN)
    if not invoice.total:
        found.add("total is zero", "total", "QuickBooks takes no document of 0.00")
    _customer(found, names)
    receivables = names.profile["receivables"]
    found.name("receivables", receivables, _CUSTOMER, FORBIDDEN, mend=Mend.SETTING, key="receivables")
    lines = names.address(invoice)
    if len(lines) > ADDRESS_LINES:
        found.add("address too long", "bill_to", f"the address has {len(lines)} lines with the name, at most 5")
    for line in lines:
        found.name("bill_to", line, _ADDRESS, FORBIDDEN)
    if invoice.client_email:
        found.name("client_email", invoice.client_email, _EMAIL, FORBIDDEN)
    if invoice.po_number:
        found.name("po_number", nfc(invoice.po_number), _PO, FORBIDDEN)
    terms = names.terms(invoice)
    if terms and not invoice.is_credit_note:
        found.name("terms", terms, _LEVEL, FORBIDDEN, mend=Mend.TERMS, key=invoice.terms)
    found.text("memo", names.free(invoice.memo), _MEMO)
    found.unbroken("memo", invoice.memo)


def _customer(found: Findings, names: Names) -> None:
    """The levels are told by colons: in a name of ours a colon is an accident, in a mapped one it is meant."""
    invoice, name = found.invoice, names.customer(found.invoice)
    where, key = "client_name", invoice.client_number
    found.name(where, name, _CUSTOMER, FORBIDDEN, mend=Mend.CLIENT, key=key)
    for part in name.split(":"):
        if len(part) > _CUSTOMER_LEVEL:
            reason = f"{part!r} has {len(part)} characters, at most {_CUSTOMER_LEVEL}"
            found.add("client name too long", where, reason, Mend.CLIENT, key)
    if ":" in name and name == nfc(invoice.client_name):
        reason = f"the colon in {name!r} would make a job of a customer: map the client"
        found.add("client name with a colon", where, reason, Mend.CLIENT, key)
    if name != nfc(invoice.client_name):
        found.name(
            "client_name", nfc(invoice.client_name), _CUSTOMER_LEVEL, FORBIDDEN
        )  # the company on the customer's card
    if names.is_autostax and name.casefold() in {each.casefold() for each in names.tax_agencies}:
        found.add("client and agency share a name", where, f"{name!r} is a tax agency too", Mend.CLIENT, key)


def _lines(found: Findings, names: Names) -> None:
    profile = names.profile
    tax_accounts = {each.casefold() for each in names.tax_accounts}
    tax_items = {names.tax_item(tax).casefold() for tax in found.invoice.taxes}
    for where, line in words_of(priced(found.invoice)):
        item, account = names.item(line), names.income_account(line)
        _path(found, f"{where}.item_code", item, **of_item(line))
        _path(found, f"{where}.account_code", account, **of_account(line))
        if account and account.casefold() == profile["receivables"].casefold():
            reason = f"a line posts to receivables, {account!r}"
            found.add("line posts to receivables", f"{where}.account_code", reason, **of_account(line))
        if item.casefold() in tax_items:
            reason = f"the item of a line is that of a tax, {item!r}"
            found.add("item of a tax on a line", f"{where}.item_code", reason, **of_item(line))
        if account.casefold() in tax_accounts:
            reason = f"a line posts to the tax account {account!r}"
            found.add("line posts to a tax account", f"{where}.account_code", reason, **of_account(line))
        found.text(f"{where}.description", names.free(line.description), _MEMO)
        found.unbroken(f"{where}.description", line.description)


def _path(found: Findings, where: str, name: str, mend: Mend, key: str) -> None:
    found.name(where, name, _CUSTOMER, FORBIDDEN, mend=mend, key=key)
    for part in name.split(":"):
        if len(part) > _LEVEL:
            reason = f"{part!r} has {len(part)} characters, at most {_LEVEL}"
            found.add(f"{where.rpartition('.')[2].replace('_', ' ')} too long", where, reason, mend, key)


def _taxes(found: Findings, names: Names) -> None:
    for tax in found.invoice.taxes:
        for where, name in (("item", names.tax_item(tax)), ("account", names.tax_account(tax))):
            _path(found, f"taxes.{tax.code}.{where}", name, Mend.TAX, tax.code)
        if names.tax_account(tax).casefold() == names.profile["receivables"].casefold():
            reason = f"the tax {tax.code} posts to receivables, {names.tax_account(tax)!r}"
            found.add("tax posts to receivables", f"taxes.{tax.code}.account", reason, Mend.TAX, tax.code)
        if names.is_autostax:
            found.name(f"taxes.{tax.code}.agency", names.tax_agency(tax), 41, FORBIDDEN, mend=Mend.TAX, key=tax.code)
    if names.is_autostax:
        _one_tax(found, names)


def _one_tax(found: Findings, names: Names) -> None:
    """The US edition knows one tax item, or one group, for a whole document."""
    whole = ";".join(tax.code for tax in found.invoice.taxes)
    combinations = {whole, *(tax_key(line) for line in priced(found.invoice))} - {""}
    if len(combinations) > 1:
        reason = f"lines carry {' and '.join(sorted(combinations))}; QuickBooks knows one combination a document"
        found.add("different taxes on the lines", "lines.taxes", reason)
    if not whole and names.profile["zero_tax_item"]:
        _path(found, "zero_tax_item", names.profile["zero_tax_item"], Mend.SETTING, "zero_tax_item")
        found.name("tax_agency", names.profile["tax_agency"], 41, FORBIDDEN, mend=Mend.SETTING, key="tax_agency")
    for codes in sorted(combinations):
        if ";" in codes and not names.tax_item_of(codes):
            reason = f"the taxes {codes} have no tax group: map them"
            found.add("taxes without a group", "lines.taxes", reason, Mend.TAX, codes)
        elif ";" in codes:
            _path(found, "lines.taxes", names.tax_item_of(codes), Mend.TAX, codes)
            group = [("lines.taxes", names.tax_item_of(codes), of_tax(codes))]
            found.encodable(names.profile["characters"], group)


def _characters(found: Findings, names: Names) -> None:
    """Nothing that reaches the file is outside its code page."""
    invoice, here = found.invoice, of_invoice()
    texts: list[tuple[str, str, Page]] = [
        ("number", invoice.number, here),
        ("client_name", names.customer(invoice), of_client(invoice)),
        ("client_name", invoice.client_name, here),
        ("client_email", invoice.client_email, here),
        ("po_number", invoice.po_number, here),
        ("terms", names.terms(invoice), of_terms(invoice)),
        ("memo", names.free(invoice.memo), here),
        *(("bill_to", line, here) for line in names.address(invoice)),
    ]
    for tax in invoice.taxes:
        parts = (tax.name, names.tax_item(tax), names.tax_account(tax), names.tax_agency(tax))
        texts += [(f"taxes.{tax.code}", part, of_tax(tax.code)) for part in parts]
    for where, line in words_of(priced(invoice)):
        texts.append((f"{where}.description", names.free(line.description), here))
        texts.append((f"{where}.item_code", names.item(line), of_item(line)))
        texts.append((f"{where}.account_code", names.income_account(line), of_account(line)))
    for setting in ("receivables", "class", "tax_agency", "zero_tax_item"):
        texts.append((setting, names.profile[setting], of_setting(setting)))
    found.encodable(names.profile["characters"], texts)
