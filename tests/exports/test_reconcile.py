"""Accounting's list beside a run: whatever its delimiter, columns and capitals; each invoice is exactly one of five."""

from decimal import Decimal

import pytest

from exports.accounting_list import MOST_BYTES, BadList, Columns, decode, guess, key_of, rows_of
from exports.reconcile import Found, Reconciliation, Sent, reconcile

SENT = [
    Sent(1, "INV-1", Decimal("105.00"), ""),
    Sent(2, "INV-2", Decimal("1210.50"), "A-9"),
    Sent(3, "CN-3", Decimal("-21.00"), ""),
    Sent(4, "INV-4", Decimal("7.00"), ""),
]
TOTALS = {key_of(each.number): each.total for each in SENT}


def looked(text: str, columns: Columns | None = None) -> Reconciliation:
    rows = rows_of(text)
    return reconcile(SENT, rows, columns or guess(rows, TOTALS))


def words(found: Reconciliation) -> list[tuple[str, str]]:
    return [(str(each.found), each.reference) for each in found.results]


REPORT = """Northfork, customer ledger
As of 25 Nov 2026
Date{0}Num{0}Memo{0}Trans #{0}Open balance
2026-11-01{0}inv-1{0}Survey{0}T-100{0}"105.00"
2026-11-01{0}INV-2{0}Survey{0}T-101{0}"1,210.50"
2026-11-01{0}INV-77{0}Other{0}T-102{0}9.00
2026-11-02{0}CN-3{0}Credit{0}T-103{0}(21.00)
2026-11-02{0}INV-4{0}Survey{0}T-104{0}8.00
{0}{0}{0}{0}"1,302.50"
"""


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_a_report_with_titles_other_invoices_and_a_total(delimiter: str) -> None:
    rows = rows_of(REPORT.format(delimiter).replace("\n", "\r\n"))
    columns = guess(rows, TOTALS)
    assert (columns.number, columns.amount) == (1, 4)
    found = reconcile(SENT, rows, Columns(1, 4, 3))
    assert words(found) == [("matched", "T-100"), ("matched", "T-101"), ("matched", "T-103"), ("different", "")]
    assert found.results[3].remark == "The list says 8.00; the file 7.00."
    assert found.results[1].remark == "Replaces A-9."
    assert [row.cells[1] for row in found.others] == ["INV-77"]
    assert [change.after for change in found.changes] == ["T-100", "T-101", "T-103"]


def test_a_credit_note_that_is_positive_there_is_different() -> None:
    found = looked("INV-1,105.00,A\nCN-3,21.00,B\n")
    assert found.results[2].remark == "The list says 21.00; the file -21.00."
    assert [change.after for change in found.changes] == ["A"]


def test_missing_and_twice() -> None:
    found = looked("number,amount,reference\nINV-1,105,X\nINV-2,1210.5,Y\ninv-2,1210.5,Z\nCN-3,-21,A-3\n")
    assert words(found) == [("matched", "X"), ("twice", ""), ("matched", "A-3"), ("missing", "")]
    assert found.results[1].remark == "It stands on the lines 3, 4 of the list."
    assert [change.invoice_id for change in found.changes] == [1, 3]


def test_a_column_in_the_order_of_the_run() -> None:
    found = looked("T-1\n\n T-3, late \nT-4\n")
    assert words(found) == [("matched", "T-1"), ("matched", ""), ("matched", "T-3, late"), ("matched", "T-4")]
    assert [change.invoice_id for change in found.changes] == [1, 3, 4]


@pytest.mark.parametrize("text", ["T-1\nT-2\nT-3", "T-1\nT-2\nT-3\nT-4\nT-5\n"])
def test_a_column_of_another_length_is_refused(text: str) -> None:
    with pytest.raises(BadList, match="The run has 4 invoices, the column"):
        looked(text)


def test_two_columns_number_and_reference() -> None:
    found = looked("INV-4\tT-4\nINV-2\tA-9\n")
    assert words(found) == [("missing", ""), ("matched", "A-9"), ("missing", ""), ("matched", "T-4")]
    assert found.results[1].remark == "It has this reference already."
    assert [change.after for change in found.changes] == ["T-4"]


def test_numbers_and_amounts_alone_enter_nothing() -> None:
    found = looked("INV-1;105,00\nINV-2;1.210,50\nCN-3;-21\nINV-4;7")
    assert found.count(Found.MATCHED) == 4
    assert found.changes == []


def test_numbers_alone() -> None:
    assert [each.found for each in looked("INV-1\nINV-4").results].count(Found.MATCHED) == 2


def test_an_amount_column_whose_every_amount_is_wrong_is_known_by_its_name() -> None:
    rows = rows_of("Invoice,Reference,Total\nINV-1,500,106.00\nINV-2,501,1211.50\n")
    assert guess(rows, TOTALS) == Columns(0, 2, 1)


def test_without_a_heading_the_reference_is_what_differs_from_row_to_row() -> None:
    rows = rows_of("2026-11-01,INV-1,T-1,105.00,x\n2026-11-01,INV-2,T-2,1210.50,x\n")
    assert guess(rows, TOTALS) == Columns(1, 3, 2)
    assert guess(rows[:1], TOTALS) == Columns(1, 3, None), "one row does not tell"


def test_references_that_cannot_be_kept() -> None:
    found = looked(f"INV-1\t{'x' * 65}\nINV-2\tbell \x07\n")
    assert [each.found for each in found.results[:2]] == [Found.UNUSABLE, Found.UNUSABLE]
    assert found.results[0].remark == "Its reference is longer than 64 characters."
    assert found.changes == []


def test_no_amount_where_one_should_be_is_different() -> None:
    found = looked("INV-1,see note,T", Columns(0, 1, 2))
    assert found.results[0].remark == "The list says “see note”, no amount; the file 105.00."


@pytest.mark.parametrize("text", ["a,b\nc,d", "\n\n", "x\0y,z"])
def test_what_is_no_list_of_this_run(text: str) -> None:
    with pytest.raises(BadList):
        looked(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert decode("Café,INV-1".encode(encoding)) == "Café,INV-1"


@pytest.mark.parametrize("data", [b"PK\x03\x04...", b"x" * (MOST_BYTES + 1), b"\xff\xfex", b"\x81"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(BadList):
        decode(data)
