"""A run of every accounting format through the worker: its totals are read back, compared, and what it sent is kept."""

from decimal import Decimal

import pytest

from exports import files
from exports.formats import accounting_formats
from exports.models import ExportMark, ExportRun, ProfileEntry, RunState
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.common.audit import CommandLine
from tests.exports.runs import fresh
from tests.factories import make_invoice

pytestmark = pytest.mark.django_db(transaction=True)

SETTINGS = {
    "sage-300": {"terms": "customer"},
    "sage-50-ca": {"items": "code"},
    "quickbooks-online": {"currency_column": "off"},
    "sage-50-us": {"income_account": "40000"},
}
NAMES = {
    "quickbooks-desktop": "quickbooks-run-1.iif",
    "quickbooks-online": "quickbooks-online-run-1.zip",
    "sage-50-us": "sage-50-us-run-1.zip",
    "sage-50-ca": "sage-50-ca-run-1.imp",
    "sage-300": "sage-300-run-1.xlsx",
    "csv": "invoices-run-1.csv",
    "xero": "xero-run-1.zip",
}


@pytest.mark.parametrize("slug", [each.slug for each in accounting_formats()])
def test_a_run_is_ready_and_its_file_is_the_one_recorded(slug: str) -> None:
    for _ in range(3):
        make_invoice(amounts=["100.00", "50.55"])
    for name, value in SETTINGS.get(slug, {}).items():
        ProfileEntry.objects.create(format=slug, kind="setting", ours=name, theirs=value)
    first = built(slug)
    assert (first.state, first.error) == (RunState.SUCCEEDED, "")
    assert first.name == NAMES[slug]
    assert first.total == Decimal("474.24")
    assert files.sha256_of(files.verified(first)) == first.sha256
    assert ExportMark.objects.filter(run=first).count() == 3
    assert built(slug).sha256 == first.sha256


def test_a_setting_decides_the_extension() -> None:
    make_invoice()
    for name, value in {"terms": "customer", "file": "csv"}.items():
        ProfileEntry.objects.create(format="sage-300", kind="setting", ours=name, theirs=value)
    run = built("sage-300")
    assert (run.state, run.name) == (RunState.SUCCEEDED, "sage-300-run-1.csv")
    assert (run.content_type, run.file[-4:]) == ("text/csv; charset=windows-1252", ".csv")


def built(slug: str) -> ExportRun:
    run = start_run(slug=slug, invoices=Invoice.objects.all(), by=CommandLine())
    work_on(run.pk)
    return fresh(run)
