"""The generic CSV format: its golden file, every problem it raises, and text that survives the way there and back."""

import io
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

from exports.formats.base import CompanyFacts, Context, FormatError, Mend
from exports.formats.csv import GenericCsv, guarded
from exports.formats.profile import Profile, with_defaults
from exports.snapshot import freeze, thaw
from invoices.document import InvoiceData
from tests.exports import csv_reader
from tests.exports.documents import GST, PST, document, line

pytestmark = pytest.mark.formats
GOLDEN = Path(__file__).parent / "golden"
FORMAT = GenericCsv()
HST = ("HST", "HST", Decimal(13))
DEFAULTS = Profile(with_defaults(FORMAT.settings, {}))


def written(*invoices: InvoiceData, **settings: str) -> bytes:
    out, profile = io.BytesIO(), Profile(with_defaults(FORMAT.settings, settings))
    FORMAT.write(out, invoices, Context(1, CompanyFacts("Northfork", "CAD", "letter"), profile))
    return out.getvalue()


def causes(invoice: InvoiceData) -> list[str]:
    return [problem.cause for problem in FORMAT.problems(invoice, Profile())]


def example() -> list[InvoiceData]:
    """The worked example of the format's description, and lines that are written in other ways."""
    widgets = line("Widget A", "10", "25", item_code="WIDGET-A", account_code="4000")
    install = line('Installation, "on site"', "3", "80.25", item_code="INSTALL")
    back = line("Widget A returned", "-2", "25", item_code="WIDGET-A", account_code="4000")
    credit: dict[str, Any] = {"number": "CN-1002", "credits": "INV-1001", "memo": "Credit for INV-1001"}
    note = line("See drawing 7", None, None, section="unpriced")
    fee = line("Fuel surcharge 3 %", None, None, section="fee", amount=Decimal("12.34"), account_code="4900")
    discount = line("Discount\nas agreed", "1", "-50.1234")
    hostile = line("=1+1", "0.3333", "7.1")
    return [
        document([widgets, install]),
        document([back], id=2, due_date=date(2026, 3, 20), invoice_date=date(2026, 3, 20), **credit),
        document([hostile, note, fee, discount, line("No tax here")], (HST,), id=3, number="INV-1003", memo="@memo"),
    ]


def test_golden_file() -> None:
    data = written(*example())
    golden = GOLDEN / "generic.csv"
    assert data == golden.read_bytes()
    documents = csv_reader.read(data)
    assert [each["document_total"] for each in documents[:2]] == ["549.64", "-56.00"]


def test_the_example_of_the_description() -> None:
    lines = written(*example()).decode("utf-8-sig").split("\r\n")
    assert lines[0] == csv_reader.HEADING
    assert lines[1] == (
        "INVOICE,INV-1001,,2026-03-12,2026-04-11,CAD,NORTHWIND,Café Northwind Traders Ltd.,ap@northwind.example,"
        "123 Main St,Suite 200,Vancouver,BC,V5K 0A1,CA,PO-7788,Net 30,March services,1,WIDGET-A,Widget A,10,25.00,"
        "250.00,4000,J100,,GST;PST,GST,5,12.50,PST,7,17.50,30.00,280.00,490.75,58.89,549.64"
    )
    assert lines[2].endswith(
        '"Installation, ""on site""",3,80.25,240.75,4010,J100,,GST;PST,GST,5,12.04,PST,7,16.85,'
        "28.89,269.64,490.75,58.89,549.64"
    )
    assert (
        "Widget A returned,-2,25.00,-50.00,4000,J100,,GST;PST,GST,5,-2.50,PST,7,-3.50,-6.00,-56.00,-50.00" in lines[3]
    )


def test_the_product_reads_its_own_totals_back(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(written(*example()))
    totals = FORMAT.read_totals(path, DEFAULTS)
    documents = example()
    assert (totals.count, totals.first, totals.last) == (3, "INV-1001", "INV-1003")
    assert totals.net == sum(each.subtotal for each in documents)
    assert totals.tax == sum(each.tax for each in documents)
    assert totals.total == sum(each.total for each in documents)
    assert totals.accounts is not None
    assert totals.accounts["4000"] == Decimal("200.00")


@pytest.mark.parametrize("harm", [(b",250.00,", b",250.01,"), (b",549.64\r\n", b",549.65\r\n"), (b",1,WID", b",2,WID")])
def test_a_changed_figure_does_not_read_back(harm: tuple[bytes, bytes], tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(written(*example()).replace(*harm, 1))
    with pytest.raises(ValueError, match=r"INV-1001|INV"):
        FORMAT.read_totals(path, DEFAULTS)
    with pytest.raises(csv_reader.Broken):
        csv_reader.read(path.read_bytes())


def test_nothing_stands_against_the_example() -> None:
    assert [causes(each) for each in example()] == [[], [], []]


HARMED: list[tuple[dict[str, Any], str, str]] = [
    ({"client_name": " "}, "client_name", "the client's name is missing"),
    ({"number": ""}, "number", "the number is missing"),
    ({"invoice_date": None}, "invoice_date", "the date is missing"),
    ({"due_date": None}, "due_date", "the due date is missing"),
    ({"due_date": date(2026, 3, 11)}, "due_date", "due 2026-03-11, dated 2026-03-12"),
    ({"currency": "CA$"}, "currency", "the currency 'CA$' is not three capital letters"),
    ({"kind": "quote"}, "kind", "'quote' is neither an invoice nor a credit note"),
    ({"kind": "credit_note"}, "total", "112.00 does not fit a credit note"),
    ({"total": Decimal("-1.00")}, "total", "-1.00 does not fit an invoice"),
    ({"subtotal": Decimal("1.00")}, "subtotal", "the subtotal is 1.00, its parts give 100.00"),
    ({"tax": Decimal("1.00")}, "tax", "the tax is 1.00, its parts give 12.00"),
    ({"total": Decimal("1.00")}, "total", "the total is 1.00, its parts give 112.00"),
    ({"total": Decimal("112.001")}, "total", "the total 112.001 has over two decimals"),
    ({"memo": "a\x00b"}, "memo", "the character U+0000 cannot stand in the file"),
    ({"memo": "a\tb"}, "memo", "the character U+0009 cannot stand in the file"),
    ({"po_number": "\x85"}, "po_number", "the character U+0085 cannot stand in the file"),
    ({"client_name": "a\ufeffb"}, "client_name", "the character U+FEFF cannot stand in the file"),
    ({"terms": "\ud800"}, "terms", "the character U+D800 cannot stand in the file"),
    ({"lines": ()}, "lines", "it has no priced line"),
    ({"bill_to": ("\x1b", "", "", "", "", "")}, "bill_to.address_1", "the character U+001B cannot stand in the file"),
]


@pytest.mark.parametrize(("change", "field", "reason"), HARMED)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str) -> None:
    found = FORMAT.problems(replace(document([line()]), **change), Profile())
    assert (field, reason) in {(each.field, each.reason) for each in found}
    assert {each.mend for each in found} == {Mend.INVOICE}


ALONE: dict[str, Any] = {"quantity": None, "price": None}
BAD_LINES: list[tuple[InvoiceData, str, str]] = [
    (document([line()], (GST, PST, HST)), "lines.1.taxes", "line 1 has 3 taxes (GST, PST, HST)"),
    (document([line(" ")]), "lines.1.description", "line 1 has no description"),
    (document([line("\x07")]), "lines.1.description", "the character U+0007 cannot stand in the file"),
    (document([line(section="unpriced", **ALONE)]), "lines", "it has no priced line"),
    (document([line(**ALONE, amount=Decimal("1.005"))]), "lines.1.amount", "1.005 of line 1 has over two decimals"),
    (document([line(amount=Decimal("99.99"))]), "lines.1.amount", "1 x 100 is 100.00, the amount is 99.99"),
]


@pytest.mark.parametrize(("bad", "field", "reason"), BAD_LINES)
def test_problems_of_a_line(bad: InvoiceData, field: str, reason: str) -> None:
    found = FORMAT.problems(bad, Profile())
    assert ("INV-1001", field, reason) in {(each.number, each.field, each.reason) for each in found}


def test_a_number_twice_is_refused_whatever_its_case() -> None:
    with pytest.raises(FormatError, match="stands in the selection twice"):
        written(document([line()]), document([line()], id=2, number="inv-1001"))


def test_options_leave_out_mark_and_guard() -> None:
    data = written(document([line("=1")]), bom="off", guard="off")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b",=1," in data


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), (" =1", "' =1"), ("\u00a0=1", "'\u00a0=1"),
        ("\n=1", "'\n=1"), ("'=1", "''=1"), ("''=1", "'''=1"), ("a=1", "a=1"), ("'quoted'", "'quoted'"), ("", ""),
        ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("e\u0301", "\u00e9"),
    ],
)  # fmt: skip
def test_guard(text: str, cell: str) -> None:
    assert guarded(text) == cell


NASTY = st.sampled_from(list("=+-@'\"',;\n \u00a0ä\u0301\u202e\u200b€😀1a"))
CONTROL = {"blacklist_categories": ("Cs", "Cc"), "blacklist_characters": "\ufeff\ufffe\uffff"}
TEXT = st.text(NASTY | st.characters(**CONTROL), max_size=12)  # type: ignore[arg-type]
WORDS = TEXT.filter(lambda text: bool(text.strip()))
CENTS = st.integers(-(10**7), 10**7).map(lambda cents: Decimal(cents).scaleb(-4))


@given(name=WORDS, memo=TEXT, po=TEXT, item=TEXT, descriptions=st.lists(WORDS, min_size=1, max_size=4), data=st.data())
@at_most(max_examples=200, deadline=None)
def test_hostile_text_and_any_amount_come_back_exactly(
    name: str, memo: str, po: str, item: str, descriptions: list[str], data: st.DataObject
) -> None:
    lines = [line(text, str(data.draw(CENTS)), str(data.draw(CENTS)), item_code=item) for text in descriptions]
    invoice = document(lines, client_name=name, memo=memo, po_number=po)
    assert causes(invoice) == []
    (back,) = csv_reader.read(written(thaw(freeze(invoice))))
    canonical = {key: unescaped(value) for key, value in (("customer_name", name), ("memo", memo), ("po_number", po))}
    assert {key: back[key] for key in canonical} == canonical
    assert [row["description"] for row in back.rows] == [unescaped(text) for text in descriptions]
    assert [row["item_code"] for row in back.rows] == [unescaped(item)] * len(lines)
    assert back.amount("document_total") == invoice.total


def unescaped(text: str) -> str:
    """The documented canonical form: NFC."""
    return unicodedata.normalize("NFC", text)
