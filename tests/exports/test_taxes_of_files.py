"""Each tax is read back from the file under the name it stands there: a cent under the wrong tax fails the run."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from exports import files, verify
from exports.formats import accounting_formats, get_format
from exports.formats.base import Context, Format
from exports.models import ExportRun, ProfileEntry, RunState
from exports.start import start_run
from exports.work import work_on
from invoices.document import InvoiceData, LineData, TaxData
from invoices.models import Invoice, InvoiceLine, InvoiceTax
from jobbook.common.audit import CommandLine
from tests.exports.runs import fresh
from tests.exports.test_runs_of_formats import SETTINGS
from tests.factories import make_invoice, make_job, make_tax

pytestmark = pytest.mark.django_db(transaction=True)
CENT = Decimal("0.01")
MAPPED = {
    "GST": ("GST", "2310", "CRA"),
    "PST": ("PST", "2320", "BCMF"),
    "GST;PST": ("GSTPST", "", "2;1"),
}
AUTOSTAX = {"tax_style": "autostax"}

# format, settings beside those it needs, what the file calls GST and PST
CASES: list[tuple[str, dict[str, str], str, str]] = [
    ("quickbooks-desktop", {}, "GST (2310)", "PST (2320)"),
    ("quickbooks-desktop", AUTOSTAX, "GST (2310)", "PST (2320)"),
    ("quickbooks-online", {}, "GST", "PST"),
    ("sage-50-us", {}, "CRA (2310)", "BCMF (2320)"),
    ("sage-50-ca", {}, "GST", "PST"),
    ("sage-300", {}, "GSTPST, authority 2", "GSTPST, authority 1"),
    ("sage-300", {"file": "csv"}, "GSTPST, authority 2", "GSTPST, authority 1"),
    ("csv", {}, "GST", "PST"),
    ("xero", {}, "GST", "PST"),
]
of_each_format = pytest.mark.parametrize(("slug", "chosen", "gst", "pst"), CASES)
Harm = Callable[[InvoiceData], InvoiceData]


def set_up(slug: str, chosen: dict[str, str], *, apart: bool) -> None:
    """An invoice of 200.00 and 50.00: both lines carry GST and PST, or, `apart`, one GST (10.00), one PST (3.50)."""
    for name, value in {**SETTINGS.get(slug, {}), **chosen}.items():
        ProfileEntry.objects.create(format=slug, kind="setting", ours=name, theirs=value)
    for ours, (theirs, account, extra) in MAPPED.items():
        ProfileEntry.objects.create(format=slug, kind="tax", ours=ours, theirs=theirs, account=account, extra=extra)
    job = make_job(taxes=[make_tax(), make_tax("PST", "7")])
    sums: dict[str, Any] = {"tax": Decimal("13.50"), "total": Decimal("263.50")} if apart else {}
    make_invoice(job=job, amounts=["200.00", "50.00"], **sums)
    if apart:
        for at, code, amount in ((1, "GST", "10.00"), (2, "PST", "3.50")):
            InvoiceLine.objects.filter(line_number=at).update(taxes=code)
            base = Decimal("200.00") if at == 1 else Decimal("50.00")
            InvoiceTax.objects.filter(code=code).update(amount=Decimal(amount), base=base)


def run_of(slug: str) -> ExportRun:
    run = start_run(slug=slug, invoices=Invoice.objects.all(), by=CommandLine())
    work_on(run.pk)
    return fresh(run)


def with_taxes(invoice: InvoiceData, of: Callable[[tuple[TaxData, ...]], tuple[TaxData, ...]]) -> InvoiceData:
    lines: tuple[LineData, ...] = tuple(replace(line, taxes=of(line.taxes)) for line in invoice.lines)
    return replace(invoice, taxes=of(invoice.taxes), lines=lines)


def swapped(invoice: InvoiceData) -> InvoiceData:
    """GST called PST and the other way round, on the document and its lines; all sums as they were."""
    gst, pst = invoice.taxes

    def turn(taxes: tuple[TaxData, ...]) -> tuple[TaxData, ...]:
        other = {"GST": pst, "PST": gst}
        return tuple(replace(other[tax.code], base=tax.base, amount=tax.amount) for tax in reversed(taxes))

    return with_taxes(invoice, turn)


def a_cent_moved(invoice: InvoiceData) -> InvoiceData:
    """A cent of PST is GST, on the document and on one line; all sums as they were."""
    moved = {"GST": CENT, "PST": -CENT}
    left = dict(moved)
    lines = []
    for line in invoice.lines:
        taxes = tuple(replace(tax, amount=tax.amount + left.pop(tax.code, 0)) for tax in line.taxes)
        lines.append(replace(line, taxes=taxes))
    taxes = tuple(replace(tax, amount=tax.amount + moved[tax.code]) for tax in invoice.taxes)
    return replace(invoice, taxes=taxes, lines=tuple(lines))


def plant(monkeypatch: pytest.MonkeyPatch, slug: str, harm: Harm) -> None:
    """The writer of a format gets each document with `harm`."""
    kind = type(get_format(slug))
    write = kind.write

    def wrong(self: Format, out: Any, invoices: Any, ctx: Context) -> None:
        write(self, out, map(harm, invoices), ctx)

    monkeypatch.setattr(kind, "write", wrong)


def test_every_accounting_format_is_in_the_table() -> None:
    assert {slug for slug, *_ in CASES} == {each.slug for each in accounting_formats()}


@of_each_format
def test_each_tax_is_read_from_the_file_by_its_name_there(
    slug: str, chosen: dict[str, str], gst: str, pst: str
) -> None:
    apart = chosen != AUTOSTAX
    set_up(slug, chosen, apart=apart)
    run = run_of(slug)
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")
    manifest = json.loads(run.manifest)
    due = ("10.00", "3.50") if apart else ("12.50", "17.50")
    assert manifest["control_totals"]["taxes"] == dict(zip((gst, pst), due, strict=True))
    assert "taxes" in manifest["read_back"]
    assert list(verify.problems(files.path_of(run), run.manifest.encode())) == []


@pytest.mark.parametrize("harm", [swapped, a_cent_moved])
@of_each_format
def test_a_writer_that_takes_one_tax_for_another_fails_the_run(
    slug: str, chosen: dict[str, str], gst: str, pst: str, harm: Harm, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = chosen != AUTOSTAX
    set_up(slug, chosen, apart=apart)
    plant(monkeypatch, slug, harm)
    run = run_of(slug)
    assert run.state == RunState.FAILED
    right = ("10.00", "3.50") if apart else ("12.50", "17.50")
    gst_due, pst_due = map(Decimal, right)
    wrong = right[::-1] if harm is swapped else (str(gst_due + CENT), str(pst_due - CENT))
    for name, due, found in zip((gst, pst), right, wrong, strict=True):
        assert f"taxes, {name}: expected {due}, the file has {found}" in run.error
    assert "net" not in run.error
    assert "total:" not in run.error
    assert not [path for path in files.folder().rglob("*") if path.is_file()]
