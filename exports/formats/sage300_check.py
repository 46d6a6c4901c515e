"""What keeps a document out of a batch for Sage 300, and what the file shortens."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    Findings,
    check_decimals,
    check_shares,
    check_whole,
    harmless,
    nfc,
    one_line,
    priced,
    words_of,
)
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
from exports.formats.sage300_names import COMMENT, DESCRIPTION, MEMO, PLACES, Names300, is_place
from invoices.document import InvoiceData, LineData

_CUSTOMER, _NUMBER, _TERMS, _GROUP, _ACCOUNT, _ITEM, _UNIT, _SET, _LINES = 12, 22, 6, 12, 45, 16, 10, 6, 4999


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, and warnings of what is shortened."""
    found, names = Findings(invoice), Names300(profile)
    check_whole(found, currency=profile["currency"])
    check_shares(found)
    check_decimals(found)
    found.between(profile["open_from"], profile["open_to"])
    _head(found, names)
    _settings(found, profile)
    _taxes(found, names)
    lines = priced(invoice)
    if len(lines) > _LINES:
        found.add("too many lines", "lines", f"it has {len(lines)} lines, Sage takes {_LINES}")
    for where, line in words_of(lines):
        _line(found, names, where, line)
    if profile["file"] == "csv":
        _characters(found, names)
    return found.found


def _head(found: Findings, names: Names300) -> None:
    invoice = found.invoice
    found.identifier("customer_id", names.customer(invoice), _CUSTOMER, mend=Mend.CLIENT, key=invoice.client_number)
    found.identifier("number", nfc(invoice.number), _NUMBER)
    if invoice.po_number:
        found.identifier("po_number", nfc(invoice.po_number), _NUMBER)
    if names.profile["terms"] == "mapped" and invoice.terms:
        if names.terms(invoice):
            found.identifier("terms", names.terms(invoice), _TERMS, mend=Mend.TERMS, key=invoice.terms)
        else:
            reason = f"the terms {invoice.terms!r} have no code: map them"
            found.add("terms not mapped", "terms", reason, Mend.TERMS, invoice.terms)
    found.text("job_number", names.job(invoice), COMMENT)
    found.cut("memo", one_line(invoice.memo), MEMO)
    found.currency()


def _settings(found: Findings, profile: Profile) -> None:
    if profile["account_set"]:
        found.identifier("account_set", profile["account_set"], _SET, mend=Mend.SETTING, key="account_set")
    if profile["tax"] == "sage" and profile["schedule"] == "on":
        reason = "where Sage works the tax out, a payment schedule may not add up: leave it out"
        found.add("schedule with Sage's tax", "schedule", reason, Mend.SETTING, "schedule")


def _taxes(found: Findings, names: Names300) -> None:
    invoice = found.invoice
    if not invoice.taxes:
        return
    codes = ";".join(tax.code for tax in invoice.taxes)
    if names.group(invoice):
        found.identifier("taxes.group", names.group(invoice), _GROUP, mend=Mend.TAX, key=codes)
    else:
        found.add("taxes not mapped", "taxes.group", f"the taxes {codes} have no tax group: map them", Mend.TAX, codes)
    places = names.places(invoice)
    if len(invoice.taxes) > PLACES:
        found.add("over five taxes", "taxes", f"it has {len(invoice.taxes)} taxes, a tax group has {PLACES}")
    elif len(set(places.values())) < len(places) or not all(is_place(each, PLACES) for each in places.values()):
        reason = f"the taxes {codes} have no places from 1 to {PLACES} in their group, as in 1;2"
        found.add("tax without a place", "taxes.places", reason, Mend.TAX, codes)


def _line(found: Findings, names: Names300, where: str, line: LineData) -> None:
    found.identifier(f"{where}.account_code", names.account(line), _ACCOUNT, **of_account(line))
    if names.profile["documents"] == "item":
        found.identifier(f"{where}.item_code", names.item(line), _ITEM, **of_item(line))
        found.identifier(f"{where}.unit", nfc(line.unit), _UNIT)
    texts = names.texts(found.invoice, line)
    if len(names.job(found.invoice)) <= COMMENT < len(texts.comment):
        reason = (
            f"it does not fit {DESCRIPTION} characters, and the comment has {len(texts.comment)}, at most {COMMENT}"
        )
        found.add("description too long", f"{where}.description", reason)
    found.cut(f"{where}.description", one_line(line.description), DESCRIPTION)


def _characters(found: Findings, names: Names300) -> None:
    invoice, here = found.invoice, of_invoice()
    codes = ";".join(tax.code for tax in invoice.taxes)
    texts: list[tuple[str, str, Page]] = [
        ("customer_id", names.customer(invoice), of_client(invoice)),
        ("number", invoice.number, here),
        ("po_number", invoice.po_number, here),
        ("credits", invoice.credits, here),
        ("memo", names.memo(invoice), here),
        ("job_number", names.job(invoice), here),
        ("terms", names.terms(invoice), of_terms(invoice)),
        ("taxes.group", names.group(invoice), of_tax(codes)),
        ("account_set", names.profile["account_set"], of_setting("account_set")),
    ]
    for where, line in words_of(priced(invoice)):
        texts.append((f"{where}.description", harmless(line.description), here))
        texts.append((f"{where}.item_code", names.item(line), of_item(line)))
        texts.append((f"{where}.unit", line.unit, here))
        texts.append((f"{where}.account_code", names.account(line), of_account(line)))
    found.encodable(names.profile["encoding"], texts)
