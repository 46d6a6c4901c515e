"""The proof beside every file: what is in it, its control totals, its hash, who, when, and the audit chain's head."""

import json
import platform
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import django
from django.conf import settings

from exports.formats.base import CompanyFacts, ControlTotals, Format
from exports.formats.profile import Profile
from exports.models import ExportItem, ExportRun
from exports.snapshot import digest
from invoices.document import InvoiceData
from jobbook.common.audit import canonical

LAYOUT = 3  # of the manifest itself; 1 had no "read_back", 2 named taxes as we do
ZERO = Decimal("0.00")


def nfc(name: str) -> str:
    """A name as it stands in files: two spellings of one character are the same there."""
    return unicodedata.normalize("NFC", name)


@dataclass
class Tally:
    """What the worker adds up over the frozen documents while they are written."""

    count: int = 0
    net: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    taxes: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    accounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    first: str = ""
    last: str = ""
    invoices: list[dict[str, Any]] = field(default_factory=list)

    def add(self, item: ExportItem, text: str, invoice: InvoiceData, format_: Format, profile: Profile) -> None:
        self.count += 1
        self.net += invoice.subtotal
        self.tax += invoice.tax
        self.total += invoice.total
        number = nfc(invoice.number)
        self.first, self.last = self.first or number, number
        for name, amount in format_.taxes(invoice, profile):
            self.taxes[nfc(name)] += amount
        for line in invoice.lines:
            if line.section != "unpriced":
                self.accounts[nfc(profile.account(line))] += line.amount
        self.invoices.append(
            {
                "id": invoice.id,
                "number": invoice.number,
                "version": item.version,
                "content_version": invoice.content_version,
                "total": invoice.total,
                "sha256": digest(text),
            }
        )

    @property
    def totals(self) -> ControlTotals:
        return ControlTotals(
            self.count, self.total, self.net, self.tax, dict(self.taxes), dict(self.accounts), self.first, self.last
        )


def differences(expected: ControlTotals, found: ControlTotals) -> list[str]:
    """Every figure the file carries that is not the expected one, in words."""
    wrong = []
    for name in ("count", "net", "tax", "total", "first", "last"):
        want, got = getattr(expected, name), getattr(found, name)
        if got is not None and got != want:
            wrong.append(f"{name}: expected {want}, the file has {got}")
    for name in ("taxes", "accounts"):
        have = getattr(found, name)
        if have is not None:
            wrong += _parts(name, getattr(expected, name) or {}, have)
    return wrong


def _parts(name: str, want: Mapping[str, Decimal], have: Mapping[str, Decimal]) -> list[str]:
    sums = [(key, want.get(key, ZERO), have.get(key, ZERO)) for key in sorted(want.keys() | have.keys())]
    return [f"{name}, {key or 'none'}: expected {due}, the file has {got}" for key, due, got in sums if due != got]


def build(
    run: ExportRun,
    company: CompanyFacts,
    tally: Tally,
    totals: ControlTotals,
    *,
    head: tuple[int, str],
    at: datetime,
) -> str:
    """The manifest as canonical JSON. `run` carries the file's name, size and hash; `totals` were read from it."""
    return canonical(
        {
            "layout": LAYOUT,
            "run": {"id": str(run.pk), "number": run.number},
            "format": {
                "slug": run.format,
                "profile": run.profile.sha256,
                "settings": settings_of(run),
            },
            "file": {
                "name": run.name,
                "content_type": run.content_type,
                "size": run.size,
                "sha256": run.sha256,
            },
            "control_totals": _figures(totals, tally.totals),
            "read_back": read_back(totals),
            "company": asdict(company),
            "invoices": tally.invoices,
            "requested": {"by": run.requested_by_name, "at": run.created_at.isoformat()},
            "finished": at.isoformat(),
            "audit_head": {"number": head[0], "hash": head[1]},
            "software": software(),
        }
    )


def settings_of(run: ExportRun) -> dict[str, str]:
    """The settings the file was written with; the profile's hash stands for the mappings."""
    return dict(json.loads(run.profile.text)["settings"])


def software() -> dict[str, str]:
    """The versions of what made the file."""
    return {
        "jobbook": str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]),
        "python": platform.python_version(),
        "django": django.__version__,
        "weasyprint": version("weasyprint"),
    }


def read_back(totals: ControlTotals) -> list[str]:
    """The figures that the file itself carries, in their order; the others are the frozen documents' own."""
    return [name for name in _FIGURES if getattr(totals, name) not in (None, "")]


_FIGURES = ("count", "first", "last", "net", "taxes", "tax", "total", "accounts")


def _figures(read: ControlTotals, sent: ControlTotals) -> dict[str, Any]:
    """The totals read from the file; what it does not carry is taken from the frozen documents."""
    names = ("count", "net", "tax", "total", "taxes", "accounts")
    figures = {name: getattr(sent if getattr(read, name) is None else read, name) for name in names}
    return {**figures, "first": read.first or sent.first, "last": read.last or sent.last}
