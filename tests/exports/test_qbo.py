"""QuickBooks Online: the worked example, Canadian and US columns, parts, every refusal, and hostile text."""

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
from exports.formats.qbo import QuickBooksOnline
from tests.exports import parts_reader, qbo_reader
from tests.exports.documents import document, line
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WORDS
from tests.exports.test_iif import BC, client
from tests.exports.test_xero import is_control
from tests.exports.writing import causes, check_golden, profile_of, written

pytestmark = pytest.mark.formats
FORMAT = QuickBooksOnline()
MAPS = {
    Kind.ITEM: {"CONS": Mapped("Consulting"), "GUIDE": Mapped("Tax guide")},
    Kind.TAX: {"GST;PST": Mapped("GST/PST BC")},
}
CA = profile_of(FORMAT, MAPS, currency="CAD")
US = profile_of(FORMAT, MAPS, region="us", currency="USD")
EXAMPLE = """\
*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,\
ItemRate,*ItemAmount,*ItemTaxCode,ItemTaxAmount,Currency,Service Date
INV-2041,Maple Ridge Café Ltd.,2025-03-14,2025-04-13,Net 30,,"PO PO-77-1203 - March bookkeeping, printed guides",\
Consulting,"Bookkeeping, March - 10 hours on site",10,120.00,1200.00,GST/PST BC,144.00,CAD,
INV-2041,Maple Ridge Café Ltd.,2025-03-14,2025-04-13,Net 30,,"PO PO-77-1203 - March bookkeeping, printed guides",\
Tax guide,Printed tax guide,3,49.95,149.85,GST/PST BC,17.98,CAD,
"""


def example(**fields: Any) -> Any:
    lines = [
        line("Bookkeeping, March\n10 hours on site", "10", "120", item_code="CONS"),
        line("Printed tax guide", "3", "49.95", item_code="GUIDE"),
    ]
    texts = client(number="INV-2041", memo="March bookkeeping, printed guides")
    return document(lines, BC, invoice_date=date(2025, 3, 14), due_date=date(2025, 4, 13), **{**texts, **fields})


def test_golden_file_is_the_worked_example(tmp_path: Path) -> None:
    data = written(FORMAT, CA, example())
    check_golden("quickbooks-online.zip", data)
    assert EXAMPLE.replace("\n", "\r\n").encode() in data
    (back,) = qbo_reader.read(data, rates={"GST/PST BC": Decimal(12)})
    assert qbo_reader.total(back) == Decimal("1511.83")
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, CA)
    assert (totals.count, totals.net, totals.tax) == (1, Decimal("1349.85"), Decimal("161.98"))
    assert (totals.total, totals.first, totals.last) == (Decimal("1511.83"), "INV-2041", "INV-2041")
    path.write_bytes(data.replace(b"1200.00", b"1200.01"))
    with pytest.raises(ValueError, match="CRC"):
        FORMAT.read_totals(path, CA)


def test_us_columns(tmp_path: Path) -> None:
    untaxed = replace(example(), taxes=(), tax=Decimal(0), total=Decimal("1349.85"), currency="USD")
    untaxed = replace(untaxed, lines=tuple(replace(each, taxes=()) for each in untaxed.lines))
    (back,) = qbo_reader.read(written(FORMAT, US, untaxed), dates="mdy")
    assert list(back.rows[0]) == [*qbo_reader.TWELVE, "Service Date"]
    assert causes(FORMAT, example(currency="USD"), US) == ["US sales tax"]
    asked = profile_of(FORMAT, region="us", us_tax="recalculated", currency="USD")
    assert causes(FORMAT, example(currency="USD"), asked) == []
    data = written(FORMAT, asked, example(), replace(untaxed, number="2"))
    first, second = qbo_reader.read(data, dates="mdy")
    assert [(each["Taxable"], each["TaxRate"]) for each in (first, second)] == [("Y", "12%"), ("N", "")]
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, asked)
    assert (totals.count, totals.net, totals.tax, totals.total) == (2, Decimal("2699.70"), None, None)


@pytest.mark.parametrize(
    ("documents", "lines", "sizes"),
    [(101, 1, [100, 1]), (4, 400, [2, 2]), (2, 999, [1, 1])],
)
def test_parts_hold_100_invoices_and_1000_rows_and_tear_none_apart(documents: int, lines: int, sizes: list) -> None:
    many = [document([line()] * lines, (), id=n, number=f"INV-{n}") for n in range(documents)]
    data = written(FORMAT, CA, *many)
    parts = parts_reader.read_parts(data, "quickbooks-online", "*InvoiceNo")
    assert [len(part) for part in parts] == sizes
    assert len(qbo_reader.read(data)) == documents


def test_a_document_that_is_too_large_for_one_file_is_named() -> None:
    assert causes(FORMAT, document([line()] * 1000, ()), CA) == ["too many lines"]
    with pytest.raises(FormatError, match="too large for one file"):
        written(FORMAT, CA, document([line("x" * 4000)] * 600, ()))


def test_lines_that_do_not_multiply_are_amounts_alone() -> None:
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    misfit = replace(line("Misfit", "2", "10"), amount=Decimal("19.50"))
    others = [line("Both", "-2", "-3"), line("Free", "-2", "0")]
    (back,) = qbo_reader.read(written(FORMAT, CA, document([fee, misfit, *others], BC[:1])))
    cells = [(row["ItemQuantity"], row["ItemRate"], row["*ItemAmount"]) for row in back.rows]
    assert cells == [("", "", "12.34"), ("", "", "19.50"), ("2", "3.00", "6.00"), ("", "", "0.00")]


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # 2.4, 3: number
    ({"number": ""}, "number", "the number is missing", "invoice"),
    ({"number": "x" * 22}, "number", f"'{'x' * 22}' has 22 characters, at most 21", "invoice"),
    ({"number": 'a"'}, "number", "'a\"' holds '\"'", "invoice"),
    # 4: customer
    ({"client_name": ""}, "client_name", "the client name is missing", "client"),
    ({"client_name": "x" * 101}, "client_name", f"'{'x' * 101}' has 101 characters, at most 100", "client"),
    ({"client_name": "a:b"}, "client_name", "'a:b' holds ':'", "client"),
    ({"client_name": "a\tb"}, "client_name", "'a\\tb' holds U+0009", "client"),
    ({"client_name": "a\nb"}, "client_name", "'a\\nb' holds U+000A", "client"),
    ({"client_name": 'a"b'}, "client_name", "'a\"b' holds '\"'", "client"),
    # 7, 8: taxes, dates
    ({"tax": Decimal(13), "total": Decimal(113)}, "tax", "the taxes of the lines add up to 12.00, the tax is 13",
     "invoice"),
    ({"due_date": None}, "due_date", "the due date is missing", "invoice"),
    ({"due_date": date(2026, 3, 11)}, "due_date", "due 2026-03-11, dated 2026-03-12", "invoice"),
    # 10, 11: currency, formulas
    ({"currency": "CA$"}, "currency", "the currency 'CA$' is not three capital letters", "invoice"),
    ({"memo": "=1", "po_number": ""}, "memo", "a spreadsheet would calculate '=1': begin it with a letter", "invoice"),
    ({"number": "-1"}, "number", "a spreadsheet would calculate '-1': it must not begin with -", "invoice"),
    ({"client_name": "@a"}, "client_name", "a spreadsheet would calculate '@a': it must not begin with @", "client"),
    ({"terms": "x" * 32}, "terms", f"'{'x' * 32}' has 32 characters, at most 31", "terms"),
    ({"kind": "quote"}, "kind", "'quote' is neither an invoice nor a credit note", "invoice"),
    ({"total": Decimal(1)}, "total", "the lines give 100.00 and 12.00 tax, the total is 1", "invoice"),
    ({"terms": "+30"}, "terms", "a spreadsheet would calculate '+30': it must not begin with +", "terms"),
    ({"memo": "x" * 4001}, "memo", "it has 4014 characters, at most 4000", "invoice"),
    ({"lines": ()}, "lines", "it has no priced line", "invoice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "reason", "page"), REFUSED)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str, page: str) -> None:
    found = FORMAT.problems(replace(document([line()]), **change), CA)
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found}


LINES: list[tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = [
    ({"item_code": ""}, {}, "lines.1.item_code", "the item code is missing", "setting", "line_item"),
    ({"item_code": "x" * 101}, {}, "lines.1.item_code", f"'{'x' * 101}' has 101 characters, at most 100", "item",
     "x" * 101),
    ({"item_code": "=1"}, {}, "lines.1.item_code", "a spreadsheet would calculate '=1': it must not begin with =",
     "item", "=1"),
    ({"description": "x" * 4001}, {}, "lines.1.description", "it has 4001 characters, at most 4000", "invoice", ""),
    ({"item_code": "a:b"}, {}, "lines.1.item_code", "'a:b' holds ':'", "item", "a:b"),
    ({"description": "-5 %"}, {}, "lines.1.description", "a spreadsheet would calculate '-5 %': begin it with a letter",
     "invoice", ""),
    ({}, {}, "lines.1.taxes", "the taxes GST;PST have no common name there: map them", "tax", "GST;PST"),
    ({}, {"currency_column": "off", "currency": "USD"}, "currency", "CAD is not the currency of the books, USD",
     "invoice", ""),
    ({}, {"region": "us", "currency": "CAD"}, "tax", "it has 12.00 tax, and QuickBooks would work out its own",
     "setting", "us_tax"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "chosen", "field", "reason", "page", "key"), LINES)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str, key: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, **chosen))
    assert (field, reason, page, key) in {(each.field, each.reason, str(each.mend), each.key) for each in found}


def test_negative_lines_and_credit_notes_are_named_and_left_out() -> None:
    discounted = document([line(), line("Off", "1", "-10")])
    (problem,) = FORMAT.problems(discounted, CA)
    assert (problem.cause, problem.field) == ("negative line", "lines.2.amount")
    assert causes(FORMAT, document([line("Back", "-1")]), CA) == ["credit note"]
    no_name = FORMAT.problems(document([line()], ()), profile_of(FORMAT, no_tax=""))
    assert [(each.field, each.mend, each.key) for each in no_name] == [("lines.1.no_tax", "setting", "no_tax")]


def test_what_only_shows_over_all_documents() -> None:
    others: list[dict[str, Any]] = [{"number": "inv-1001"}, {"number": "INV-2", "client_number": "C-2"}]
    for other in others:
        with pytest.raises(FormatError, match=r"twice|stands for client C-1"):
            written(FORMAT, CA, document([line()]), document([line()], id=2, **other))


TEXTS = st.fixed_dictionaries({"po_number": TEXT, "client_name": WORDS, "number": WORDS, "terms": TEXT, "memo": TEXT})


@given(
    texts=TEXTS | st.fixed_dictionaries({"client_name": PLAIN, "number": PLAIN, "memo": TEXT}),
    lines=st.lists(st.tuples(TEXT, PLAIN, NUMBERS, NUMBERS), min_size=1, max_size=4),
)
@at_most(max_examples=150, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any) -> None:
    invoice = document([line(text, str(q), str(p), item_code=item) for text, item, q, p in lines], **texts)
    if causes(FORMAT, invoice, CA):
        return
    (back,) = qbo_reader.read(written(FORMAT, CA, invoice))
    assert back.number == unicodedata.normalize("NFC", invoice.number)
    assert back["*Customer"] == unicodedata.normalize("NFC", invoice.client_name)
    assert back["Terms"] == unicodedata.normalize("NFC", invoice.terms)
    assert back["Memo"] == canonical(" - ".join(filter(None, [f"PO {invoice.po_number}" * bool(invoice.po_number),
                                                              invoice.memo])))  # fmt: skip
    assert [row["ItemDescription"] for row in back.rows] == [canonical(text) for text, *_ in lines]
    assert qbo_reader.total(back) == invoice.total


def canonical(text: str) -> str:
    """The documented form of free text: NFC, ' - ' for a line break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = [unicodedata.normalize("NFC", "".join(" " if is_control(c) else c for c in each)) for each in lines]
    return " - ".join(each.strip() for each in cleaned if each.strip())
