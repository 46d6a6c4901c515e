"""A document of many lines with accents, quarter hours and prices of four decimals, in a golden file of each format."""

from decimal import Decimal
from pathlib import Path

import pytest

from exports.formats import get_format
from exports.formats.profile import Kind, Mapped, Profile
from invoices.document import InvoiceData
from tests.exports.documents import document, line
from tests.exports.examples import two_documents
from tests.exports.readers import expected, read_back
from tests.exports.writing import causes, check_golden, profile_of, written

pytestmark = pytest.mark.formats
ACCENTS = ("Relevé d’été", "Équipe à Montréal", "Mesure “as built”", "Forêt, lac & rivière", "Zoë Œuvré 5 €")
FILES: list[tuple[str, dict[str, str], str]] = [
    ("quickbooks-desktop", {"lists": "all"}, "iif"),
    ("quickbooks-desktop", {"tax_style": "autostax", "tax_agency": "Receiver General"}, "us.iif"),
    ("quickbooks-online", {}, "zip"),
    ("sage-50-us", {}, "zip"),
    ("sage-50-ca", {"items": "code"}, "imp"),
    ("sage-300", {}, "xlsx"),
    ("sage-300", {"file": "csv", "documents": "item"}, "csv"),
    ("csv", {}, "csv"),
    ("xero", {"credit_notes": "negative"}, "zip"),
]


def many() -> InvoiceData:
    """60 lines of three items and a fee of an amount alone."""
    lines = [
        line(
            f"{ACCENTS[at % len(ACCENTS)]}, {at + 1}",
            str(Decimal(at % 37 + 1) / 4),
            str(Decimal(120_001 + 1_237 * at).scaleb(-4)),
            item_code=("LAB", "TRUCK", "ZOË")[at % 3],
            account_code=("4010", "4020", "4030")[at % 3],
        )
        for at in range(59)
    ]
    fee = line("Fuel surcharge", None, None, section="fee", amount=Decimal("12.34"), item_code="FUEL")
    return document([*lines, fee], number="INV-1003", id=3, memo="Été 2026")


def profile(slug: str, chosen: dict[str, str]) -> Profile:
    maps = {Kind.TAX: {"GST;PST": Mapped("GSTPST")}, Kind.TERMS: {"Net 30": Mapped("NET30")}}
    known = get_format(slug).maps
    return profile_of(get_format(slug), {kind: each for kind, each in maps.items() if kind in known}, **chosen)


@pytest.mark.parametrize(("slug", "chosen", "ending"), FILES)
def test_golden_files_of_many_lines(slug: str, chosen: dict[str, str], ending: str, tmp_path: Path) -> None:
    format_, invoices = get_format(slug), [*two_documents(), many()]
    used = profile(slug, chosen)
    good = [each for each in invoices if not causes(format_, each, used)]
    assert [each.number for each in invoices if each not in good] == (["CN-1002"] if "online" in slug else [])
    data = written(format_, used, *good)
    check_golden(f"many/{slug}.{ending}", data)
    assert read_back(slug, data, used) == {each.number: expected(slug, each) for each in good}
    (tmp_path / "file").write_bytes(data)
    totals = format_.read_totals(tmp_path / "file", used)
    assert (totals.count, totals.total) == (len(good), sum(each.total for each in good))
