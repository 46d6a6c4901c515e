"""A document as everything outside the database sees it: page, PDF and every accounting file read these.

Frozen and free of queries, so that what is printed, shown and exported is the same to the cent. `load` builds them
from rows: three queries, whatever the number of invoices.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from invoices.models import Invoice, InvoicedRecord, InvoiceLine, InvoiceTax
from jobbook.common.money import allocate, total_of
from jobbook.jobs.models import Company, DailyWorkRecord
from jobbook.jobs.record_document import RecordData, load_records


@dataclass(frozen=True, slots=True)
class TaxData:
    """A tax of a document, or the share of it that falls on a line. `rate` in percent."""

    code: str
    name: str
    rate: Decimal
    recoverable: bool
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineData:
    """A line. Quantity and unit price are both None when only an amount was given."""

    number: int
    section: str
    item_code: str
    description: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    amount: Decimal
    account_code: str
    taxes: tuple[TaxData, ...]
    service_date: date | None
    dwr_number: str
    dwr_description: str
    is_adjustment: bool = False  # makes up the difference to a typed-over subtotal

    @property
    def tax_amount(self) -> Decimal:
        return total_of(tax.amount for tax in self.taxes)


@dataclass(frozen=True, slots=True)
class InvoiceData:
    """An invoice or credit note. Addresses are six fields: address 1 and 2, city, region, postal code, country."""

    id: int
    version: int
    content_version: int
    kind: str  # invoice, credit_note
    number: str
    credits: str  # number of the invoice credited, or ""
    invoice_date: date
    due_date: date
    currency: str
    client_number: str
    accounting_id: str
    client_name: str
    client_email: str
    bill_to_name: str
    bill_to: tuple[str, ...]
    seller_name: str
    seller_address: str
    seller_contact: str
    seller_tax_number: str
    office_name: str
    job_number: str
    project_name: str
    client_project_number: str
    line_item_type: str
    po_number: str
    terms: str
    memo: str
    printed_terms: str
    signed_by: str
    signed_on: date | None
    client_approved_on: date | None
    released_by: str
    released_on: date | None
    release_reason: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    taxes: tuple[TaxData, ...] = field(default=())
    lines: tuple[LineData, ...] = field(default=())
    # With defaults, since documents frozen before there were drawings lack them.
    location: str = ""  # of the job
    seller_logo: str = ""  # SHA-256 of a picture that is kept
    signature: str = ""  # drawn, see jobbook/common/drawing.py
    client_approved_by: str = ""
    client_signature: str = ""  # drawn
    records: tuple[RecordData, ...] = ()  # the DWRs behind it, only where they are asked for: see `with_records`

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"

    @property
    def address(self) -> list[str]:
        """The billing address as it is printed: at most four lines."""
        first, second, city, region, postal_code, country = (part.strip() for part in self.bill_to)
        place = " ".join(filter(None, [", ".join(filter(None, [city, region])), postal_code]))
        return [line for line in (first, second, place, country) if line]

    @property
    def customer_id(self) -> str:
        """What accounting knows the client by: the accounting ID, else our client number."""
        return self.accounting_id or self.client_number


_DERIVED = {"credits", "client_number", "accounting_id", "bill_to", "taxes", "lines", "records"}
_AS_STORED = tuple(each.name for each in fields(InvoiceData) if each.name not in _DERIVED)


def load(invoices: "QuerySet[Invoice]") -> Iterator[InvoiceData]:
    """The documents of `invoices`, in the queryset's order."""
    rows = list(invoices.select_related("client", "credits"))
    ids = [row.pk for row in rows]
    lines: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in (
        InvoiceLine.objects.filter(invoice_id__in=ids).select_related("record").order_by("invoice_id", "line_number")
    ):
        lines[line.invoice_id].append(line)
    taxes: dict[int, list[InvoiceTax]] = defaultdict(list)
    for tax in InvoiceTax.objects.filter(invoice_id__in=ids).order_by("invoice_id", "position"):
        taxes[tax.invoice_id].append(tax)
    for row in rows:
        yield build(row, lines[row.pk], taxes[row.pk])


def with_records(documents: Iterable[InvoiceData]) -> list[InvoiceData]:
    """The documents with the DWRs behind each, by date and number: a fixed number of queries."""
    wanted = list(documents)
    links = InvoicedRecord.objects.filter(invoice_id__in=[each.id for each in wanted])
    records = load_records(DailyWorkRecord.objects.filter(invoiced__in=links), Company.current())
    behind: dict[int, list[RecordData]] = defaultdict(list)
    for invoice_id, record_id in links.values_list("invoice_id", "record_id"):
        behind[invoice_id].append(records[record_id])
    return [
        replace(each, records=tuple(sorted(behind[each.id], key=lambda record: (record.date, record.number))))
        for each in wanted
    ]


def build(row: Invoice, lines: list[InvoiceLine], taxes: list[InvoiceTax]) -> InvoiceData:
    """The document of one invoice row, its lines and taxes in order."""
    tax_rows = tuple(TaxData(t.code, t.name, t.rate, t.recoverable, t.base, t.amount) for t in taxes)
    return InvoiceData(
        **{name: getattr(row, name) for name in _AS_STORED},
        credits=row.credits.number if row.credits else "",
        client_number=row.client.client_number,
        accounting_id=row.client.accounting_id,
        bill_to=tuple(row.bill_to),
        taxes=tax_rows,
        lines=tuple(_line_data(lines, tax_rows)),
    )


def _line_data(lines: list[InvoiceLine], taxes: Iterable[TaxData]) -> Iterator[LineData]:
    shares = spread([(line.amount, line.tax_codes) for line in lines], taxes)
    for line, line_taxes in zip(lines, shares, strict=True):
        yield LineData(
            number=line.line_number,
            section=line.section,
            item_code=line.item_code,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
            account_code=line.account_code,
            taxes=line_taxes,
            service_date=line.service_date,
            dwr_number=line.record.dwr_number if line.record else "",
            dwr_description=line.record.description if line.record else "",
            is_adjustment=line.is_adjustment,
        )


def spread(lines: list[tuple[Decimal, list[str]]], taxes: Iterable[TaxData]) -> list[tuple[TaxData, ...]]:
    """Each tax of the document over the lines (amount, tax codes) that carry it, by largest remainder."""
    shares: list[list[TaxData]] = [[] for _ in lines]
    for tax in taxes:
        carriers = [index for index, (_, codes) in enumerate(lines) if tax.code in codes]
        parts = allocate(tax.amount, [lines[index][0] * tax.rate / 100 for index in carriers])
        for index, part in zip(carriers, parts, strict=True):
            shares[index].append(TaxData(tax.code, tax.name, tax.rate, tax.recoverable, lines[index][0], part))
    return [tuple(share) for share in shares]
