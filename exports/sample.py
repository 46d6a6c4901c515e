"""The test file of a format: one invoice and one credit note that mean nothing, for a first import into a copy.

Numbers, client, texts and amounts are fixed. Items, taxes, terms and currency are the firm's own, since a package
refuses what it does not know; so what the test file lacks, the real ones lack too.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from exports import profiles
from exports.formats.base import CompanyFacts, Context, Format, Problem
from exports.formats.profile import Kind, Profile
from invoices.document import InvoiceData, LineData, TaxData, spread
from invoices.models import Invoice, InvoiceKind, InvoiceTax
from jobbook.common.money import line_amount, tax_amount, total_of
from jobbook.jobs.models import Company, Item

INVOICE, CREDIT_NOTE = "TEST-1", "TEST-2"
CLIENT, CLIENT_NUMBER = "TEST Job Book", "TEST"
_LINES = (("TEST, two lines: 10 x 25.00", "10", "25"), ("TEST, two lines: 3 x 80.25", "3", "80.25"))
_CREDITED = (("TEST, two of ten taken back", "-2", "25"),)
_TEXT = "TEST of the import, to be deleted"
_TEXTS = {each.name: "" for each in fields(InvoiceData)} | {
    "client_number": CLIENT_NUMBER,
    "accounting_id": CLIENT_NUMBER,
    "client_name": CLIENT,
    "bill_to_name": CLIENT,
    "po_number": "TEST-PO",
    "memo": _TEXT,
}
_ADDRESS = ("1 Test Street", "", "Edmonton", "AB", "T5J 0A1", "CA")


@dataclass(frozen=True)
class Names:
    """What of the firm's own the documents carry. items: code, unit, account code of two; taxes without amounts."""

    items: tuple[tuple[str, str, str], ...]
    taxes: tuple[TaxData, ...]
    terms: str
    currency: str


@dataclass(frozen=True)
class Sample:
    """The documents, and what keeps one out of the file under the firm's present profile."""

    format: Format
    profile: Profile
    documents: list[InvoiceData]
    left_out: list[Problem]

    @property
    def sent(self) -> list[InvoiceData]:
        numbers = {each.number for each in self.left_out}
        return [each for each in self.documents if each.number not in numbers]

    @property
    def file_name(self) -> str:
        return f"TEST-{self.format.stem}.{self.format.file_type(self.profile)[0]}"

    def written(self) -> bytes:
        """The file, as the format's own writer makes it."""
        company, out = Company.current(), io.BytesIO()
        facts = CompanyFacts(company.name, company.currency, company.paper)
        self.format.write(out, self.sent, Context(0, facts, self.profile))
        return out.getvalue()


def sample_of(format_: Format) -> Sample:
    """The sample of an accounting format, dated today or the nearest day that the settings call open."""
    profile = profiles.current(format_.slug)
    documents = sample_documents(_names(profile), _open_day(profile, timezone.localdate()))
    found = [problem for each in documents for problem in format_.problems(each, profile)]
    return Sample(format_, profile, documents, [each for each in found if not each.is_warning])


def sample_documents(names: Names, day: date) -> list[InvoiceData]:
    """The invoice (490.75 before tax) and the credit note (-50.00)."""
    invoice = _document(_LINES, names, number=INVOICE, id=1, invoice_date=day, due_date=day + timedelta(30))
    credit: dict[str, Any] = {"kind": InvoiceKind.CREDIT_NOTE.value, "credits": INVOICE, "id": 2}
    return [invoice, _document(_CREDITED, names, number=CREDIT_NOTE, invoice_date=day, due_date=day, **credit)]


def _document(lines: Sequence[tuple[str, str, str]], names: Names, **given: Any) -> InvoiceData:
    made = [_line(at, text, at_price, names) for at, (text, *at_price) in enumerate(lines, start=1)]
    net = total_of(line.amount for line in made)
    taxes = tuple(replace(tax, base=net, amount=tax_amount(net, tax.rate)) for tax in names.taxes)
    shares = spread([(line.amount, [tax.code for tax in taxes]) for line in made], taxes)
    tax = total_of(each.amount for each in taxes)
    values: dict[str, Any] = {
        "kind": InvoiceKind.INVOICE.value,
        "version": 1,
        "content_version": 1,
        "currency": names.currency,
        "terms": names.terms,
        "bill_to": _ADDRESS,
        "signed_on": None,
        "client_approved_on": None,
        "released_on": None,
        "subtotal": net,
        "tax": tax,
        "total": net + tax,
        "taxes": taxes,
        "lines": tuple(replace(line, taxes=share) for line, share in zip(made, shares, strict=True)),
    }
    return InvoiceData(**{**_TEXTS, **values, **given})


def _line(number: int, text: str, at: Sequence[str], names: Names) -> LineData:
    code, unit, account = names.items[min(number, len(names.items)) - 1]
    quantity, price = map(Decimal, at)
    amount = line_amount(quantity, price)
    return LineData(number, "labour", code, text, quantity, unit, price, amount, account, (), None, "", "")


def _names(profile: Profile) -> Names:
    """Two items, those first that the profile maps; taxes and terms as on the newest invoice that has any."""
    items = Item.objects.filter(active=True).order_by("code").values_list("code", "unit", "account_code")
    mapped = list(items.filter(code__in=list(profile.maps.get(Kind.ITEM, {}))[:100])[:2])
    others = items.exclude(code__in=[code for code, *_ in mapped])[: 2 - len(mapped)]
    picked = [*mapped, *others]
    newest = InvoiceTax.objects.order_by("-invoice_id").values_list("invoice_id", flat=True)[:1]
    taxes = InvoiceTax.objects.filter(invoice_id__in=list(newest)).order_by("position")
    terms = Invoice.objects.exclude(terms="").order_by("-pk").values_list("terms", flat=True).first()
    nothing = Decimal("0.00")
    return Names(
        items=tuple(picked) or (("TEST", "h", ""),),
        taxes=tuple(TaxData(t.code, t.name, t.rate, t.recoverable, nothing, nothing) for t in taxes),
        terms=terms or "Net 30",
        currency=Company.current().currency,
    )


def _open_day(profile: Profile, day: date) -> date:
    """Today, moved into the periods that the settings call open."""
    first, last = (profile.settings.get(name, "") for name in ("open_from", "open_to"))
    if first and day.isoformat() < first:
        return date.fromisoformat(first)
    return date.fromisoformat(last) if last and day.isoformat() > last else day
