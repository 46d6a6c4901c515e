"""verify_export: each changed byte of a file or a manifest is found, and so is a chain that does not know them."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from exports import files, verify
from exports.formats import accounting_formats, get_format
from exports.formats.base import Context, Format
from exports.models import ExportItem, ExportRun, ProfileEntry, RunState
from exports.start import start_run
from exports.work import work_on
from invoices.document import InvoiceData
from invoices.models import Invoice
from jobbook.common import triggers
from jobbook.common.audit import CommandLine
from jobbook.common.models import AuditEntry, LedgerHead
from tests.exports.runs import built, fresh
from tests.exports.test_runs_of_formats import SETTINGS
from tests.factories import make_invoice

pytestmark = pytest.mark.django_db(transaction=True)
CENT = Decimal("0.01")
NO_HEADS = (
    b'{"audit_head":7}',
    b'{"audit_head":{"hash":"\\u0000","number":1}}',
    b'{"audit_head":{"hash":"' + b"0" * 64 + b'","number":' + b"9" * 40 + b"}}",
)


@pytest.fixture
def run() -> ExportRun:
    return built(count=2)


def set_up(slug: str) -> ExportRun:
    """A run of three invoices in a format, its settings such that it can be written."""
    for _ in range(3):
        make_invoice(amounts=["100.00", "50.55"])
    for name, value in SETTINGS.get(slug, {}).items():
        ProfileEntry.objects.create(format=slug, kind="setting", ours=name, theirs=value)
    run = start_run(slug=slug, invoices=Invoice.objects.all(), by=CommandLine())
    work_on(run.pk)
    return fresh(run)


def checked(file: Path, manifest: Path) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_export", str(file), str(manifest), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def found(run: ExportRun, *, file: Path | None = None, manifest: bytes | None = None) -> list[str]:
    return list(verify.problems(file or files.path_of(run), run.manifest.encode() if manifest is None else manifest))


def test_what_was_exported_is_in_order_under_any_name(tmp_path: Path) -> None:
    for _ in range(2):
        make_invoice(amounts=["100.00", "50.55"])
    target = tmp_path / "out.csv"
    call_command("export_invoices", "--format", "csv", "--admin-queue", "--output", str(target), stdout=io.StringIO())
    moved = target.rename(tmp_path / "for accounting.txt")
    status, out, err = checked(moved, tmp_path / "out.csv.manifest.json")
    assert (status, err) == (0, "")
    assert out == ("Run 1: 2 documents, net 301.10, tax 15.06, total 316.16: file, manifest and audit chain agree\n")


@pytest.mark.parametrize("slug", [each.slug for each in accounting_formats()])
def test_each_format_is_read_again_and_says_what_it_carries(slug: str) -> None:
    run = set_up(slug)
    assert found(run) == []
    carried = json.loads(run.manifest)["read_back"]
    assert {"count", "first", "last", "net"} <= set(carried)


def test_each_changed_byte_of_a_manifest_is_found(run: ExportRun) -> None:
    manifest = run.manifest.encode()
    for at in range(len(manifest)):
        changed = manifest[:at] + bytes([manifest[at] ^ 1]) + manifest[at + 1 :]
        assert verify.entry_of(changed) is None, at
    for changed in (manifest[:-1], manifest + b"\n", b" " + manifest, b"", b"null", *NO_HEADS):
        assert found(run, manifest=changed)[0].startswith("Manifest: the audit chain knows no such manifest."), changed


def test_each_changed_byte_of_a_file_is_found(run: ExportRun, tmp_path: Path) -> None:
    data, changed = files.path_of(run).read_bytes(), tmp_path / "changed"
    for at in {*range(0, len(data), 31), len(data) - 1}:
        changed.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert any("SHA-256" in each for each in found(run, file=changed)), at
    for other in (data[:-1], data + b"\n", b""):
        changed.write_bytes(other)
        assert any(each.startswith("File: it has") for each in found(run, file=changed))


@pytest.mark.parametrize("slug", ["sage-50-us", "sage-300"])
def test_a_damaged_archive_is_named_whatever_its_reader_meets(slug: str, tmp_path: Path) -> None:
    run = set_up(slug)
    data, changed = files.path_of(run).read_bytes(), tmp_path / "changed"
    for at in range(0, len(data), max(1, len(data) // 25)):
        changed.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        assert any("SHA-256" in each for each in found(run, file=changed)), at


def test_changed_amounts_are_named_by_the_figures_they_change(run: ExportRun, tmp_path: Path) -> None:
    changed = tmp_path / "changed.csv"
    swaps = ((b"100.00", b"100.01"), (b"105.00", b"105.01"), (b"150.55", b"150.56"), (b"158.08", b"158.09"))
    data = files.path_of(run).read_bytes()
    for old, new in swaps:
        data = data.replace(old, new)
    changed.write_bytes(data)
    status, _, err = checked(changed, kept_manifest(run, tmp_path))
    assert status == 1
    assert "File: net: expected 301.10, the file has 301.12.\n" in err
    assert "File: total: expected 316.16, the file has 316.18.\n" in err
    assert "File: accounts, 4010: expected 301.10, the file has 301.12.\n" in err


def kept_manifest(run: ExportRun, folder: Path) -> Path:
    path = folder / "manifest.json"
    path.write_bytes(run.manifest.encode())
    return path


@pytest.fixture
def without_triggers() -> Iterator[None]:
    triggers.remove()
    yield
    triggers.install()


@pytest.mark.usefixtures("without_triggers")
def test_a_chain_that_was_cut_off_or_changed_is_found(run: ExportRun) -> None:
    make_invoice()
    head, ready = AuditEntry.objects.order_by("number")
    AuditEntry.objects.filter(pk=ready.pk).update(actor_name="Somebody else")
    assert found(run) == [f"Audit chain: audit entry {ready.number} was changed."]
    AuditEntry.objects.filter(pk=ready.pk).update(actor_name=ready.actor_name, previous_hash="0" * 64)
    assert any("does not follow the head it names" in each for each in found(run))
    AuditEntry.objects.all().delete()
    LedgerHead.objects.update(number=0, hash="")
    unknown, lost = found(run)
    assert unknown.startswith("Manifest: the audit chain knows no such manifest.")
    assert lost == f"Audit chain: the head that the manifest names, entry {head.number} {head.hash[:16]}, is not in it."


def test_what_is_kept_with_the_run_is_what_was_sent(run: ExportRun) -> None:
    item = ExportItem.objects.select_related("invoice").get(position=1)
    ExportItem.objects.filter(pk=item.pk).update(sent=item.sent.replace("158.08", "158.09"))
    said = f"Run 1: what is kept of {item.invoice.number} is not what the manifest says was sent."
    assert found(run) == [said]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exports_frozenprofile SET text = text || ' '")
    assert "File: the settings it was written with are no longer kept, so its totals cannot be read." in found(run)


def test_wrong_use_ends_with_2(run: ExportRun, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file") as nowhere:
        call_command("verify_export", str(tmp_path / "none"), str(kept_manifest(run, tmp_path)))
    assert nowhere.value.returncode == 2


@pytest.mark.parametrize("slug", [each.slug for each in accounting_formats()])
def test_a_writer_that_is_a_cent_off_fails_the_run(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the first line of each document is a cent more in the file than in the invoice."""
    kind = type(get_format(slug))
    write = kind.write

    def off(self: Format, out: Any, invoices: Any, ctx: Context) -> None:
        write(self, out, map(a_cent_more, invoices), ctx)

    monkeypatch.setattr(kind, "write", off)
    run = set_up(slug)
    assert run.state == RunState.FAILED
    assert "The file does not have the totals of the selection (net: expected 451.65, the file has 451.68" in run.error
    assert not [path for path in files.folder().rglob("*") if path.is_file()]


def a_cent_more(invoice: InvoiceData) -> InvoiceData:
    first, *others = invoice.lines
    more = replace(first, amount=first.amount + CENT, unit_price=(first.unit_price or CENT) + CENT)
    return replace(invoice, lines=(more, *others), subtotal=invoice.subtotal + CENT, total=invoice.total + CENT)
