"""What every test of a format does: a profile, the bytes of documents under it, what stands against a document."""

import io
from pathlib import Path

from exports.formats.base import CompanyFacts, Context, Format, Problem
from exports.formats.profile import Kind, Mapped, Profile, with_defaults
from invoices.document import InvoiceData

GOLDEN = Path(__file__).parent / "golden"
Maps = dict[Kind, dict[str, Mapped]]


def profile_of(format_: Format, maps: Maps | None = None, **settings: str) -> Profile:
    """The defaults of a format, the settings given instead of some, and mappings."""
    return Profile(with_defaults(format_.settings, settings), {str(kind): each for kind, each in (maps or {}).items()})


def written(format_: Format, profile: Profile, *invoices: InvoiceData) -> bytes:
    out = io.BytesIO()
    format_.write(out, invoices, Context(1, CompanyFacts("Northfork", "CAD", "letter"), profile))
    return out.getvalue()


def causes(format_: Format, invoice: InvoiceData, profile: Profile) -> list[str]:
    """Of what keeps a document out."""
    return [each.cause for each in format_.problems(invoice, profile) if not each.is_warning]


def warnings(format_: Format, invoice: InvoiceData, profile: Profile) -> list[str]:
    return [each.cause for each in format_.problems(invoice, profile) if each.is_warning]


def found(problems: list[Problem]) -> list[tuple[str, str, str, str, str]]:
    """What a table of refusals compares: cause, field, reason, page and key of each."""
    return [(each.cause, each.field, each.reason, str(each.mend), each.key) for each in problems]


def check_golden(name: str, data: bytes) -> None:
    assert data == (GOLDEN / name).read_bytes()
