"""QuickBooks Desktop: every case in which a document is refused, with its field, reason and page."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from exports.formats.base import FormatError
from exports.formats.profile import Kind, Mapped
from invoices.document import InvoiceData
from tests.exports.documents import document, line
from tests.exports.test_iif import AGENCIES, DEFAULTS, FORMAT, MAPS, US, client
from tests.exports.writing import causes, profile_of, written

pytestmark = pytest.mark.formats


LONG = "x" * 42
REFUSED = [
    # 1.10, 1: number
    ({"number": ""}, "number", "the number is missing", "invoice"),
    ({"number": "INV-20410001"}, "number", "'INV-20410001' has 12 characters, at most 11", "invoice"),
    # 2: client
    ({"client_name": ""}, "client_name", "the client name is missing", "client"),
    ({"client_name": LONG}, "client_name", f"'{LONG}' has 42 characters, at most 41", "client"),
    ({"client_name": "A:B"}, "client_name",
     "the colon in 'A:B' would make a job of a customer: map the client", "client"),
    # 3: terms, 4: PO, address
    ({"terms": LONG}, "terms", f"'{LONG}' has 42 characters, at most 31", "terms"),
    ({"po_number": "x" * 26}, "po_number", f"'{'x' * 26}' has 26 characters, at most 25", "invoice"),
    ({"bill_to": (LONG, "", "", "", "", "")}, "bill_to", f"'{LONG}' has 42 characters, at most 41", "invoice"),
    ({"memo": "x" * 4096}, "memo", "it has 4096 characters, at most 4095", "invoice"),
    ({"memo": "a\x1bb"}, "memo", "it holds U+001B", "invoice"),
    # 5: characters
    ({"memo": "漢"}, "memo", "'漢' does not exist in cp1252", "invoice"),
    ({"number": "№5"}, "number", "'№' does not exist in cp1252", "invoice"),
    # 6: names
    ({"client_name": "A\tB"}, "client_name", "'A\\tB' holds U+0009", "client"),
    ({"client_name": "A;B"}, "client_name", "'A;B' holds ';'", "client"),
    ({"client_name": 'A"B'}, "client_name", "'A\"B' holds '\"'", "client"),
    ({"terms": "Net\n30"}, "terms", "'Net\\n30' holds U+000A", "terms"),
    ({"client_email": "a;b@x"}, "client_email", "'a;b@x' holds ';'", "invoice"),
    ({"bill_to_name": "A\nB"}, "bill_to", "'A\\nB' holds U+000A", "invoice"),
    # 7: totals
    ({"total": Decimal("1.00")}, "total", "the lines give 100.00 and 12.00 tax, the total is 1.00", "invoice"),
    ({"lines": ()}, "lines", "it has no priced line", "invoice"),
    ({"kind": "credit_note"}, "total", "112.00 does not fit a credit note", "invoice"),
    ({"total": Decimal("-1.00")}, "total", "-1.00 does not fit an invoice", "invoice"),
    ({"kind": "quote"}, "kind", "'quote' is neither an invoice nor a credit note", "invoice"),
    # 9: dates
    ({"due_date": date(2026, 3, 11)}, "due_date", "due 2026-03-11, dated 2026-03-12", "invoice"),
    ({"invoice_date": None}, "invoice_date", "the date is missing", "invoice"),
    ({"due_date": None}, "due_date", "the due date is missing", "invoice"),
    ({"invoice_date": date(1899, 12, 31)}, "invoice_date", "1899-12-31 is before 1900", "invoice"),
    # 12: currency
    ({"currency": "USD"}, "currency", "USD is not the currency of the books, CAD", "invoice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "reason", "page"), REFUSED)
def test_problems_of_a_document(change: dict[str, Any], field: str, reason: str, page: str) -> None:
    invoice = replace(document([line()], **client()), **change)
    found = FORMAT.problems(invoice, profile_of(FORMAT, MAPS, currency="CAD"))
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found}
    assert all(each.key == "C-1" for each in found if each.mend == "client")


def test_names_that_are_mapped_have_their_lengths_too() -> None:
    """1.10, 2 and 3: the whole of a customer's path, a tax item, a tax group, the item of untaxed documents."""
    maps = {**AGENCIES, Kind.CLIENT: {"C-1": Mapped(":".join(["x" * 41] * 6))}}
    (problem,) = FORMAT.problems(document([line()]), profile_of(FORMAT, maps))
    assert (problem.field, problem.mend, problem.key) == ("client_name", "client", "C-1")
    assert problem.reason.endswith("has 251 characters, at most 209")
    long, taxes = "x" * 32, AGENCIES[Kind.TAX]
    for theirs, reason in ((long, f"'{long}' has 32 characters, at most 31"), ("漢", "'漢' does not exist in cp1252")):
        for code, field in (("GST", "taxes.GST"), ("GST;PST", "lines.taxes")):
            mapped = replace(taxes[code], theirs=theirs)
            profile = profile_of(FORMAT, {Kind.TAX: {**taxes, code: mapped}}, tax_style="autostax")
            (problem,) = FORMAT.problems(document([line()]), profile)
            assert problem.field.startswith(field)
            assert (problem.reason, problem.mend, problem.key) == (reason, "tax", code)
        zero = profile_of(FORMAT, tax_style="autostax", zero_tax_item=theirs, tax_agency="State")
        (problem,) = FORMAT.problems(document([line()], ()), zero)
        assert (problem.field, problem.reason, problem.mend) == ("zero_tax_item", reason, "setting")


def test_settings_that_cannot_be_names_of_accounts() -> None:
    by_name = {each.name: each for each in FORMAT.settings}
    for name in ("receivables", "income_account", "tax_account", "class"):
        assert by_name[name].refusal("Income:Field") == ""
        for text in ("a;b", 'a"b', "a\tb", "x" * 32, f"Income:{'x' * 32}"):
            assert by_name[name].refusal(text), (name, text)


def test_a_document_of_nothing_is_refused() -> None:
    assert "total is zero" in causes(FORMAT, document([line("Nothing", "1", "0")]), DEFAULTS)


def test_an_address_of_six_lines_is_refused() -> None:
    class Long(InvoiceData):
        @property
        def address(self) -> list[str]:
            return ["1", "2", "3", "4", "5"]

    whole = document([line()])
    long = Long(**{name: getattr(whole, name) for name in InvoiceData.__slots__})
    assert causes(FORMAT, long, DEFAULTS) == ["address too long"]


LINES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    # 10: lines without an item, 3 and 6: names
    ({"item_code": ""}, {}, "lines.1.item_code", "the item code is missing", "setting"),
    ({"item_code": ""}, {"line_item": "x" * 32}, "lines.1.item_code", f"'{'x' * 32}' has 32 characters, at most 31",
     "setting"),
    ({"account_code": "a;b"}, {}, "lines.1.account_code", "'a;b' holds ';'", "item"),
    ({"account_code": "a\tb"}, {}, "lines.1.account_code", "'a\\tb' holds U+0009", "item"),
    ({"item_code": 'a"b'}, {}, "lines.1.item_code", "'a\"b' holds '\"'", "item"),
    ({"item_code": "", "account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "setting"),
    # 5: control characters of free text
    ({"description": "a\x00b"}, {}, "lines.1.description", "it holds U+0000", "invoice"),
    ({"description": "a\x7fb"}, {}, "lines.1.description", "it holds U+007F", "invoice"),
    ({"item_code": "x" * 32}, {}, "lines.1.item_code", f"'{'x' * 32}' has 32 characters, at most 31", "item"),
    ({"item_code": "a;b"}, {}, "lines.1.item_code", "'a;b' holds ';'", "item"),
    ({"account_code": ""}, {}, "lines.1.account_code", "the account code is missing", "item"),
    ({"account_code": "x" * 32}, {}, "lines.1.account_code", f"'{'x' * 32}' has 32 characters, at most 31", "item"),
    ({"account_code": "Accounts Receivable"}, {}, "lines.1.account_code",
     "a line posts to receivables, 'Accounts Receivable'", "item"),
    ({"account_code": "accounts receivable"}, {}, "lines.1.account_code",
     "a line posts to receivables, 'accounts receivable'", "item"),
    ({"account_code": "Sales Tax Payable"}, {}, "lines.1.account_code",
     "a line posts to the tax account 'Sales Tax Payable'", "item"),
    ({"account_code": "sales tax payable"}, {}, "lines.1.account_code",
     "a line posts to the tax account 'sales tax payable'", "item"),
    ({"item_code": "gst"}, {}, "lines.1.item_code", "the item of a line is that of a tax, 'gst'", "item"),
    ({"description": "x" * 4096}, {}, "lines.1.description", "it has 4096 characters, at most 4095", "invoice"),
    ({}, {"receivables": ""}, "receivables", "the receivables is missing", "setting"),
    ({}, {"class": "漢"}, "class", "'漢' does not exist in cp1252", "setting"),
    # 10: taxes
    ({}, {"tax_account": ""}, "taxes.GST.account", "the account is missing", "tax"),
    ({}, {"tax_account": "x" * 32}, "taxes.GST.account", f"'{'x' * 32}' has 32 characters, at most 31", "tax"),
    ({}, {"tax_account": "accounts receivable"}, "taxes.GST.account",
     "the tax GST posts to receivables, 'accounts receivable'", "tax"),
    ({}, {"tax_style": "autostax", "tax_agency": ""}, "taxes.GST.agency", "the agency is missing", "tax"),
    ({}, {"tax_style": "autostax", "tax_agency": "State"}, "lines.taxes",
     "the taxes GST;PST have no tax group: map them", "tax"),
    ({"description": "é"}, {"characters": "ascii"}, "lines.1.description", "'é' does not exist in ascii", "invoice"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "chosen", "field", "reason", "page"), LINES)
def test_problems_of_a_line(fields: dict, chosen: dict, field: str, reason: str, page: str) -> None:
    found = FORMAT.problems(document([line(**fields)]), profile_of(FORMAT, **chosen))
    assert (field, reason, page) in {(each.field, each.reason, str(each.mend)) for each in found}


def test_different_taxes_on_the_lines_cannot_be_said_in_the_us_edition() -> None:
    mixed = document([line(), line()])
    mixed = replace(mixed, lines=(mixed.lines[0], replace(mixed.lines[1], taxes=mixed.lines[1].taxes[:1])))
    assert "different taxes on the lines" in causes(FORMAT, mixed, US)
    assert causes(FORMAT, mixed, DEFAULTS) == []


def test_nobody_is_customer_and_agency() -> None:
    invoice = document([line()], client_name="receiver general")
    assert "client and agency share a name" in causes(FORMAT, invoice, US)
    zero = profile_of(FORMAT, tax_style="autostax", zero_tax_item="Zero")
    assert "tax agency missing" in causes(FORMAT, document([line()], ()), zero)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"number": "inv-1001"}, "stands in the selection twice"),
        ({"number": "INV-2", "client_number": "C-2"}, "stands for client C-1 too"),
    ],
)
def test_what_only_shows_over_all_documents(other: dict[str, Any], reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        written(FORMAT, DEFAULTS, document([line()]), document([line()], id=2, **other))
