"""Invoices and credit notes as rows: what is copied onto them, their lines, taxes and totals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoices.models import Invoice, InvoicedRecord, InvoiceKind, InvoiceLine, InvoiceTax, LineSource
from jobbook.common.money import total_of
from jobbook.jobs.models import Company, InvoiceType, Job
from jobbook.transfer.demo.drafts import DraftLine, DraftTax, taxes_on
from jobbook.transfer.demo.firm import Firm
from jobbook.transfer.demo.ledger import Ledger

_FIRST = 10_000  # the number before the first, of both kinds
_KINDS = (InvoiceKind.INVOICE.value, InvoiceKind.CREDIT_NOTE.value)  # also the names of their counters


@dataclass(frozen=True, slots=True)
class Written:
    """A document as written."""

    id: int
    number: str
    total: Decimal


@dataclass
class Register:
    """Writes documents, numbered in the order they come."""

    firm: Firm
    ledger: Ledger
    numbers: dict[str, int] = field(
        default_factory=lambda: {InvoiceKind.INVOICE: _FIRST, InvoiceKind.CREDIT_NOTE: _FIRST}
    )
    copies: dict[int, dict[str, Any]] = field(default_factory=dict)

    def write(
        self, job: Job, on: date, lines: Sequence[DraftLine], *, kind: str = InvoiceKind.INVOICE, **facts: Any
    ) -> Written:
        """A document of `job`, dated `on`; `facts` are columns. A signature signs its total."""
        taxes = taxes_on(lines, self.firm.taxes_of(job))
        subtotal = total_of(line.amount for line in lines)
        tax = total_of(each.amount for each in taxes)
        total = subtotal + tax
        if "signed_on" in facts:
            facts.setdefault("signed_total", total)
        days = 0 if kind == InvoiceKind.CREDIT_NOTE else job.client.terms_days
        number = self._number(kind)
        row = {
            **self.copies_of(job),
            "number": number,
            "kind": kind,
            "invoice_date": on,
            "due_date": on + timedelta(days=days),
            "subtotal": subtotal,
            "tax": tax,
            "total": total,
            **facts,
        }
        invoice_id = self.ledger.sink.add(Invoice, **row)
        self._write_lines(invoice_id, lines, taxes)
        self.ledger.made("invoice", invoice_id, {"number": number, "total": total}, version=1)
        return Written(invoice_id, number, total)

    def total_of(self, job: Job, lines: Sequence[DraftLine]) -> Decimal:
        """What a document of these lines comes to, taxes included."""
        taxes = taxes_on(lines, self.firm.taxes_of(job))
        return total_of(line.amount for line in lines) + total_of(each.amount for each in taxes)

    def _number(self, kind: str) -> str:
        self.numbers[kind] += 1
        company = self.firm.company
        prefix = company.invoice_prefix if kind == InvoiceKind.INVOICE else company.credit_prefix
        return f"{prefix}{self.numbers[kind]}"

    def _write_lines(self, invoice_id: int, lines: Sequence[DraftLine], taxes: Sequence[DraftTax]) -> None:
        sink = self.ledger.sink
        codes = ";".join(each.tax.code for each in taxes)
        for position, line in enumerate(lines, start=1):
            line_id = sink.add(InvoiceLine, **_line(invoice_id, position, line, codes))
            for work in line.sources:
                behind = {"work_line_id": work.id, "quantity": work.quantity, "amount": work.amount}
                sink.add(LineSource, invoice_id=invoice_id, line_id=line_id, **behind)
        for position, each in enumerate(taxes, start=1):
            sink.add(
                InvoiceTax,
                invoice_id=invoice_id,
                position=position,
                tax_id=each.tax.pk,
                code=each.tax.code,
                name=each.tax.name,
                rate=each.tax.rate,
                recoverable=each.tax.recoverable,
                base=each.base,
                amount=each.amount,
            )

    def bill(self, invoice_id: int, record_ids: Sequence[int]) -> None:
        """Note that these records stand on this invoice."""
        for record_id in record_ids:
            self.ledger.sink.add(InvoicedRecord, record_id=record_id, invoice_id=invoice_id)

    def copies_of(self, job: Job) -> dict[str, Any]:
        """What an invoice of `job` copies: party, our own name and address, terms, texts."""
        if job.pk not in self.copies:
            self.copies[job.pk] = _copies(self.firm, job)
        return self.copies[job.pk]


def _line(invoice_id: int, position: int, line: DraftLine, codes: str) -> dict[str, Any]:
    return {
        "invoice_id": invoice_id,
        "line_number": position,
        "section": line.section,
        "item_id": line.item.pk if line.item else None,
        "item_code": line.item.code if line.item else "",
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.item.unit if line.item and line.quantity is not None else "",
        "unit_price": line.unit_price,
        "amount": line.amount,
        "taxes": codes if line.taxable else "",
        "account_code": line.item.account_code if line.item else "",
        "service_date": line.service_date,
        "record_id": line.record_id,
    }


def _address(company: Company) -> str:
    place = f"{company.city}, {company.region}  {company.postal_code}"
    return f"{company.address_1}\n{place}\n{company.country}"


def _copies(firm: Firm, job: Job) -> dict[str, Any]:
    client, company = job.client, firm.company
    return {
        "job_id": job.pk,
        "client_id": client.pk,
        "client_name": client.name,
        "client_email": client.email,
        "job_number": job.job_number,
        "project_name": job.project_name,
        "client_project_number": job.client_project_number,
        "billing_type": str(job.billing_type),
        "line_item_type": str(job.line_item_type),
        "is_ticket": job.invoice_type == InvoiceType.TICKET_INVOICE,
        "bill_to_name": client.name,
        **{f"bill_to_{n}": line for n, line in enumerate(client.address_lines, start=1)},
        "seller_name": company.name,
        "seller_address": _address(company),
        "seller_contact": f"{company.phone} · {company.email}",
        "seller_tax_number": company.tax_number,
        "office_name": job.office.name if job.office else "",
        "printed_terms": company.printed_terms,
        "terms": client.terms,
        "po_number": job.po_number,
        "currency": company.currency,
    }
