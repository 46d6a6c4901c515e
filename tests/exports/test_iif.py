"""QuickBooks Desktop: the worked example, every refusal, and text that survives the way there and back."""

import re
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

from exports.formats.iif import QuickBooksDesktop
from exports.formats.iif_names import Names
from exports.formats.profile import Kind, Mapped, Profile
from invoices.document import InvoiceData
from tests.exports import iif_reader
from tests.exports.documents import GST, document, line
from tests.exports.hostile import NUMBERS, PLAIN, TEXT, WINDOWS, WORDS
from tests.exports.writing import causes, check_golden, profile_of, written

pytestmark = pytest.mark.formats
FORMAT = QuickBooksDesktop()
BC = (GST, ("PST", "PST BC", Decimal(7)))
MAPS = {
    Kind.ITEM: {"CONS": Mapped("Consulting", "Consulting Income"), "GUIDE": Mapped("Tax guide", "Product Income")},
    Kind.TAX: {
        "GST": Mapped("GST collected", "GST/HST Payable"),
        "PST": Mapped("PST BC collected", "PST Payable (BC)"),
    },
}
AGENCIES = {
    Kind.TAX: {
        "GST": Mapped("GST", "Sales Tax Payable", "Receiver General"),
        "PST": Mapped("PST BC", "Sales Tax Payable", "Minister of Finance BC"),
        "GST;PST": Mapped("GST/PST BC"),
    }
}
DEFAULTS = profile_of(FORMAT, MAPS)
US = profile_of(FORMAT, AGENCIES, tax_style="autostax")


def client(**fields: Any) -> dict[str, Any]:
    return {
        "client_name": "Maple Ridge Café Ltd.",
        "bill_to_name": "Maple Ridge Café Ltd.",
        "bill_to": ("118 Harbour St., Suite 4", "Victoria BC  V8W 1N6", "", "", "", "Canada"),
        "client_email": "ap@maple.example",
        "po_number": "PO-77-1203",
        **fields,
    }


def example() -> list[InvoiceData]:
    """The worked example of the specification."""
    consulting = line("Bookkeeping, March\n10 hours on site", "10", "120", item_code="CONS")
    guides = line("Printed tax guide", "3", "49.95", item_code="GUIDE")
    back = line("Printed tax guide, returned", "-1", "49.95", item_code="GUIDE")
    march, due = date(2025, 3, 14), date(2025, 4, 13)
    texts = client(number="INV-2041", memo="March bookkeeping and printed guides", invoice_date=march, due_date=due)
    later = date(2025, 3, 28)
    credit = client(number="CN-0087", memo="One guide returned", invoice_date=later, due_date=later, id=2)
    return [document([consulting, guides], BC, **texts), document([back], BC, **credit)]


HEAD = 'Maple Ridge Café Ltd.→"118 Harbour St., Suite 4"→Victoria BC  V8W 1N6→Canada→'
ROWS = f"""\
TRNS→→INVOICE→03/14/2025→Accounts Receivable→Maple Ridge Café Ltd.→→1511.83→INV-2041→\
March bookkeeping and printed guides→N→N→{HEAD}→04/13/2025→Net 30→PO-77-1203→→N
SPL→→INVOICE→03/14/2025→Consulting Income→→→-1200.00→→"Bookkeeping, March\\n10 hours on site"→N→-10→120.00→\
Consulting→→→N
SPL→→INVOICE→03/14/2025→Product Income→→→-149.85→→Printed tax guide→N→-3→49.95→Tax guide→→→N
SPL→→INVOICE→03/14/2025→GST/HST Payable→→→-67.49→→GST 5%→N→-1→67.49→GST collected→→→N
SPL→→INVOICE→03/14/2025→PST Payable (BC)→→→-94.49→→PST BC 7%→N→-1→94.49→PST BC collected→→→N
ENDTRNS
TRNS→→CREDIT MEMO→03/28/2025→Accounts Receivable→Maple Ridge Café Ltd.→→-55.95→CN-0087→One guide returned→N→N→\
{HEAD}→→→PO-77-1203→→N
SPL→→CREDIT MEMO→03/28/2025→Product Income→→→49.95→→"Printed tax guide, returned"→N→1→49.95→Tax guide→→→N
SPL→→CREDIT MEMO→03/28/2025→GST/HST Payable→→→2.50→→GST 5%→N→1→2.50→GST collected→→→N
SPL→→CREDIT MEMO→03/28/2025→PST Payable (BC)→→→3.50→→PST BC 7%→N→1→3.50→PST BC collected→→→N
ENDTRNS
"""
GROUP = """\
SPL→→INVOICE→03/14/2025→Sales Tax Payable→Receiver General→→0.00→→→N→→0%→GST/PST BC→→AUTOSTAX→N
SPL→→INVOICE→03/14/2025→Sales Tax Payable→Receiver General→→-67.49→→→N→→5%→GST→→AUTOSTAX→N
SPL→→INVOICE→03/14/2025→Sales Tax Payable→Minister of Finance BC→→-94.49→→→N→→7%→PST BC→→AUTOSTAX→N
"""


def text_of(profile: Profile, *invoices: InvoiceData) -> str:
    """With arrows for tabs, as the specification prints it."""
    return written(FORMAT, profile, *invoices).decode("cp1252").replace("\t", "→").replace("\r\n", "\n")


def totals_of(data: bytes, profile: Profile, folder: Path) -> Any:
    path = folder / "file.iif"
    path.write_bytes(data)
    return FORMAT.read_totals(path, profile)


def test_the_worked_example() -> None:
    assert text_of(DEFAULTS, *example()).endswith(ROWS)


@pytest.mark.parametrize("lists", ["customers", "all"])
def test_golden_files_follow_the_25_assertions(lists: str) -> None:
    profile = profile_of(FORMAT, MAPS, lists=lists)
    data = written(FORMAT, profile, *example())
    check_golden(f"quickbooks-{lists}.iif", data)
    file = iif_reader.read(data)
    assert [each.head["AMOUNT"] for each in file.documents] == ["1511.83", "-55.95"]
    assert set(file.lists) == ({"CUST"} if lists == "customers" else {"ACCNT", "TERMS", "INVITEM", "CUST"})


def test_autostax_with_a_group() -> None:
    profile = profile_of(FORMAT, {**MAPS, **AGENCIES}, tax_style="autostax", lists="all")
    data = written(FORMAT, profile, *example())
    check_golden("quickbooks-autostax.iif", data)
    assert GROUP in text_of(profile, *example())
    file = iif_reader.read(data)
    assert [row["TAXABLE"] for row in file.documents[0].sales] == ["Y", "Y"]
    assert [row["NAME"] for row in file.lists["VEND"]] == ["Receiver General", "Minister of Finance BC"]


def test_an_untaxed_document_of_a_company_with_sales_tax() -> None:
    profile = profile_of(FORMAT, tax_style="autostax", zero_tax_item="Out of state", tax_agency="State")
    (tax,) = [
        row
        for row in iif_reader.read(written(FORMAT, profile, document([line()], ()))).documents[0].splits
        if row["EXTRA"]
    ]
    assert (tax["AMOUNT"], tax["PRICE"], tax["INVITEM"], tax["NAME"]) == ("0.00", "0%", "Out of state", "State")


def test_lines_of_an_amount_alone_and_discounts() -> None:
    fee = line("Fuel", None, None, amount=Decimal("12.34"))
    off = line("Discount", None, None, amount=Decimal("-2.34"))
    back = line("Less", "-0.3333", "7.1")
    misfit = replace(line("Misfit", "2", "10"), amount=Decimal("19.50"))
    file = iif_reader.read(written(FORMAT, DEFAULTS, document([line(), fee, off, back, misfit])))
    cells = [(row["AMOUNT"], row["QNTY"], row["PRICE"]) for row in file.documents[0].splits[:5]]
    assert cells == [
        ("-100.00", "-1", "100.00"),
        ("-12.34", "", "12.34"),
        ("2.34", "", "-2.34"),
        ("2.37", "0.3333", "7.10"),
        ("-19.50", "", "19.50"),
    ]


def test_parents_stand_before_children_in_every_list() -> None:
    maps = {
        Kind.CLIENT: {"C-1": Mapped("Northwind:Pump house")},
        Kind.ITEM: {"LAB": Mapped("Field:Labour", "Income:Field")},
    }
    file = iif_reader.read(written(FORMAT, profile_of(FORMAT, maps, lists="all"), document([line()])))
    assert [row["NAME"] for row in file.lists["CUST"]] == ["Northwind", "Northwind:Pump house"]
    assert [row["NAME"] for row in file.lists["ACCNT"]][1:3] == ["Income", "Income:Field"]


def test_the_totals_are_read_back_and_a_changed_cent_is_found(tmp_path: Path) -> None:
    data = written(FORMAT, DEFAULTS, *example())
    totals = totals_of(data, DEFAULTS, tmp_path)
    assert (totals.count, totals.first, totals.last) == (2, "INV-2041", "CN-0087")
    assert (totals.net, totals.tax, totals.total) == (Decimal("1299.90"), Decimal("155.98"), Decimal("1455.88"))
    assert totals.accounts == {"Consulting Income": Decimal("1200.00"), "Product Income": Decimal("99.90")}
    for harmed in (data.replace(b"-1200.00", b"-1200.01"), data.replace(b"\tN\r\nSPL", b"\r\nSPL", 1), data[:-2]):
        with pytest.raises(ValueError, match=r"zero|heading|ended"):
            totals_of(harmed, DEFAULTS, tmp_path)
        with pytest.raises(iif_reader.Broken):
            iif_reader.read(harmed)


def test_nothing_stands_against_the_example() -> None:
    for profile in (DEFAULTS, US):
        assert [causes(FORMAT, each, profile) for each in example()] == [[], []]


def test_the_class_stands_on_the_document_and_its_sales() -> None:
    profile = profile_of(FORMAT, {}, **{"class": "West:Field"})
    (back,) = iif_reader.read(written(FORMAT, profile, document([line()]))).documents
    assert [back.head["CLASS"], *(row["CLASS"] for row in back.splits)] == ["West:Field", "West:Field", "", ""]


def test_fees_and_typed_lines_go_by_the_item_of_the_settings() -> None:
    profile = profile_of(FORMAT, MAPS, line_item="Other services")
    (back,) = iif_reader.read(written(FORMAT, profile, document([line(item_code="")]))).documents
    assert back.splits[0]["INVITEM"] == "Other services"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a\tb", "a b"), ("a\r\nb\rc\nd", "a\\nb\\nc\\nd"), ("a;b", "a,b"), ('6" pipe', "6'' pipe"),
        ("C:\\new", "C:/new"),
        (" a ", "a"),
    ],
)  # fmt: skip
def test_canonical_form_of_free_text(text: str, cell: str) -> None:
    assert Names(DEFAULTS).free(text) == cell


def canonical(text: str) -> str:
    """The documented form of free text, said another way."""
    lines = re.split("\r\n|\r|\n", text.replace("\\n", "/n"))
    lines = ["".join(" " if is_control(c) else c for c in each).strip() for each in lines]
    return unicodedata.normalize("NFC", "\\n".join(lines)).strip().replace(";", ",").replace('"', "''")


def is_control(character: str) -> bool:
    return ord(character) < 32 or 127 <= ord(character) < 160 or character in "\u2028\u2029\ufeff\ufffe\uffff"


TEXTS = st.fixed_dictionaries({"memo": TEXT, "po_number": TEXT, "client_name": WORDS, "number": WORDS, "terms": TEXT})

NAMES = st.fixed_dictionaries({"client_name": PLAIN, "number": PLAIN.map(lambda t: t[:11].strip()), "memo": WINDOWS})
PLAIN_LINES = st.lists(st.tuples(WINDOWS, PLAIN, NUMBERS, NUMBERS), min_size=1, max_size=4)


@given(
    texts=TEXTS | NAMES | NAMES,
    lines=st.lists(st.tuples(TEXT, PLAIN | TEXT, NUMBERS, NUMBERS), min_size=1, max_size=4) | PLAIN_LINES | PLAIN_LINES,
    profile=st.sampled_from([DEFAULTS, US, profile_of(FORMAT, MAPS, lists="all", dates="iso")]),
)
@at_most(max_examples=150, deadline=None)
def test_hostile_text_comes_back_or_its_field_is_named(texts: Any, lines: Any, profile: Profile) -> None:
    invoice = document([line(t, str(q), str(p), item_code=item) for t, item, q, p in lines], BC, **texts)
    if causes(FORMAT, invoice, profile):
        return
    data = written(FORMAT, profile, invoice)
    (back,) = iif_reader.read(data, dates=profile["dates"], chance=True).documents
    assert back.head["DOCNUM"] == unicodedata.normalize("NFC", invoice.number)
    assert back.head["NAME"] == unicodedata.normalize("NFC", invoice.client_name)
    assert back.head["PONUM"] == unicodedata.normalize("NFC", invoice.po_number)
    assert back.head["TERMS"] == unicodedata.normalize("NFC", invoice.terms)
    assert back.head["MEMO"] == canonical(invoice.memo)
    assert [row["MEMO"] for row in back.splits[: len(lines)]] == [canonical(text) for text, *_ in lines]
    assert Decimal(back.head["AMOUNT"]) == invoice.total
