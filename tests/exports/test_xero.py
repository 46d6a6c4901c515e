"""Xero: the example of the specification, every refusal and warning, parts, and hostile text."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as at_most
from hypothesis import strategies as st

from exports.formats.base import FormatError
from exports.formats.profile import Kind, Mapped
from exports.formats.xero import Xero
from tests.exports import parts_reader, xero_reader
from tests.exports.documents import document, line
from tests.exports.examples import two_documents
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WORDS
from tests.exports.writing import causes, check_golden, profile_of, warnings, written

pytestmark = pytest.mark.formats
FORMAT = Xero()
MAPS = {
    Kind.CLIENT: {"C-1": Mapped("Café Northwind Ltd.")},
    Kind.ITEM: {"WIDGET-A": Mapped("", "200"), "INSTALL": Mapped("INST", "200")},
    Kind.TAX: {"GST;PST": Mapped("GST + PST BC (12%)")},
}
WITH = profile_of(FORMAT, MAPS, credit_notes="negative")
LIST = profile_of(FORMAT, MAPS)


def test_golden_file_is_the_example_of_the_specification(tmp_path: Path) -> None:
    data = written(FORMAT, WITH, *two_documents())
    check_golden("xero.zip", data)
    invoice, credit = xero_reader.read(data)
    assert [(row["*Quantity"], row["*UnitAmount"], row["TaxAmount"]) for row in [*invoice.rows, *credit.rows]] == [
        ("10", "25.00", "30.00"),
        ("3", "80.25", "28.89"),
        ("2", "-25.00", "-6.00"),
    ]
    assert (invoice["*InvoiceDate"], invoice["*DueDate"], invoice["Reference"]) == (
        "12/03/2026",
        "11/04/2026",
        "PO-7788",
    )
    assert (credit["Reference"], credit["*TaxType"]) == ("INV-1001", "GST + PST BC (12%)")
    assert [row["InventoryItemCode"] for row in invoice.rows] == ["", "INST"]
    assert [xero_reader.total(each) for each in (invoice, credit)] == [Decimal("549.64"), Decimal("-56.00")]
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, WITH)
    assert (totals.count, totals.net, totals.total) == (2, Decimal("440.75"), Decimal("493.64"))
    assert (totals.accounts, totals.first, totals.last) == ({"200": Decimal("440.75")}, "INV-1001", "CN-1002")


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(written(FORMAT, WITH, *two_documents()).replace(b"80.25", b"80.26"))
    with pytest.raises(ValueError, match="CRC"):
        FORMAT.read_totals(path, WITH)


def test_a_file_holds_at_most_500_invoices() -> None:
    many = [document([line()], id=n, number=f"INV-{n}") for n in range(501)]
    parts = parts_reader.read_parts(written(FORMAT, LIST, *many), "xero", "*InvoiceNumber")
    assert [len(part) for part in parts] == [500, 1]


def test_lines_of_amounts_alone_and_discounts() -> None:
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    misfit = replace(line("Misfit", "2", "10"), amount=Decimal("19.50"))
    (back,) = xero_reader.read(written(FORMAT, LIST, document([line(), fee, misfit, line("Off", "1", "-0.5")])))
    cells = [(row["*Quantity"], row["*UnitAmount"]) for row in back.rows[1:]]
    assert cells == [("1", "12.34"), ("1", "19.50"), ("1", "-0.50")]


def test_credit_notes_are_left_out_and_named_unless_wanted() -> None:
    credit = two_documents()[1]
    (problem,) = [each for each in FORMAT.problems(credit, LIST) if not each.is_warning]
    assert (problem.cause, problem.mend, problem.key) == ("credit note", "setting", "credit_notes")
    assert problem.number == "CN-1002"
    assert causes(FORMAT, credit, WITH) == []


@pytest.mark.parametrize(
    ("change", "field", "reason", "page"),
    [
        ({"number": ""}, "number", "the number is missing", "invoice"),
        ({"number": "=1"}, "number", "a spreadsheet would calculate '=1': it must not begin with =", "invoice"),
        ({"number": "x" * 256}, "number", f"'{'x' * 256}' has 256 characters, at most 255", "invoice"),
        ({"client_name": ""}, "client_name", "the client name is missing", "client"),
        ({"client_name": "a\nb"}, "client_name", "'a\\nb' holds U+000A", "client"),
        ({"po_number": "-1"}, "po_number", "a spreadsheet would calculate '-1': it must not begin with -", "invoice"),
        ({"client_email": " a"}, "client_email", "' a' begins or ends with a blank", "invoice"),
        ({"bill_to": ("x" * 256, "", "", "", "", "")}, "bill_to", "it has 256 characters, at most 255", "invoice"),
        ({"currency": "CA$"}, "currency", "the currency 'CA$' is not three capital letters", "invoice"),
        ({"due_date": None}, "due_date", "the due date is missing", "invoice"),
        ({"total": Decimal(1)}, "total", "the lines give 100.00 and 12.00 tax, the total is 1", "invoice"),
        ({"lines": ()}, "lines", "it has no priced line", "invoice"),
        ({"kind": "quote"}, "kind", "'quote' is neither an invoice nor a credit note", "invoice"),
    ],
)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str, page: str) -> None:
    found = FORMAT.problems(replace(document([line()]), **change), profile_of(FORMAT))
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found if not each.is_warning}


@pytest.mark.parametrize(
    ("fields", "chosen", "field", "reason", "page", "key"),
    [
        ({"description": " "}, {}, "lines.1.description", "line 1 has no description", "invoice", ""),
        ({"account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "item", "LAB"),
        ({}, {}, "lines.1.taxes", "the taxes GST;PST have no common name there: map them", "tax", "GST;PST"),
        ({"description": "x" * 4001}, {}, "lines.1.description", "it has 4001 characters, at most 4000", "invoice", ""),
    ],
)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str, key: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, **chosen))
    assert (field, reason, page, key) in {(each.field, each.reason, str(each.mend), each.key) for each in found}


def test_a_line_without_tax_needs_the_name_of_such_a_rate() -> None:
    (problem,) = [
        each for each in FORMAT.problems(document([line()], ()), profile_of(FORMAT, no_tax="")) if not each.is_warning
    ]
    assert (problem.field, problem.mend, problem.key) == ("lines.1.no_tax", "setting", "no_tax")


def test_warnings_of_what_is_lost() -> None:
    assert warnings(FORMAT, document([line("=1")]), LIST) == [
        "begins like a formula",
        "memo not carried",
        "terms not carried",
    ]
    (back,) = xero_reader.read(written(FORMAT, LIST, document([line("=1")])))
    assert back["*Description"] == " =1"


def test_what_only_shows_over_all_documents() -> None:
    others: list[dict[str, Any]] = [{"number": "inv-1001"}, {"number": "INV-2", "client_number": "C-2"}]
    for other in others:
        with pytest.raises(FormatError, match=r"twice|stands for client C-1"):
            written(FORMAT, profile_of(FORMAT), document([line()]), document([line()], id=2, **other))


TEXTS = st.fixed_dictionaries({"po_number": TEXT, "client_name": WORDS, "number": WORDS, "client_email": TEXT})


@given(
    texts=TEXTS | st.fixed_dictionaries({"client_name": PLAIN, "number": PLAIN, "bill_to": st.tuples(*[TEXT] * 6)}),
    lines=st.lists(st.tuples(TEXT, NUMBERS, NUMBERS), min_size=1, max_size=4),
)
@at_most(max_examples=150, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any) -> None:
    profile = profile_of(FORMAT, {Kind.TAX: MAPS[Kind.TAX]})
    invoice = document([line(text, str(q), str(p)) for text, q, p in lines], **texts)
    if causes(FORMAT, invoice, profile):
        return
    (back,) = xero_reader.read(written(FORMAT, profile, invoice))
    assert back.number == unicodedata.normalize("NFC", invoice.number)
    assert back["*ContactName"] == unicodedata.normalize("NFC", invoice.client_name)
    assert back["Reference"] == unicodedata.normalize("NFC", invoice.po_number)
    assert back["POCity"] == canonical(invoice.bill_to[2])
    assert [row["*Description"] for row in back.rows] == [canonical(text) for text, *_ in lines]
    assert xero_reader.total(back) == invoice.total


def canonical(text: str) -> str:
    """The documented form of free text: NFC, one line, a blank before what begins like a formula."""
    text = "".join(" " if is_control(c) else c for c in text.replace("\r\n", "\n"))
    text = unicodedata.normalize("NFC", text).strip()
    return f" {text}" if text[:1] in tuple("=+-@") else text


def is_control(character: str) -> bool:
    code = ord(character)
    return code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000 or character in "\u2028\u2029\ufeff\ufffe\uffff"
