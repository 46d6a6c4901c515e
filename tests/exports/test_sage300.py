"""Sage 300: the example of the specification as CSV and workbook, settings, every refusal, and hostile text."""

import unicodedata
import zipfile
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
from exports.formats.profile import Kind, Mapped, Profile
from exports.formats.sage300 import Sage300
from exports.formats.sage300_names import class_refusal
from invoices.document import InvoiceData
from tests.exports import sage300_reader
from tests.exports.documents import GST, PST, document, line
from tests.exports.examples import two_documents
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WORDS
from tests.exports.test_xero import is_control
from tests.exports.writing import causes, check_golden, profile_of, warnings, written

pytestmark = pytest.mark.formats
FORMAT = Sage300()
MAPS = {
    Kind.ITEM: {"WIDGET-A": Mapped("", "4000"), "INSTALL": Mapped("", "4010")},
    Kind.TAX: {"GST;PST": Mapped("BC"), "PST": Mapped("BC", "", "2")},
    Kind.TERMS: {"Net 30": Mapped("NET30")},
}
CHOSEN = {"currency": "CAD", "jobs": "off"}
XLSX = profile_of(FORMAT, MAPS, **CHOSEN)
CSV = profile_of(FORMAT, MAPS, **CHOSEN, file="csv")
HEADINGS = """\
"RECTYPE","CNTBTCH","CNTITEM","IDCUST","IDINVC","TEXTTRX","IDTRX","ORDRNBR","CUSTPO","INVCDESC","INVCAPPLTO",\
"DATEINVC","CODECURN","TERMCODE","DATEDUE","SWTAXBL","SWMANTX","CODETAXGRP","TAXSTTS1","TAXSTTS2","BASETAX1",\
"BASETAX2","AMTTAX1","AMTTAX2","INVCTYPE"
"RECTYPE","CNTBTCH","CNTITEM","CNTLINE","IDDIST","TEXTDESC","AMTEXTN","IDACCTREV","TAXSTTS1","TAXSTTS2","SWTAXINCL1",\
"SWTAXINCL2","BASETAX1","BASETAX2","RATETAX1","RATETAX2","AMTTAX1","AMTTAX2","COMMENT"
"RECTYPE","CNTBTCH","CNTITEM","CNTPAYM","DATEDUE","AMTDUE"
"RECTYPE","CNTBTCH","CNTITEM","OPTFIELD","VALUE"
"RECTYPE","CNTBTCH","CNTITEM","CNTLINE","OPTFIELD","VALUE"
"""
EXAMPLE = f"""\
{HEADINGS}\
"1","1","1","NORTHWIND","INV-1001","1","12","","PO-7788","March services","","20260312","CAD","NET30","20260411","1",\
"1","BC","1","1","490.75","490.75","24.54","34.35","2"
"2","1","1","20","","Widget A (10 x 25.00)","250.00","4000","1","1","0","0","250.00","250.00","5.00000","7.00000",\
"12.50","17.50",""
"2","1","1","40","","Installation, on site (3 x 80.25)","240.75","4010","1","1","0","0","240.75","240.75","5.00000",\
"7.00000","12.04","16.85",""
"3","1","1","1","20260411","549.64"
"1","1","2","NORTHWIND","CN-1002","3","32","","PO-7788","Credit for INV-1001","","20260320","CAD","NET30","20260320",\
"1","1","BC","1","1","50.00","50.00","2.50","3.50","2"
"2","1","2","20","","Widget A returned (2 x 25.00)","50.00","4000","1","1","0","0","50.00","50.00","5.00000","7.00000",\
"2.50","3.50",""
"3","1","2","1","20260320","56.00"
"""


def read(data: bytes, profile: Profile) -> list[sage300_reader.Document]:
    if profile["file"] == "xlsx":
        return sage300_reader.read_xlsx(data)
    return sage300_reader.read_csv(data, profile["encoding"])


def test_the_csv_is_the_example_of_the_specification() -> None:
    data = written(FORMAT, CSV, *two_documents())
    check_golden("sage-300.csv", data)
    assert data.decode("cp1252") == EXAMPLE.replace("\n", "\r\n")


@pytest.mark.parametrize("profile", [XLSX, CSV])
def test_both_files_say_the_same(profile: Profile, tmp_path: Path) -> None:
    data = written(FORMAT, profile, *two_documents())
    documents = read(data, profile)
    assert documents == read(written(FORMAT, CSV, *two_documents()), CSV)
    assert [each.total for each in documents] == [Decimal("549.64"), Decimal("-56.00")]
    path = tmp_path / "file"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, profile)
    assert (totals.count, totals.net, totals.tax) == (2, Decimal("440.75"), Decimal("52.89"))
    assert (totals.total, totals.first, totals.last) == (Decimal("493.64"), "INV-1001", "CN-1002")
    assert totals.accounts == {"4000": Decimal("200.00"), "4010": Decimal("240.75")}


def test_the_workbook_is_the_same_bytes_each_time() -> None:
    data = written(FORMAT, XLSX, *two_documents(client_name="Café"))
    check_golden("sage-300.xlsx", data)
    assert FORMAT.file_type(XLSX) == ("xlsx", FORMAT.content_type)
    assert FORMAT.file_type(CSV) == ("csv", "text/csv; charset=windows-1252")


@pytest.mark.parametrize(
    ("profile", "harm"),
    [(XLSX, (b"<v>250.00</v>", b"<v>250.01</v>")), (CSV, (b'"12.50"', b'"12.51"')), (CSV, (b'"549.64"', b'"549.65"'))],
)
def test_a_changed_figure_is_found(profile: Profile, harm: tuple[bytes, bytes], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(written(FORMAT, profile, *two_documents()).replace(*harm, 1))
    with pytest.raises(ValueError, match=r"INV-1001|damaged|CRC"):
        FORMAT.read_totals(path, profile)
    with pytest.raises((AssertionError, zipfile.BadZipFile)):
        read(path.read_bytes(), profile)


@pytest.mark.parametrize("file", ["xlsx", "csv"])
def test_settings(file: str, tmp_path: Path) -> None:
    profile = profile_of(
        FORMAT, MAPS, file=file, documents="item", tax="sage", schedule="off", accounts="plain", apply_credits="on",
        account_set="TRADE", encoding="utf-8", terms="customer", currency="CAD",
    )  # fmt: skip
    invoice, credit = two_documents()
    mixed = replace(invoice, lines=(*invoice.lines[:1], replace(invoice.lines[1], account_code="40-10")))
    assert causes(FORMAT, mixed, profile) == []
    data = written(FORMAT, profile, mixed, credit)
    first, second = read(data, profile)
    cells = ("IDITEM", "UNITMEAS", "QTYINVC", "AMTPRIC", "COMMENT")
    assert [first.details[0][name] for name in cells] == ["WIDGET-A", "h", "10.00000", "25.000000", "Job J100"]
    assert second.details[0]["QTYINVC"] == "2.00000"
    assert (first.head["IDACCTSET"], first.head["TERMCODE"], first.head["SWMANTX"]) == ("TRADE", "", "0")
    assert (second.head["INVCAPPLTO"], first.head["INVCAPPLTO"]) == ("INV-1001", "")
    assert first.schedule == []
    path = tmp_path / "file"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, profile)
    assert (totals.net, totals.tax, totals.total, totals.accounts) == (Decimal("440.75"), None, None, None)


def test_headings_of_optional_fields_can_be_left_out() -> None:
    for file in ("csv", "xlsx"):
        profile = profile_of(FORMAT, MAPS, **CHOSEN, file=file, optional_fields="off")
        assert len(read(written(FORMAT, profile, *two_documents()), profile)) == 2


def test_a_tax_stands_at_its_place_in_the_group() -> None:
    (back,) = read(written(FORMAT, CSV, document([line()], (PST,))), CSV)
    assert (back.head["CODETAXGRP"], back.head["AMTTAX1"], back.head["AMTTAX2"]) == ("BC", "", "7.00")
    swapped = profile_of(FORMAT, {**MAPS, Kind.TAX: {"GST;PST": Mapped("BC", "", "2;1")}}, **CHOSEN)
    (back,) = read(written(FORMAT, swapped, document([line()])), swapped)
    assert (back.head["AMTTAX1"], back.head["AMTTAX2"]) == ("7.00", "5.00")
    plain = document([line(), line("No PST")])
    plain = replace(plain, lines=(plain.lines[0], replace(plain.lines[1], taxes=plain.lines[1].taxes[:1])))
    rows = written(FORMAT, CSV, plain).decode("cp1252").split("\r\n")
    assert '"1","2","0","0","100.00","0.00","5.00000","0.00000","5.00","0.00"' in rows[7]


def test_where_quantity_price_and_long_text_go() -> None:
    lines = [line("d" * 60, "2", "10"), line("e" * 61, "2", "10"), line("", "2", "10"), line("Off", "-1", "5")]
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    (back,) = read(written(FORMAT, CSV, document([*lines, fee])), CSV)
    assert [(row["TEXTDESC"], row["COMMENT"]) for row in back.details] == [
        ("d" * 60, "2 x 10.00"),
        ("e" * 60, f"{'e' * 61} (2 x 10.00)"),
        ("2 x 10.00", ""),
        ("Off (-1 x 5.00)", ""),
        ("Fuel", ""),
    ]


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # 3.10, 1 and 2
    ({"accounting_id": "", "client_number": ""}, "customer_id", "the customer id is missing", "client"),
    ({"accounting_id": "x" * 13}, "customer_id", f"'{'x' * 13}' has 13 characters, at most 12", "client"),
    ({"number": ""}, "number", "the number is missing", "invoice"),
    ({"number": "x" * 23}, "number", f"'{'x' * 23}' has 23 characters, at most 22", "invoice"),
    # 5, 6, 8
    ({"terms": "Net 60"}, "terms", "the terms 'Net 60' have no code: map them", "terms"),
    ({"currency": "USD"}, "currency", "USD is not the currency of the books, CAD", "invoice"),
    ({"po_number": "x" * 23}, "po_number", f"'{'x' * 23}' has 23 characters, at most 22", "invoice"),
    # 9, 10
    ({"total": Decimal(1)}, "total", "the lines give 100.00 and 12.00 tax, the total is 1", "invoice"),
    ({"kind": "credit_note"}, "total", "112.00 does not fit a credit note", "invoice"),
    ({"due_date": date(2026, 3, 11)}, "due_date", "due 2026-03-11, dated 2026-03-12", "invoice"),
    ({"invoice_date": date(2025, 12, 31)}, "invoice_date",
     "2025-12-31 is outside the open periods 2026-01-01 to 2026-12-31", "setting"),
    # 12, 13, 15
    ({"number": "=1"}, "number", "a spreadsheet would calculate '=1': it must not begin with =", "invoice"),
    ({"po_number": "a\tb"}, "po_number", "'a\\tb' holds U+0009", "invoice"),
    ({"memo": "漢"}, "memo", "'漢' does not exist in cp1252", "invoice"),
    ({"lines": ()}, "lines", "it has no priced line", "invoice"),
    ({"total": Decimal(-1)}, "total", "-1 does not fit an invoice", "invoice"),
    ({"tax": Decimal(13), "total": Decimal(113)}, "tax", "the taxes of the lines add up to 12.00, the tax is 13",
     "invoice"),
    ({"invoice_date": None}, "invoice_date", "the date is missing", "invoice"),
    ({"accounting_id": "a\x00"}, "customer_id", "'a\\x00' holds U+0000", "client"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "reason", "page"), REFUSED)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str, page: str) -> None:
    profile = profile_of(FORMAT, MAPS, **CHOSEN, file="csv", open_from="2026-01-01", open_to="2026-12-31")
    found = FORMAT.problems(replace(document([line()]), **change), profile)
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found if not each.is_warning}


ITEMS = {"documents": "item"}
LINES: list[tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = [
    # 3: accounts, 7: texts
    ({"account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "item", "LAB"),
    ({"account_code": "x" * 46}, {}, "lines.1.account_code", f"'{'x' * 46}' has 46 characters, at most 45",
     "item", "LAB"),
    ({"description": "x" * 241}, {}, "lines.1.description",
     "it does not fit 60 characters, and the comment has 254, at most 250", "invoice", ""),
    # 4: groups
    ({}, {}, "taxes.group", "the taxes GST;PST have no tax group: map them", "tax", "GST;PST"),
    # 11: items
    ({"item_code": ""}, ITEMS, "lines.1.item_code", "the item code is missing", "setting", "line_item"),
    ({"item_code": "", "account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "setting",
     "income_account"),
    ({"account_code": "@4000"}, {}, "lines.1.account_code",
     "a spreadsheet would calculate '@4000': it must not begin with @", "item", "LAB"),
    ({}, {"account_set": "=A"}, "account_set", "a spreadsheet would calculate '=A': it must not begin with =",
     "setting", "account_set"),
    ({"item_code": "x" * 17}, ITEMS, "lines.1.item_code", f"'{'x' * 17}' has 17 characters, at most 16",
     "item", "x" * 17),
    ({"unit": ""}, ITEMS, "lines.1.unit", "the unit is missing", "invoice", ""),
    ({"unit": "x" * 11}, ITEMS, "lines.1.unit", f"'{'x' * 11}' has 11 characters, at most 10", "invoice", ""),
    ({}, {"account_set": "x" * 7}, "account_set", f"'{'x' * 7}' has 7 characters, at most 6", "setting", "account_set"),
    ({}, {"tax": "sage"}, "schedule", "where Sage works the tax out, a payment schedule may not add up: leave it out",
     "setting", "schedule"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "chosen", "field", "reason", "page", "key"), LINES)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str, key: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, jobs="off", **chosen))
    assert (field, reason, page, key) in {(each.field, each.reason, str(each.mend), each.key) for each in found}


def test_places_in_a_group_and_tax_classes() -> None:
    for places in ("1", "1;1", "0;1", "6;1", "a;b"):
        profile = profile_of(FORMAT, {**MAPS, Kind.TAX: {"GST;PST": Mapped("BC", "", places)}})
        (problem,) = [each for each in FORMAT.problems(document([line()]), profile) if not each.is_warning]
        assert (problem.cause, problem.mend, problem.key) == ("tax without a place", "tax", "GST;PST")
    six = tuple((f"T{n}", f"T{n}", Decimal(n)) for n in range(1, 7))
    assert "over five taxes" in causes(FORMAT, document([line()], six), XLSX)
    assert [class_refusal(text) == "" for text in ("1", "10", "0", "11", "")] == [True, True, False, False, False]


def test_what_is_mapped_has_its_lengths_too() -> None:
    """3.10, 4 and 5: terms and tax group."""
    for kind, ours, mapped, field in (
        (Kind.TERMS, "Net 30", Mapped("x" * 7), "terms"),
        (Kind.TAX, "GST;PST", Mapped("x" * 13), "taxes.group"),
    ):
        (problem,) = FORMAT.problems(document([line()]), profile_of(FORMAT, {**MAPS, kind: {ours: mapped}}, **CHOSEN))
        assert (problem.field, str(problem.mend), problem.key) == (field, str(kind), ours)
        assert "characters, at most" in problem.reason


def test_over_4999_lines() -> None:
    assert causes(FORMAT, document([line()] * 5000, (GST,)), XLSX) == ["too many lines"]


def test_warnings_of_what_is_shortened() -> None:
    long = document([line("d" * 61)], memo="m" * 61)
    assert warnings(FORMAT, long, XLSX) == ["memo cut", "description cut"]
    (back,) = read(written(FORMAT, XLSX, long), XLSX)
    assert (len(back.head["INVCDESC"]), len(back.details[0]["TEXTDESC"])) == (60, 60)


@pytest.mark.parametrize("other", [{"number": "inv-1001"}, {"number": "INV-2", "client_number": "C-2"}])
def test_what_only_shows_over_all_documents(other: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=r"twice|stands for client C-1"):
        written(FORMAT, XLSX, document([line()]), document([line()], id=2, **other))


TEXTS = st.fixed_dictionaries({"po_number": TEXT, "accounting_id": WORDS, "number": WORDS, "memo": TEXT})
ODD = st.sampled_from(["_x0041_", "a<b>&\"c'", "]]>", "_x005F_x0041_", "&amp;"])


@given(
    texts=TEXTS | st.fixed_dictionaries({"accounting_id": PLAIN, "number": PLAIN, "memo": TEXT | ODD}),
    lines=st.lists(st.tuples(TEXT | PLAIN | ODD, NUMBERS, NUMBERS), min_size=1, max_size=4),
    file=st.sampled_from(["xlsx", "csv"]),
)
@at_most(max_examples=200, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any, file: str) -> None:
    profile = profile_of(FORMAT, MAPS, **CHOSEN, file=file, encoding="utf-8")
    invoice: InvoiceData = document([line(text, str(q), str(p)) for text, q, p in lines], **texts)
    if causes(FORMAT, invoice, profile):
        return
    (back,) = read(written(FORMAT, profile, invoice), profile)
    assert back.head["IDINVC"] == unicodedata.normalize("NFC", invoice.number)
    assert back.head["IDCUST"] == unicodedata.normalize("NFC", invoice.customer_id)
    assert back.head["CUSTPO"] == unicodedata.normalize("NFC", invoice.po_number)
    assert back.head["INVCDESC"] == canonical(invoice.memo)
    for row, (text, *_) in zip(back.details, lines, strict=True):
        assert row["TEXTDESC"].startswith(canonical(text))
    assert back.total == invoice.total


def canonical(text: str) -> str:
    """The documented form of free text: NFC, one line, a blank before what begins like a formula."""
    text = "".join(" " if is_control(c) else c for c in text.replace("\r\n", "\n"))
    text = unicodedata.normalize("NFC", text).strip()
    return f" {text}" if text[:1] in tuple("=+-@") else text
