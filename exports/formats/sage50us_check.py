"""What keeps a document out of a file for Sage 50 US, and what the file cuts."""

from exports.formats.base import Mend, Problem
from exports.formats.fields import (
    Findings,
    check_decimals,
    check_shares,
    check_whole,
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
from exports.formats.profile import Kind, Profile
from exports.formats.sage50us_customers import EMAIL, LONGEST, NAME, state
from exports.formats.sage50us_names import DESCRIPTION, NOTE, TERMS, UsNames
from invoices.document import InvoiceData, LineData

_ID, _ACCOUNT, _TAX, _ITEM, _JOB, _ROWS, _SAFE_NOTE = 20, 15, 8, 20, 20, 154, 254
_QUOTE = '"'
_CUSTOMER_ID = '*?+"'


def problems_of(invoice: InvoiceData, profile: Profile) -> list[Problem]:
    """Every problem of a document, and warnings of what is shortened."""
    found, names = Findings(invoice), UsNames(profile)
    check_whole(found, currency=profile["currency"])
    check_shares(found)
    check_decimals(found)
    found.between(profile["open_from"], profile["open_to"])
    _head(found, names)
    _taxes(found, names)
    for where, line in words_of(priced(invoice)):
        _line(found, names, where, line)
    rows = len(priced(invoice)) + len(invoice.taxes)
    if rows > _ROWS:
        found.add("too many lines", "lines", f"it has {rows} lines and taxes, Sage takes {_ROWS}")
    _customer(found, names)
    _characters(found, names)
    return found.found


def _head(found: Findings, names: UsNames) -> None:
    invoice, key = found.invoice, found.invoice.client_number
    found.identifier("customer_id", names.customer(invoice), _ID, _CUSTOMER_ID, mend=Mend.CLIENT, key=key)
    found.identifier("number", names.number(invoice), _ID, _QUOTE)
    if names.purchase_order(invoice):
        found.identifier("po_number", names.purchase_order(invoice), _ID, _QUOTE)
    if names.job(invoice):
        found.identifier("job_number", names.job(invoice), _JOB, ',"')
    receivables = names.profile["receivables"]
    found.identifier("receivables", receivables, _ACCOUNT, _QUOTE, mend=Mend.SETTING, key="receivables")
    found.cut("terms", one_line(names.profile.mapped(Kind.TERMS, invoice.terms).theirs or invoice.terms), TERMS)
    found.cut("memo", one_line(invoice.memo), NOTE)
    if _SAFE_NOTE < len(one_line(invoice.memo)) <= NOTE:
        reason = f"it has {len(one_line(invoice.memo))} characters, only {_SAFE_NOTE} are known to be safe"
        found.warn("long memo", "memo", reason)


def _taxes(found: Findings, names: UsNames) -> None:
    invoice = found.invoice
    codes = ";".join(tax.code for tax in invoice.taxes)
    if invoice.taxes and not names.sales_tax(invoice):
        reason = f"the taxes {codes} have no Sales Tax ID: map them"
        found.add("taxes not mapped", "taxes", reason, Mend.TAX, codes)
    elif invoice.taxes:
        found.identifier("taxes.sales_tax_id", names.sales_tax(invoice), _TAX, _QUOTE, mend=Mend.TAX, key=codes)
    seen: set[str] = set()
    for tax in invoice.taxes:
        where, agency = f"taxes.{tax.code}", names.agency(tax)
        found.identifier(f"{where}.agency", agency, _TAX, _QUOTE, mend=Mend.TAX, key=tax.code)
        found.identifier(f"{where}.account", names.tax_account(tax), _ACCOUNT, _QUOTE, mend=Mend.TAX, key=tax.code)
        if agency.casefold() in seen:
            reason = f"{agency!r} stands for two taxes of the document"
            found.add("two taxes with one agency", f"{where}.agency", reason, Mend.TAX, tax.code)
        seen.add(agency.casefold())


def _line(found: Findings, names: UsNames, where: str, line: LineData) -> None:
    code = line.item_code
    if names.item(line):
        found.identifier(f"{where}.item_code", names.item(line), _ITEM, _QUOTE, mend=Mend.ITEM, key=code)
    account = names.account(line)
    found.identifier(f"{where}.account_code", account, _ACCOUNT, _QUOTE, **of_account(line))
    found.cut(f"{where}.description", one_line(line.description), DESCRIPTION)


def _customer(found: Findings, names: UsNames) -> None:
    """What stands in CUSTOMER.CSV alone."""
    invoice = found.invoice
    if not one_line(invoice.client_name):
        found.add("client name missing", "client_name", "the client name is missing")
    found.cut("client_name", one_line(invoice.client_name), NAME)
    if invoice.client_email:
        found.identifier("client_email", invoice.client_email, EMAIL, _QUOTE)
    for at, (part, most) in enumerate(zip(invoice.bill_to, LONGEST, strict=True)):
        text = one_line(part)
        if at != 3:
            found.cut("bill_to", text, most)
        elif text and not state(text):
            found.warn("state unknown", "bill_to", f"Sage wants two letters for {text!r}: the state stays empty")


def _characters(found: Findings, names: UsNames) -> None:
    """Nothing that reaches the files is outside their code page."""
    invoice, here = found.invoice, of_invoice()
    codes = ";".join(tax.code for tax in invoice.taxes)
    texts: list[tuple[str, str, Page]] = [
        ("customer_id", names.customer(invoice), of_client(invoice)),
        ("number", names.number(invoice), here),
        ("po_number", names.purchase_order(invoice), here),
        ("credits", names.credited(invoice), here),
        ("job_number", names.job(invoice), here),
        ("terms", names.terms(invoice), of_terms(invoice)),
        ("memo", names.note(invoice), here),
        ("client_name", one_line(invoice.client_name), here),
        ("client_email", invoice.client_email, here),
        ("receivables", names.profile["receivables"], of_setting("receivables")),
        *(("bill_to", one_line(part), here) for part in invoice.bill_to),
        ("taxes", names.sales_tax(invoice), of_tax(codes)),
    ]
    for tax in invoice.taxes:
        words = f"{names.agency(tax)} {names.tax_account(tax)} {names.tax_text(tax)}"
        texts.append(("taxes", words, of_tax(tax.code)))
    for where, line in words_of(priced(invoice)):
        texts.append((f"{where}.description", names.description(line), here))
        texts.append((f"{where}.item_code", names.item(line), of_item(line)))
        texts.append((f"{where}.account_code", names.account(line), of_account(line)))
    found.encodable(names.profile["encoding"], texts)
