"""The lists of an IIF file: the customers of its documents, and with `lists = all` what else they name."""

from collections.abc import Iterator
from decimal import Decimal

from exports.formats.fields import price, priced, rate
from exports.formats.iif_names import Names
from exports.formats.profile import Profile
from invoices.document import InvoiceData, TaxData

_CUSTOMER = [
    *("NAME", "BADDR1", "BADDR2", "BADDR3", "BADDR4", "BADDR5", "COMPANYNAME"),
    *("FIRSTNAME", "LASTNAME", "EMAIL", "PHONE1", "TERMS", "TAXABLE"),
]
_ITEM = ["NAME", "INVITEMTYPE", "DESC", "ACCNT", "PRICE", "TAXABLE", "TAXVEND"]
_TERMS = ["NAME", "DUEDAYS", "MINDAYS", "DISCPER", "DISCDAYS", "TERMSTYPE"]


class Lists:
    """Takes the documents one by one; each name once, in the order in which it comes."""

    def __init__(self, profile: Profile) -> None:
        self.names = Names(profile)
        self.all = profile["lists"] == "all"
        self.accounts: dict[str, str] = {}  # name -> type
        self.terms: dict[str, int] = {}  # name -> days
        self.agencies: dict[str, None] = {}
        self.items: dict[str, list[str]] = {}
        self.customers: dict[str, list[str]] = {}

    def take(self, invoice: InvoiceData) -> None:
        names = self.names
        terms = names.terms(invoice)
        if self.all:
            self._take_all(invoice, terms)
        customer = names.customer(invoice)
        self.customers.setdefault(customer, self._customer(invoice, customer, terms))

    def _take_all(self, invoice: InvoiceData, terms: str) -> None:
        names = self.names
        self.accounts.setdefault(names.profile["receivables"], "AR")
        if terms and not invoice.is_credit_note:
            self.terms.setdefault(terms, (invoice.due_date - invoice.invoice_date).days)
        for line in priced(invoice):
            account = names.income_account(line)
            self.accounts.setdefault(account, "INC")
            item = names.item(line)
            unit_price = price(abs(line.unit_price)) if line.unit_price is not None else "0.00"
            taxable = "Y" if names.is_autostax and line.taxes else "N"
            row = [item, "SERV", names.free(line.description)[:100], account, unit_price, taxable, ""]
            self.items.setdefault(item, row)
        for tax in invoice.taxes:
            self._take_tax(tax)

    def _take_tax(self, tax: TaxData) -> None:
        names = self.names
        account, agency, item = names.tax_account(tax), names.tax_agency(tax), names.tax_item(tax)
        self.accounts.setdefault(account, "OCLIAB")
        text = names.free(f"{tax.name} {rate(tax.rate)}%")
        if names.is_autostax:
            self.agencies.setdefault(agency)
            self.items.setdefault(item, [item, "COMPTAX", text, account, f"{rate(tax.rate)}%", "N", agency])
        else:
            self.items.setdefault(item, [item, "OTHC", text, account, price(Decimal(0)), "N", ""])

    def _customer(self, invoice: InvoiceData, name: str, terms: str) -> list[str]:
        address = [*self.names.address(invoice), "", "", "", "", ""][:5]
        sendable = terms if self.all else ""  # terms that QuickBooks lacks would refuse the customer
        return [name, *address, invoice.client_name, "", "", invoice.client_email, "", sendable, "Y"]

    def rows(self) -> Iterator[list[str]]:
        """Headings and rows, what others name before them."""
        yield from _list("ACCNT", ["NAME", "ACCNTTYPE"], ([name, kind] for name, kind in self.accounts.items()))
        terms = ([name, str(days), "5", "0", "0", "0"] for name, days in self.terms.items())
        yield from _list("TERMS", _TERMS, terms)
        yield from _list("VEND", ["NAME", "VTYPE"], ([name, "Tax agency"] for name in self.agencies))
        yield from _list("INVITEM", _ITEM, iter(self.items.values()))
        yield from _list("CUST", _CUSTOMER, iter(self.customers.values()))


def _list(keyword: str, columns: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    found = list(rows)
    if found:
        yield [f"!{keyword}", *columns]
        yield from ([keyword, *row] for row in found)
