"""One field of a document is hostile, all others plain: the file is whole, or that field is named and no other."""

import unicodedata
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import settings as at_most
from hypothesis import strategies as st

from exports.formats import accounting_formats
from exports.formats.base import Format
from exports.formats.profile import Kind, Mapped
from invoices.document import InvoiceData
from tests.exports.documents import document, line
from tests.exports.hostile import TEXT, WINDOWS
from tests.exports.parts_reader import is_utf_8
from tests.exports.readers import read_back
from tests.exports.writing import profile_of, written

pytestmark = pytest.mark.formats
SETTINGS = {"sage-300": {"terms": "customer"}, "sage-50-ca": {"items": "code"}}
# field of a document or of its line -> how problems name it, where that is another name
HEAD = {
    **dict.fromkeys(["number", "client_name", "po_number", "memo", "terms", "client_email", "job_number"], ""),
    "accounting_id": "customer_id",
    "bill_to_name": "bill_to",
}
LINE = ["item_code", "description", "account_code"]
PLAIN: dict[str, Any] = {"client_name": "Northwind", "bill_to_name": "Northwind", "memo": "March"}


def made(field: str, text: str) -> InvoiceData:
    """A document whose `field` is `text`."""
    if field in LINE:
        return document([line(**{field: text}), line("Other work")], **PLAIN)
    if field == "bill_to":
        return document([line()], **PLAIN, bill_to=("1 Main St", "", text, "BC", "V5K 0A1", "CA"))
    return document([line()], **{**PLAIN, field: text})


def names_of(field: str) -> set[str]:
    if field in LINE:
        return {f"lines.1.{field}"}
    return {field, HEAD.get(field) or field, *({"bill_to.city"} if field == "bill_to" else ())}


@given(
    format_=st.sampled_from(accounting_formats()),
    field=st.sampled_from([*HEAD, *LINE, "bill_to"]),
    text=TEXT | WINDOWS | st.text(max_size=3).map(lambda text: text * 100),
    is_mapped=st.booleans(),
)
@at_most(max_examples=400, deadline=None)
def test_one_hostile_field_is_carried_or_named(format_: Format, field: str, text: str, is_mapped: bool) -> None:
    assume(not is_utf_8(unicodedata.normalize("NFC", text).encode("cp1252", "ignore")))  # by chance: readers refuse it
    maps = {Kind.TAX: {"GST;PST": Mapped("GSTPST")}}
    if is_mapped:  # an account for lines whose own one is hostile, too
        maps[Kind.ITEM] = {"LAB": Mapped("Labour", "4010")}
    used = profile_of(
        format_, {kind: each for kind, each in maps.items() if kind in format_.maps}, **SETTINGS.get(format_.slug, {})
    )
    invoice = made(field, text)
    named = {each.field for each in format_.problems(invoice, used) if not each.is_warning}
    assert named <= names_of(field)
    if not named:
        (number, back), *others = read_back(format_.slug, written(format_, used, invoice), used).items()
        assert (number, back.total, others) == (canonical(invoice.number), invoice.total, [])


def canonical(text: str) -> str:
    """NFC, and LF for each line break that may stand in a cell of the generic CSV."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
