"""A firm in which every text field of every table holds hostile text."""

from collections.abc import Iterator

from django.db.models import CharField, Model, TextField

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice, InvoicedRecord, ProcessBatch
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Item, Office, Tax
from tests.commands import process
from tests.factories import (
    TODAY,
    make_client,
    make_company,
    make_expense,
    make_invoice,
    make_job,
    make_record,
    make_user,
)

KEPT = {  # text that only code writes, or that means something to it
    "ExportRun": {"format", "options", "manifest", "file", "name", "content_type", "sha256"},
    "Company": {"time_zone", "currency", "default_format", "invoice_prefix", "credit_prefix"},
    "Invoice": {"currency", "number", "seller_logo"},
    "DailyWorkRecord": {"returned_by", "return_reason"},  # only of one that was sent back
    "Expense": {"returned_by", "return_reason"},
    "InvoiceLine": {"taxes"},
    "InvoiceTax": {"code"},
    "User": {"email", "password"},
    "Tax": {"code"},
}


DRAWINGS = {"signature", "client_signature"}  # numbers in a grammar of their own


def fill(texts: tuple[str, ...]) -> list[Invoice]:
    """An invoice for each text, with a job, client, DWR and expense of its own; every text field holds the text."""
    make_company()
    admin = make_user(Role.ADMINISTRATOR)
    made = []
    for text in texts:
        job = make_job(client=make_client(), project_manager=make_user(Role.PROJECT_MANAGER))
        invoice = make_invoice(
            job=job, released_on=TODAY, released_by="x", release_reason="x", client_approved_on=TODAY
        )
        record = make_record(job=job, submitted_on=TODAY, approved_on=TODAY, approved_by=admin)
        rows: list[Model] = [
            job.client,
            job,
            job.project_manager,
            invoice,
            record,
            make_expense(job=job, submitted_on=TODAY),
        ]
        InvoicedRecord.objects.create(invoice=invoice, record=record)
        rows += [*invoice.lines.all(), *invoice.invoice_taxes.all(), *record.lines.all()]
        for row in rows:
            poison(row, text)
        made.append(Invoice.objects.get(pk=invoice.pk))
    everywhere(texts[0])
    return made


def everywhere(text: str) -> None:
    """The rows there is one of: company, offices, items, taxes."""
    for row in (*Company.objects.all(), *Office.objects.all(), *Item.objects.all(), *Tax.objects.all()):
        poison(row, text)


def poison(row: Model, text: str) -> None:
    """Put `text`, cut to what fits, into each text field of a row; unique ones get the key behind it."""
    model = type(row)
    values = {}
    for field in text_fields(model):
        most = field.max_length or 100_000
        tail = f"#{row.pk}" if field.unique or field.name in {"client_number", "job_number"} else ""
        values[field.name] = text[: most - len(tail)] + tail
    model._default_manager.filter(pk=row.pk).update(**values)


def text_fields(model: type[Model]) -> Iterator[CharField | TextField]:
    for field in model._meta.concrete_fields:
        if not isinstance(field, CharField | TextField) or field.choices or field.primary_key:
            continue
        if field.name not in KEPT.get(model.__name__, set()) | DRAWINGS:
            yield field


def act_on(invoices: list[Invoice], admin: User, text: str) -> tuple[ProcessBatch, ExportRun]:
    """A batch and a finished run of some of them, made by someone with a hostile name; a failed run too."""
    run = start_run(slug="csv", invoices=Invoice.objects.filter(pk__in=[each.pk for each in invoices]), by=admin)
    work_on(run.pk)
    failed = start_run(slug="csv", invoices=Invoice.objects.filter(pk=invoices[0].pk), by=admin)
    ExportRun.objects.filter(pk=failed.pk).update(state="failed", error=text[:200], requested_by_name=text[:200])
    return process(admin, invoices[:2]), ExportRun.objects.get(pk=run.pk)
