"""What an invoice copies when it is made, so that a later change of client, job or company changes no invoice."""

from typing import Any

from invoices.models import Invoice
from jobbook.jobs.models import Client, Company, InvoiceType, Job
from jobbook.jobs.models.company import Address

BILL_TO = tuple(f"bill_to_{number}" for number in range(1, 7))
OF_PARTIES = (  # what a credit note copies from its invoice
    "client_name",
    "client_email",
    "job_number",
    "project_name",
    "client_project_number",
    "billing_type",
    "line_item_type",
    "is_ticket",
    "bill_to_name",
    *BILL_TO,
    "seller_name",
    "seller_address",
    "seller_contact",
    "seller_tax_number",
    "seller_logo",
    "location",
    "office_name",
    "printed_terms",
    "terms",
    "po_number",
    "currency",
)


def copies_of(job: Job, company: Company) -> dict[str, Any]:
    """Every copy an invoice of `job` takes today, by field of Invoice."""
    client = job.client
    return {
        **seller_of(company),
        **party_of(job, client),
        **bill_to(client.name, job.billing_address or client),
        "printed_terms": company.printed_terms,
        "terms": client.terms,
        "po_number": job.po_number,
        "currency": company.currency,
    }


def seller_of(company: Company) -> dict[str, str]:
    """Our own name, address, tax number and logo."""
    return {
        "seller_name": company.name,
        "seller_address": "\n".join(line for line in company.address_lines if line),
        "seller_contact": " · ".join(part for part in (company.phone, company.email) if part),
        "seller_tax_number": company.tax_number,
        "seller_logo": company.logo.sha256 if company.logo else "",
    }


def party_of(job: Job, client: Client) -> dict[str, Any]:
    """The client and the job, without the address."""
    return {
        "client_name": client.name,
        "client_email": client.email,
        "job_number": job.job_number,
        "project_name": job.project_name,
        "client_project_number": job.client_project_number,
        "billing_type": job.billing_type,
        "line_item_type": job.line_item_type,
        "is_ticket": job.invoice_type == InvoiceType.TICKET_INVOICE,
        "location": job.location,
        "office_name": job.office.name if job.office else "",
    }


def bill_to(name: str, address: Address) -> dict[str, str]:
    return {"bill_to_name": name, **dict(zip(BILL_TO, address.address_lines, strict=True))}


def copies_from(invoice: Invoice) -> dict[str, Any]:
    """The copies of an invoice, for a credit note that mirrors it."""
    return {name: getattr(invoice, name) for name in OF_PARTIES}
