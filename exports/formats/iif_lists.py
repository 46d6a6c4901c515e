"""The lists of an IIF file: the customers of its documents, and with `lists = all` what else they name."""

from collections.abc import Iterator

from exports.formats.fields import nfc, price, priced, rate
from exports.formats.iif_names import Names
from exports.formats.profile import Profile
from invoices.document import InvoiceData, TaxData

_CUSTOMER = [
    *("NAME", "BADDR1", "BADDR2", "BADDR3", "BADDR4", "BADDR5", "COMPANYNAME"),
    *("FIRSTNAME", "LASTNAME", "EMAIL", "PHONE1", "TERMS", "TAXABLE"),
]
_COLUMNS = {
    "ACCNT": ["NAME", "ACCNTTYPE"],
    "TERMS": ["NAME", "DUEDAYS", "MINDAYS", "DISCPER", "DISCDAYS", "TERMSTYPE"],
    "VEND": ["NAME", "VTYPE"],
    "INVITEM": ["NAME", "INVITEMTYPE", "DESC", "ACCNT", "PRICE", "TAXABLE", "TAXVEND"],
    "CUST": _CUSTOMER,
}


class Lists:
    """Takes the documents one by one; each name once (whatever its case), parents first, in the order they come."""

    def __init__(self, profile: Profile) -> None:
        self.names = Names(profile)
        self.all = profile["lists"] == "all"
        self.found: dict[str, dict[str, list[str]]] = {keyword: {} for keyword in _COLUMNS}

    def take(self, invoice: InvoiceData) -> None:
        names = self.names
        terms = names.terms(invoice)
        if self.all:
            self._take_all(invoice, terms)
        customer = names.customer(invoice)
        address = [*names.address(invoice), "", "", "", "", ""][:5]
        sendable = terms if self.all and not invoice.is_credit_note else ""  # a new name would refuse the customer
        company, email = nfc(invoice.client_name), nfc(invoice.client_email)
        self._add("CUST", customer, *address, company, "", "", email, "", sendable, "Y")

    def _take_all(self, invoice: InvoiceData, terms: str) -> None:
        names = self.names
        self._add("ACCNT", names.profile["receivables"], "AR")
        if terms and not invoice.is_credit_note:
            self._add("TERMS", terms, str((invoice.due_date - invoice.invoice_date).days), "5", "0", "0", "0")
        for line in priced(invoice):
            account = names.income_account(line)
            self._add("ACCNT", account, "INC")
            unit_price = price(abs(line.unit_price)) if line.unit_price is not None else "0.00"
            taxable = "Y" if names.is_autostax and line.taxes else "N"
            text = names.free(line.description)
            self._add("INVITEM", names.item(line), "SERV", text, account, unit_price, taxable, "")
        for tax in invoice.taxes:
            self._take_tax(tax)

    def _take_tax(self, tax: TaxData) -> None:
        names = self.names
        account, agency, percent = names.tax_account(tax), names.tax_agency(tax), f"{rate(tax.rate)}%"
        self._add("ACCNT", account, "OCLIAB")
        kind, unit_price, vendor = ("COMPTAX", percent, agency) if names.is_autostax else ("OTHC", "0.00", "")
        if vendor:
            self._add("VEND", vendor, "Tax agency")
        self._add("INVITEM", names.tax_item(tax), kind, names.tax_text(tax), account, unit_price, "N", vendor)

    def _add(self, keyword: str, name: str, *cells: str) -> None:
        """A name, and before it those it lies under, with the same cells."""
        levels = name.split(":")
        for depth in range(1, len(levels) + 1):
            path = ":".join(levels[:depth])
            self.found[keyword].setdefault(path.casefold(), [path, *cells])

    def rows(self) -> Iterator[list[str]]:
        """Headings and rows, what others name before them."""
        for keyword, found in self.found.items():
            if found:
                yield [f"!{keyword}", *_COLUMNS[keyword]]
                yield from ([keyword, *cells] for cells in found.values())
