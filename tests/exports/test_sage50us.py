"""Sage 50 US: the example of the specification, every setting, every refusal and warning, and hostile text."""

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as at_most
from hypothesis import strategies as st

from exports.formats.base import FormatError
from exports.formats.profile import Kind, Mapped
from exports.formats.sage50us import Sage50Us
from exports.formats.sage50us_names import tax_type_refusal
from tests.exports import sage50us_reader
from tests.exports.documents import PST, document, line
from tests.exports.examples import two_documents
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WORDS
from tests.exports.test_xero import is_control
from tests.exports.writing import causes, check_golden, profile_of, warnings, written

pytestmark = pytest.mark.formats
FORMAT = Sage50Us()
MAPS = {
    Kind.TAX: {
        "GST": Mapped("BCGST", "23100-00", "GST"),
        "PST": Mapped("", "23110-00", "PST"),
        "GST;PST": Mapped("BCGSTPST"),
    },
    Kind.TERMS: {"Net 30": Mapped("Net 30 Days")},
}
CHOSEN = {"receivables": "11000-00", "currency": "CAD"}
DEFAULTS = profile_of(FORMAT, MAPS, **CHOSEN)
LAST = "0.00,03/12/26,Net 30 Days,11000-00,BCGSTPST,March services,FALSE,,FALSE,4"
HEAD = f"FALSE,03/12/26,FALSE,PO-7788,04/11/26,{LAST}"
LAST_BACK = "0.00,03/20/26,Net 30 Days,11000-00,BCGSTPST,Credit for INV-1001,FALSE,,FALSE,3"
BACK = f"TRUE,03/20/26,FALSE,PO-7788,03/20/26,{LAST_BACK}"
EXAMPLE = f"""\
NORTHWIND,INV-1001,,{HEAD},0,0,FALSE,0.00,,GST,23100-00,0.00,0,-24.54,,GST,1
NORTHWIND,INV-1001,,{HEAD},0,0,FALSE,0.00,,PST,23110-00,0.00,0,-34.35,,PST,1
NORTHWIND,INV-1001,,{HEAD},1,0,FALSE,10.00,,Widget A,40000-00,25.00,1,-250.00,J100,,1
NORTHWIND,INV-1001,,{HEAD},2,0,FALSE,3.00,,"Installation, on site",40100-00,80.25,1,-240.75,J100,,1
NORTHWIND,CN-1002,,{BACK},0,0,FALSE,0.00,,GST,23100-00,0.00,0,2.50,,GST,2
NORTHWIND,CN-1002,,{BACK},0,0,FALSE,0.00,,PST,23110-00,0.00,0,3.50,,PST,2
NORTHWIND,CN-1002,,{BACK},1,0,FALSE,2.00,,Widget A returned,40000-00,25.00,1,50.00,J100,,2
"""


def test_golden_file_is_the_example_of_the_specification(tmp_path: Path) -> None:
    data = written(FORMAT, DEFAULTS, *two_documents())
    check_golden("sage-50-us.zip", data)
    assert EXAMPLE.replace("\n", "\r\n").encode() in data
    documents, (customer,) = sage50us_reader.read(data)
    assert [sage50us_reader.total_of(each) for each in documents] == [Decimal("549.64"), Decimal("-56.00")]
    assert (customer["Customer Name"], customer["Bill to State"]) == ("Café Northwind Traders Ltd.", "BC")
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, DEFAULTS)
    assert (totals.count, totals.net, totals.tax) == (2, Decimal("440.75"), Decimal("52.89"))
    assert (totals.total, totals.first, totals.last) == (Decimal("493.64"), "INV-1001", "CN-1002")
    assert totals.accounts is not None
    assert totals.accounts["40000-00"] == Decimal("200.00")


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    for old, new in ((b"-250.00", b"-250.01"), (b"Vancouver", b"Vancouvre")):
        path.write_bytes(written(FORMAT, DEFAULTS, *two_documents()).replace(old, new))
        with pytest.raises(ValueError, match="CRC"):
            FORMAT.read_totals(path, DEFAULTS)


def test_settings(tmp_path: Path) -> None:
    profile = profile_of(
        FORMAT, MAPS, **CHOSEN, headings="off", dates="dmy4", jobs="off", transaction_number="off", encoding="utf-8",
        credit_quantity="negative", apply_credits="on",
    )  # fmt: skip
    data = written(FORMAT, profile, *two_documents())
    assert b"Customer ID" not in data
    last = [row for row in data.decode("utf-8", "replace").split("\r\n") if "CN-1002" in row][-1]
    assert last.startswith("NORTHWIND,CN-1002,INV-1001,TRUE,20/03/2026,")
    assert last.endswith(",-2.00,,Widget A returned,40000-00,25.00,1,50.00,,")
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    assert FORMAT.read_totals(path, profile).total == Decimal("493.64")


def test_discounts_and_lines_without_tax() -> None:
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    (back,), _ = sage50us_reader.read(written(FORMAT, DEFAULTS, document([line(), fee, line("Off", "-2", "5")], ())))
    cells = [(row["Quantity"], row["Unit Price"], row["Amount"], row["Tax Type"]) for row in back.rows]
    assert cells == [
        ("1.00", "100.00", "-100.00", "2"),
        ("1.00", "12.34", "-12.34", "2"),
        ("2.00", "5.00", "10.00", "2"),
    ]


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # 1.9, 1: customer
    ({"accounting_id": "", "client_number": ""}, "customer_id", "the customer id is missing", "client"),
    ({"accounting_id": "x" * 21}, "customer_id", f"'{'x' * 21}' has 21 characters, at most 20", "client"),
    ({"accounting_id": "a*"}, "customer_id", "'a*' holds '*'", "client"),
    ({"accounting_id": "a?"}, "customer_id", "'a?' holds '?'", "client"),
    ({"accounting_id": "a+"}, "customer_id", "'a+' holds '+'", "client"),
    ({"accounting_id": "@a"}, "customer_id", "a spreadsheet would calculate '@a': it must not begin with @", "client"),
    ({"accounting_id": " a"}, "customer_id", "' a' begins or ends with a blank", "client"),
    # 3: number
    ({"number": ""}, "number", "the number is missing", "invoice"),
    ({"number": "x" * 21}, "number", f"'{'x' * 21}' has 21 characters, at most 20", "invoice"),
    # 7, 9, 10, 11
    ({"total": Decimal(1)}, "total", "the lines give 100.00 and 12.00 tax, the total is 1", "invoice"),
    ({"invoice_date": date(2025, 12, 31)}, "invoice_date",
     "2025-12-31 is outside the open periods 2026-01-01 to 2026-12-31", "setting"),
    ({"invoice_date": date(2027, 1, 1), "due_date": date(2027, 1, 1)}, "invoice_date",
     "2027-01-01 is outside the open periods 2026-01-01 to 2026-12-31", "setting"),
    ({"due_date": None}, "due_date", "the due date is missing", "invoice"),
    ({"due_date": date(2026, 3, 11)}, "due_date", "due 2026-03-11, dated 2026-03-12", "invoice"),
    ({"currency": "USD"}, "currency", "USD is not the currency of the books, CAD", "invoice"),
    # 12: code page, 13: formula
    ({"memo": "漢"}, "memo", "'漢' does not exist in cp1252", "invoice"),
    ({"number": "=1"}, "number", "a spreadsheet would calculate '=1': it must not begin with =", "invoice"),
    ({"po_number": "x" * 21}, "po_number", f"'{'x' * 21}' has 21 characters, at most 20", "invoice"),
    # 14, 15, 16
    ({"lines": ()}, "lines", "it has no priced line", "invoice"),
    ({"kind": "quote"}, "kind", "'quote' is neither an invoice nor a credit note", "invoice"),
    ({"total": Decimal(-1)}, "total", "-1 does not fit an invoice", "invoice"),
    ({"client_email": "x" * 65}, "client_email", f"'{'x' * 65}' has 65 characters, at most 64", "invoice"),
    ({"kind": "credit_note"}, "total", "112.00 does not fit a credit note", "invoice"),
    ({"job_number": "x" * 21}, "job_number", f"'{'x' * 21}' has 21 characters, at most 20", "invoice"),
    ({"job_number": "a,b"}, "job_number", "'a,b' holds ','", "invoice"),
    ({"client_name": ""}, "client_name", "the client name is missing", "invoice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "reason", "page"), REFUSED)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str, page: str) -> None:
    profile = profile_of(FORMAT, MAPS, **CHOSEN, open_from="2026-01-01", open_to="2026-12-31")
    found = FORMAT.problems(replace(document([line()]), **change), profile)
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found if not each.is_warning}


LINES: list[tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = [
    # 4, 5, 6
    ({}, {"receivables": ""}, "receivables", "the receivables is missing", "setting", "receivables"),
    ({}, {"receivables": "x" * 16}, "receivables", f"'{'x' * 16}' has 16 characters, at most 15", "setting",
     "receivables"),
    ({"account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "item", "LAB"),
    ({"account_code": "x" * 16}, {}, "lines.1.account_code", f"'{'x' * 16}' has 16 characters, at most 15", "item",
     "LAB"),
    ({"item_code": "", "account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "setting",
     "income_account"),
    ({}, {"tax_account": "x" * 16}, "taxes.GST.account", f"'{'x' * 16}' has 16 characters, at most 15", "tax", "GST"),
    ({}, {"tax_account": ""}, "taxes.GST.account", "the account is missing", "tax", "GST"),
    ({}, {}, "taxes", "the taxes GST;PST have no Sales Tax ID: map them", "tax", "GST;PST"),
    # 17
    ({"amount": Decimal("100.005")}, {}, "lines.1.amount", "100.005 has over two decimals", "invoice", ""),
    ({"amount": Decimal("100.02")}, {}, "lines.1.amount", "1 x 100 is 100.00, the amount is 100.02", "invoice", ""),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "chosen", "field", "reason", "page", "key"), LINES)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str, key: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, **chosen))
    assert (field, reason, page, key) in {(each.field, each.reason, str(each.mend), each.key) for each in found}


def test_what_is_mapped_has_its_lengths_too() -> None:
    """1.9, 5 and 6: item, agency and Sales Tax ID."""
    own = MAPS[Kind.TAX]
    for kind, ours, mapped, field in (
        (Kind.ITEM, "LAB", Mapped("x" * 21), "lines.1.item_code"),
        (Kind.TAX, "GST", replace(own["GST"], extra="x" * 9), "taxes.GST.agency"),
        (Kind.TAX, "GST;PST", Mapped("x" * 9), "taxes.sales_tax_id"),
    ):
        maps = {**MAPS, kind: {**MAPS.get(kind, {}), ours: mapped}}
        (problem,) = FORMAT.problems(document([line()]), profile_of(FORMAT, maps))
        assert (problem.field, str(problem.mend), problem.key) == (field, str(kind), ours)
        assert "characters, at most" in problem.reason


def test_tax_types_of_lines_are_1_to_25() -> None:
    assert [tax_type_refusal(text) == "" for text in ("1", "25", "0", "26", "x", "")] == [True, True] + [False] * 4


def test_over_154_rows_and_two_taxes_of_one_agency() -> None:
    assert causes(FORMAT, document([line()] * 153), DEFAULTS) == ["too many lines"]
    assert causes(FORMAT, document([line()] * 152), DEFAULTS) == []
    maps = {Kind.TAX: {"GST": Mapped("X", "", "CRA"), "PST": Mapped("Y", "", "cra"), "GST;PST": Mapped("XY")}}
    assert causes(FORMAT, document([line()]), profile_of(FORMAT, maps)) == ["two taxes with one agency"]
    assert causes(FORMAT, document([line()], (PST,)), profile_of(FORMAT)) == []


def test_warnings_of_what_is_shortened() -> None:
    long = document([line("d" * 161)], memo="m" * 2001, client_name="n" * 40, terms="t" * 21)
    long = replace(long, bill_to=("s" * 31, "", "c" * 21, "Bavaria", "z" * 13, "k" * 16))
    assert causes(FORMAT, long, DEFAULTS) == []
    assert sorted(set(warnings(FORMAT, long, DEFAULTS))) == [
        "bill to cut", "client name cut", "description cut", "memo cut", "state unknown", "terms cut",
    ]  # fmt: skip
    assert warnings(FORMAT, document([line()], memo="m" * 255), DEFAULTS) == ["long memo"]
    formula = document([line(f"={'d' * 159}")], memo="+1", terms="-1")
    assert warnings(FORMAT, formula, profile_of(FORMAT, {Kind.TAX: MAPS[Kind.TAX]})) == [
        *["begins like a formula"] * 2, "description cut", "begins like a formula"
    ]  # fmt: skip
    (back,), (customer,) = sage50us_reader.read(written(FORMAT, DEFAULTS, long))
    assert (len(back["Invoice Note"]), customer["Bill to State"]) == (2000, "")


@pytest.mark.parametrize(
    "other", [{"number": "inv-1001"}, {"number": "INV-2", "client_number": "C-2", "accounting_id": "northwind"}]
)
def test_what_only_shows_over_all_documents(other: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=r"twice|stands for client C-1"):
        written(FORMAT, DEFAULTS, document([line()]), document([line()], id=2, **other))


TEXTS = st.fixed_dictionaries({"po_number": TEXT, "accounting_id": WORDS, "number": WORDS, "memo": TEXT, "terms": TEXT})


@given(
    texts=TEXTS | st.fixed_dictionaries({"client_name": PLAIN, "number": PLAIN, "bill_to": st.tuples(*[TEXT] * 6)}),
    lines=st.lists(st.tuples(TEXT | PLAIN, NUMBERS, NUMBERS), min_size=1, max_size=4),
)
@at_most(max_examples=150, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any) -> None:
    profile = profile_of(FORMAT, MAPS, **CHOSEN, encoding="utf-8")
    invoice = document([line(text, str(q), str(p)) for text, q, p in lines], **texts)
    if causes(FORMAT, invoice, profile):
        return
    (back,), (customer,) = sage50us_reader.read(written(FORMAT, profile, invoice), "utf-8")
    assert back.number == unicodedata.normalize("NFC", invoice.number)
    assert back["Customer ID"] == unicodedata.normalize("NFC", invoice.customer_id)
    assert back["Customer PO"] == unicodedata.normalize("NFC", invoice.po_number)
    assert back["Invoice Note"] == canonical(invoice.memo)
    assert customer["Bill to City"] == canonical(invoice.bill_to[2])[:20].rstrip()
    assert [row["Description"] for row in back.rows[2:]] == [canonical(text) for text, *_ in lines]
    assert sage50us_reader.total_of(back) == invoice.total


def canonical(text: str) -> str:
    """The documented form of free text: NFC, one line, ' for ", a blank before what begins like a formula."""
    text = "".join(" " if is_control(c) else c for c in text.replace("\r\n", "\n").replace('"', "'"))
    text = unicodedata.normalize("NFC", text).strip()
    return f" {text}" if text[:1] in tuple("=+-@") else text
