"""What QuickBooks Desktop calls our clients, items, accounts, taxes and terms, and how free text is written there."""

from datetime import date

from exports.formats.fields import nfc, one_line, rate
from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData, LineData, TaxData

ADDRESS_LINES = 5


class Names:
    """The names under one profile: what is mapped, else our own name or code. NFC, as the code page wants it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    @property
    def is_autostax(self) -> bool:
        return self.profile["tax_style"] == "autostax"

    def customer(self, invoice: InvoiceData) -> str:
        """QuickBooks knows customers by name; "Client:Job" only where it is mapped so."""
        return nfc(self.profile.mapped(Kind.CLIENT, invoice.client_number).theirs or invoice.client_name)

    def item(self, line: LineData) -> str:
        return nfc(self.profile.item(line))

    @property
    def tax_accounts(self) -> set[str]:
        """Every account that taxes may post to: the reader of totals knows taxes by them."""
        mapped = {each.account for each in self.profile.maps.get(Kind.TAX, {}).values()}
        return {self.profile["tax_account"], *mapped} - {""}

    def income_account(self, line: LineData) -> str:
        return nfc(self.profile.account(line))

    def terms(self, invoice: InvoiceData) -> str:
        return nfc(self.profile.mapped(Kind.TERMS, invoice.terms).theirs or invoice.terms)

    def tax_item(self, tax: TaxData) -> str:
        return nfc(self.profile.mapped(Kind.TAX, tax.code).theirs or tax.name or tax.code)

    def tax_item_of(self, codes: str) -> str:
        """The tax group that stands for several taxes; "" when it is not mapped."""
        return self.profile.mapped(Kind.TAX, codes).theirs

    def tax_text(self, tax: TaxData) -> str:
        return self.free(f"{tax.name} {rate(tax.rate)}%")

    def tax_account(self, tax: TaxData | None) -> str:
        own = self.profile.mapped(Kind.TAX, tax.code).account if tax else ""
        return own or self.profile["tax_account"]

    def booked_tax(self, tax: TaxData) -> str:
        """What the control totals call a tax: its item and the account it posts to."""
        return f"{self.tax_item(tax)} ({self.tax_account(tax)})"

    def tax_agency(self, tax: TaxData | None) -> str:
        own = self.profile.mapped(Kind.TAX, tax.code).extra if tax else ""
        return own or self.profile["tax_agency"]

    @property
    def class_(self) -> str:
        """Of each document and line; "" without class tracking."""
        return self.profile["class"]

    @property
    def tax_agencies(self) -> set[str]:
        mapped = {each.extra for each in self.profile.maps.get(Kind.TAX, {}).values()}
        return {self.profile["tax_agency"], *mapped} - {""}

    def address(self, invoice: InvoiceData) -> list[str]:
        """The billing address, the name first, one line a column."""
        return [nfc(each) for each in (invoice.bill_to_name or invoice.client_name, *invoice.address)]

    def day(self, day: date) -> str:
        return day.isoformat() if self.profile["dates"] == "iso" else f"{day:%m/%d/%Y}"

    def free(self, text: str) -> str:
        r"""Free text: a line break is \n, and what would cut or break a row is replaced as docs/formats.md says."""
        lines = text.replace("\\n", "/n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        joined = "\\n".join(one_line(line) for line in lines).strip()
        return joined.replace(";", ",").replace('"', "''")
