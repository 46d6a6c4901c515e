"""Files of the demo: made by the real export code, after the seeding, so they carry the time they are made."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from exports import runs
from exports.command_line import build_now
from exports.problems import find_problems
from exports.start import start_run
from invoices.models import BatchKind, Invoice, InvoiceKind, ProcessBatch
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.audit import Operation
from jobbook.transfer.demo.ledger import REASON

_FORMAT = "csv"
_BATCHES = 3  # the newest ones, exported before they were processed
_SETTLED = 9  # days: younger invoices of the Admin Queue were not exported yet
_MOST = 200  # of the Admin Queue


def make_runs(today: date) -> None:
    """Export the newest batches and the older part of the Admin Queue; cancel a run; change an exported invoice."""
    by = User.objects.filter(role=Role.ADMINISTRATOR).earliest("pk")
    batches = ProcessBatch.objects.filter(kind=BatchKind.BULK, undone_at__isnull=True).order_by("-number")[:_BATCHES]
    waiting = Invoice.objects.admin_queue().filter(invoice_date__lt=today - timedelta(days=_SETTLED))
    oldest = Invoice.objects.filter(pk__in=list(waiting.in_document_order().values_list("pk", flat=True)[:_MOST]))
    for batch in reversed(batches):
        _export(batch.invoices.all(), by)
    _export(oldest, by)
    if oldest:
        runs.cancel(start_run(slug=_FORMAT, invoices=oldest, by=by), by=by)
        _change_one(by)


def _export(rows: "QuerySet[Invoice]", by: User) -> None:
    """One run over those of `rows` that the format can take."""
    unfit = {problem.invoice_id for problem in find_problems(rows, _FORMAT)}
    fit = Invoice.objects.filter(pk__in={*rows.values_list("pk", flat=True)} - unfit)
    if fit:
        build_now(_FORMAT, fit, by)


def _change_one(by: User) -> None:
    """An exported invoice gets its memo afterwards: it shows as changed since exported."""
    rows = Invoice.objects.admin_queue().filter(kind=InvoiceKind.INVOICE, memo="", export_mark__isnull=False)
    invoice = rows.filter(Q(signed_total=F("total"))).in_document_order().last()
    if invoice is None:
        return
    memo = "Cost centre added at the client's request."
    with transaction.atomic(durable=True):
        operation = Operation(by, "invoice.edit", reason=REASON)
        versions = (invoice.version, invoice.version + 1)
        item = operation.item("invoice", invoice.pk, versions=versions, before={"memo": ""}, after={"memo": memo})
        item.save(force_insert=True)
        Invoice.objects.filter(pk=invoice.pk).update(
            memo=memo, version=F("version") + 1, content_version=F("content_version") + 1
        )
        operation.close()
