"""Sage 50 Canada: the example of the specification, every setting, every refusal and warning, and hostile text."""

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
from exports.formats.sage50ca import Sage50Ca
from exports.formats.sage50ca_names import version_refusal
from invoices.document import InvoiceData, LineData
from tests.exports import imp_reader
from tests.exports.csv_reader import Broken
from tests.exports.documents import GST, document, line
from tests.exports.examples import two_documents
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WORDS
from tests.exports.writing import causes, check_golden, profile_of, warnings, written

pytestmark = pytest.mark.formats
FORMAT = Sage50Ca()
CODES: dict[str, str] = {"currency": "CAD", "items": "code"}
DEFAULTS = profile_of(FORMAT, currency="CAD", items="code")
LOST = ["memo not carried", "due date and terms not carried", "job not carried", "accounts and line texts not carried"]
CARD = (
    '"Café Northwind Traders Ltd.","0","","123 Main St","Suite 200","Vancouver","British Columbia","V5K0A1",'
    '"Canada","","","","ap@northwind.example"'
)
EXAMPLE = f"""\
<Version>
"12001","1"
</Version>
<customers>
{CARD}
</customers>
<! INV-1001
<SalInvoice>
{CARD}
"2","PO-7788","INV-1001","03-12-2026","0","","549.64","0.00"
"WIDGET-A","10.0000","25.0000","250.00","GST","0","1","5.00","12.50","PST","0","0","7.00","17.50"
"INSTALL","3.0000","80.2500","240.75","GST","0","1","5.00","12.04","PST","0","0","7.00","16.85"
</SalInvoice>
<! CN-1002
<SalInvoice>
{CARD}
"1","PO-7788","CN-1002","03-20-2026","0","","-56.00","0.00"
"WIDGET-A","-2.0000","25.0000","-50.00","GST","0","1","5.00","-2.50","PST","0","0","7.00","-3.50"
</SalInvoice>
"""


def example() -> list[InvoiceData]:
    """PST is not refundable."""

    def share(each: LineData) -> LineData:
        return replace(each, taxes=tuple(replace(tax, recoverable=tax.code == "GST") for tax in each.taxes))

    return [replace(each, lines=tuple(map(share, each.lines))) for each in two_documents()]


def test_golden_file_is_the_example_of_the_specification(tmp_path: Path) -> None:
    data = written(FORMAT, DEFAULTS, *example())
    check_golden("sage-50-ca.imp", data)
    assert data.decode("cp1252") == EXAMPLE.replace("\n", "\r\n")
    file = imp_reader.read(data)
    assert [each.total for each in file.documents] == [Decimal("549.64"), Decimal("-56.00")]
    path = tmp_path / "file.imp"
    path.write_bytes(data)
    totals = FORMAT.read_totals(path, DEFAULTS)
    assert (totals.count, totals.net, totals.tax) == (2, Decimal("440.75"), Decimal("52.89"))
    assert (totals.total, totals.first, totals.last) == (Decimal("493.64"), "INV-1001", "CN-1002")


def test_a_changed_figure_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file.imp"
    data = written(FORMAT, DEFAULTS, *example())
    for old, new in (
        (b'"250.00"', b'"250.01"'),
        (b'"549.64"', b'"549.65"'),
        (b'"2","PO', b'"3","PO'),
        (b"12.04", b"12.05"),
    ):
        path.write_bytes(data.replace(old, new))
        with pytest.raises(ValueError, match="INV-1001"):
            FORMAT.read_totals(path, DEFAULTS)
        with pytest.raises(Broken):
            imp_reader.read(path.read_bytes())
    path.write_bytes(data[:-2])
    with pytest.raises(ValueError, match="not ended"):
        FORMAT.read_totals(path, DEFAULTS)


def test_customers_are_declared_unless_they_are_mapped() -> None:
    mapped = {Kind.CLIENT: {"C-1": Mapped("Northwind (Vancouver)")}}
    for chosen, maps, declared in (("new", {}, 1), ("new", mapped, 0), ("all", mapped, 1), ("none", {}, 0)):
        file = imp_reader.read(written(FORMAT, profile_of(FORMAT, maps, customers=chosen, items="code"), *example()))
        assert len(file.customers) == declared
        assert file.documents[0].customer[0] == ("Northwind (Vancouver)" if maps else "Café Northwind Traders Ltd.")


def test_settings_and_mappings() -> None:
    maps = {Kind.ITEM: {"WIDGET-A": Mapped("Widgets")}, Kind.TAX: {"GST": Mapped("TPS"), "PST": Mapped("TVP")}}
    profile = profile_of(FORMAT, maps, version="32101", items="text", order_number="off", encoding="utf-8")
    file = imp_reader.read(written(FORMAT, profile, *example()), "utf-8")
    first, second = file.documents[0].details
    assert (first[0], second[0], first[4], first[9]) == ("Widgets", "Installation, on site", "TPS", "TVP")
    assert file.documents[0].options[1] == ""
    assert [version_refusal(text) for text in ("12001", "32101")] == ["", ""]
    assert all(version_refusal(text) for text in ("12000", "1200", "abcde", "120011", ""))


def test_lines_of_amounts_alone_and_misfits() -> None:
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    off = line("Off", None, None, amount=Decimal("-2.34"))
    misfit = replace(line("Misfit", "2", "10"), amount=Decimal("19.50"))
    quebec = document([fee, off, misfit], (("QST", "QST", Decimal("9.975")), ("ZERO", "Zero", Decimal(0))))
    assert "quantity and amount differ" in warnings(FORMAT, quebec, DEFAULTS)
    (back,) = imp_reader.read(written(FORMAT, DEFAULTS, quebec)).documents
    assert [cells[1:8] for cells in back.details] == [
        ["1.0000", "12.3400", "12.34", "QST", "0", "1", "9.975"],
        ["-1.0000", "2.3400", "-2.34", "QST", "0", "1", "9.975"],
        ["1.0000", "19.5000", "19.50", "QST", "0", "1", "9.975"],
    ]
    assert all(len(cells) == 9 for cells in back.details)


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    # 2.8, 1: customer
    ({"client_name": ""}, {}, "client_name", "the client name is missing", "client"),
    ({"client_name": "x" * 53}, {}, "client_name", f"'{'x' * 53}' has 53 characters, at most 52", "client"),
    # 2: quotes
    ({"client_name": 'a"b'}, {"quotes": "refuse"}, "client_name", "'a\"b' holds '\"'", "client"),
    ({"bill_to": ('1" St', "", "", "", "", "")}, {"quotes": "refuse"}, "bill_to", "'1\" St' holds '\"'", "invoice"),
    # 3, 4: number, PO
    ({"number": ""}, {}, "number", "the number is missing", "invoice"),
    ({"number": "x" * 21}, {}, "number", f"'{'x' * 21}' has 21 characters, at most 20", "invoice"),
    ({"po_number": "x" * 21}, {}, "po_number", f"'{'x' * 21}' has 21 characters, at most 20", "invoice"),
    # 7 to 11
    ({"currency": "USD"}, {}, "currency", "USD is not the currency of the books, CAD", "invoice"),
    ({"total": Decimal(1)}, {}, "total", "the lines give 100.00 and 12.00 tax, the total is 1", "invoice"),
    ({"lines": ()}, {}, "lines", "it has no priced line", "invoice"),
    ({"kind": "quote"}, {}, "kind", "'quote' is neither an invoice nor a credit note", "invoice"),
    ({"tax": Decimal(13), "total": Decimal(113)}, {}, "tax", "the taxes of the lines add up to 12.00, the tax is 13",
     "invoice"),
    ({"invoice_date": date(2027, 1, 1), "due_date": date(2027, 1, 1)}, {"open_to": "2026-12-31"}, "invoice_date",
     "2027-01-01 is outside the open periods .. to 2026-12-31", "setting"),
    ({"invoice_date": date(2025, 12, 31)}, {"open_from": "2026-01-01"}, "invoice_date",
     "2025-12-31 is outside the open periods 2026-01-01 to ..", "setting"),
    ({"po_number": "漢"}, {}, "po_number", "'漢' does not exist in cp1252", "invoice"),
    ({"client_email": "x" * 51}, {}, "client_email", f"'{'x' * 51}' has 51 characters, at most 50", "invoice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "chosen", "field", "reason", "page"), REFUSED)
def test_problems_of_a_document(change: dict, chosen: dict, field: str, reason: str, page: str) -> None:
    found = FORMAT.problems(replace(document([line()]), **change), profile_of(FORMAT, **{**CODES, **chosen}))
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found if not each.is_warning}


LINES: list[tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = [
    # 5, 6, 12
    ({}, {"items": "mapped"}, "lines.1.item_code", "the item 'LAB' has no name in Sage: map it", "item",
     "LAB"),
    ({"item_code": ""}, {}, "lines.1.item_code", "the item code is missing", "setting", "line_item"),
    ({"item_code": ""}, {"items": "mapped"}, "lines.1.item_code", "the item code is missing", "setting", "line_item"),
    ({"item_code": "", "description": " "}, {"items": "text"}, "lines.1.item_code", "the item code is missing",
     "setting", "line_item"),
    ({"item_code": "x" * 53}, {}, "lines.1.item_code", f"'{'x' * 53}' has 53 characters, at most 52", "item", "x" * 53),
    ({"item_code": 'a"'}, {"quotes": "refuse"}, "lines.1.item_code", "'a\"' holds '\"'", "item", 'a"'),
    ({"amount": Decimal("1.005")}, {}, "lines.1.amount", "1.005 has over two decimals", "invoice", ""),
    ({"quantity": Decimal("1.00001")}, {}, "lines.1.quantity", "1.00001 has over four decimals", "invoice", ""),
    ({"unit_price": Decimal("9.00001")}, {}, "lines.1.unit_price", "9.00001 has over four decimals", "invoice", ""),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "chosen", "field", "reason", "page", "key"), LINES)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str, key: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, **{**CODES, **chosen}))
    assert (field, reason, page, key) in {(each.field, each.reason, str(each.mend), each.key) for each in found}


def test_only_mapped_items_are_sent_unless_the_firm_wants_otherwise() -> None:
    maps = {Kind.ITEM: {"LAB": Mapped("Labour")}}
    profile = profile_of(FORMAT, maps, line_item="Other")
    (back,) = imp_reader.read(written(FORMAT, profile, document([line(), line("Fee", item_code="")]))).documents
    assert [cells[0] for cells in back.details] == ["Labour", "Other"]
    assert causes(FORMAT, document([line(item_code="TRUCK")]), profile) == ["item not mapped"]
    texts = profile_of(FORMAT, maps, items="text")
    typed = [line(), line("Crew truck", item_code="TRUCK"), line("Fee", item_code="")]
    (back,) = imp_reader.read(written(FORMAT, texts, document(typed))).documents
    assert [cells[0] for cells in back.details] == ["Labour", "Crew truck", "Fee"]


def test_taxes_need_names_of_their_own() -> None:
    both = profile_of(FORMAT, {Kind.TAX: {"GST": Mapped("TX"), "PST": Mapped("tx")}}, items="code")
    assert causes(FORMAT, document([line()]), both) == ["two taxes under one name"]
    long = profile_of(FORMAT, {Kind.TAX: {"GST": Mapped("x" * 21)}}, items="code")
    (problem,) = [each for each in FORMAT.problems(document([line()]), long) if not each.is_warning]
    assert (problem.field, problem.mend, problem.key) == ("taxes.GST.name", "tax", "GST")
    other = document([line()], (("GST", "GST", Decimal(6)),), id=2, number="INV-2")
    with pytest.raises(FormatError, match="'GST' stands for 5 % refundable and 6 % refundable"):
        written(FORMAT, DEFAULTS, document([line()], (GST,)), other)


def test_credit_notes_are_left_out_on_request() -> None:
    (problem,) = [
        each
        for each in FORMAT.problems(example()[1], profile_of(FORMAT, credit_notes="list", items="code"))
        if not each.is_warning
    ]
    assert (problem.cause, problem.mend, problem.key) == ("credit note", "setting", "credit_notes")


def test_warnings_of_what_is_lost_or_shortened() -> None:
    assert [warnings(FORMAT, each, DEFAULTS) for each in example()] == [LOST, LOST]
    long = document(
        [line()], memo="", job_number="", bill_to_name="n" * 31, bill_to=("s" * 51, "", "", "", "1" * 10, "")
    )
    assert warnings(FORMAT, long, DEFAULTS) == ["bill to name cut", "bill to cut", "bill to cut", LOST[1], LOST[3]]
    (back,) = imp_reader.read(written(FORMAT, DEFAULTS, long)).documents
    assert [len(cell) for cell in back.customer[2:8]] == [30, 50, 0, 0, 0, 9]


@pytest.mark.parametrize("other", [{"number": "inv-1001"}, {"number": "INV-2", "client_number": "C-2"}])
def test_what_only_shows_over_all_documents(other: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=r"twice|stands for client C-1"):
        written(FORMAT, DEFAULTS, document([line()]), document([line()], id=2, **other))


TEXTS = st.fixed_dictionaries({"po_number": TEXT, "client_name": WORDS, "number": WORDS, "client_email": TEXT})


@given(
    texts=TEXTS | st.fixed_dictionaries({"client_name": PLAIN, "number": PLAIN, "bill_to": st.tuples(*[TEXT] * 6)}),
    lines=st.lists(st.tuples(PLAIN | TEXT, NUMBERS, NUMBERS), min_size=1, max_size=4),
)
@at_most(max_examples=150, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any) -> None:
    profile = profile_of(FORMAT, encoding="utf-8", items="code")
    invoice = document([line("Work", str(q), str(p), item_code=item) for item, q, p in lines], **texts)
    if causes(FORMAT, invoice, profile):
        return
    (back,) = imp_reader.read(written(FORMAT, profile, invoice), "utf-8").documents
    assert back.number == unicodedata.normalize("NFC", invoice.number)
    assert back.options[1] == unicodedata.normalize("NFC", invoice.po_number)
    assert back.customer[0] == unicodedata.normalize("NFC", invoice.client_name).replace('"', "'")
    assert [cells[0] for cells in back.details] == [
        unicodedata.normalize("NFC", item).replace('"', "'") for item, *_ in lines
    ]
    assert back.total == invoice.total
