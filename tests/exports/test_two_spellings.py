"""One character in two spellings: every format writes the composed one, in names and in text."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exports.formats import accounting_formats, get_format
from exports.formats.base import Format, FormatError
from exports.formats.profile import Kind, Mapped
from tests.exports.documents import GST, document, line
from tests.exports.writing import causes, profile_of, written

pytestmark = pytest.mark.formats
APART: dict[str, Any] = {
    "number": "E\u0301-1",
    "client_name": "Cafe\u0301",
    "bill_to_name": "Cafe\u0301",
    "accounting_id": "CAFE\u0301",
    "po_number": "E\u0301-7",
    "memo": "Re\u0301ponse",
}


UTF_8 = {"csv", "xero", "quickbooks-online", "sage-300"}
BARE = {"sage-300": {"terms": "customer"}, "sage-50-ca": {"items": "code"}}  # settings that need no mapping


@pytest.mark.parametrize("format_", accounting_formats())
def test_accents_are_written_composed(format_: Format) -> None:
    maps = {Kind.ITEM: {"E\u0301": Mapped("PIE\u0300CE", "RE\u0301VENU")}}
    profile = profile_of(format_, maps, **BARE.get(format_.slug, {}))
    invoice = document([line("Pie\u0300ce", item_code="E\u0301")], (GST,), **APART)
    assert causes(format_, invoice, profile) == []
    data = written(format_, profile, invoice)
    text = data.decode("utf-8" if format_.slug in UTF_8 else "cp1252", "replace")
    assert "É-1" in text
    assert "\u0301" not in text
    assert "\u0300" not in text
    assert "Pièce" in text or format_.slug == "sage-50-ca"


@pytest.mark.parametrize("slug", ["quickbooks-desktop", "sage-50-us"])
def test_settings_and_accounts_are_written_composed_too(slug: str, tmp_path: Path) -> None:
    format_ = get_format(slug)
    maps = {Kind.TAX: {"GST": Mapped("", "Cre\u0301dit TPS", "Que\u0301")}}
    profile = profile_of(format_, maps, receivables="Cre\u0301ances")
    data = written(format_, profile, document([line()], (GST,)))
    assert "Créances" in data.decode("cp1252", "replace")
    (tmp_path / "file").write_bytes(data)
    assert format_.read_totals(tmp_path / "file", profile).tax == Decimal("5.00")


@pytest.mark.parametrize("format_", accounting_formats())
def test_two_spellings_of_a_number_are_one_number(format_: Format) -> None:
    first, second = (document([line()], (GST,), number=number, id=len(number)) for number in ("É-1", "E\u0301-1"))
    with pytest.raises(FormatError, match="stands in the selection twice"):
        written(format_, profile_of(format_), first, second)
