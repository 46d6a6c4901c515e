"""Daily work records with their lines, and expenses, of an import."""

from typing import Any

from jobbook.common.money import LIMIT, line_amount
from jobbook.jobs.models import DailyWorkRecord, Expense, RecordState, WorkLine
from jobbook.jobs.prices import Price, billed_quantity
from jobbook.transfer.book import Book, Entry, in_chunks
from jobbook.transfer.layout import DWR_LINES, DWRS, EXPENSES, ITEMS
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


def build_work(book: Book) -> None:
    """DWRs, their lines, expenses. An approved DWR is locked, an approved expense but for its processing."""
    for entry in book.build(DWRS):
        _check_record(book, entry)
        if entry.moved:
            book.note(DWRS.name, entry)
    _build_lines(book)
    for entry in book.build(EXPENSES):
        _check_expense(book, entry)
        if entry.moved:
            book.note(EXPENSES.name, entry)


def _check_record(book: Book, entry: Entry) -> None:
    record: DailyWorkRecord = entry.object
    if not entry.made and record.state == RecordState.APPROVED:
        _locked(book, entry, f"DWR {shown(record.dwr_number)} is approved")
    if entry.row.ok("submitted_on", "approved_on") and record.approved_on and not record.submitted_on:
        book.problems.add(entry.row, "approved_on", "it was never submitted: submitted_on is empty")
    if not entry.row.ok("approved_on", "approved_by"):
        return
    if record.approved_on and record.approved_by is None:
        book.problems.add(entry.row, "approved_by", "is empty, but it is approved")
    if record.approved_by is not None and not record.approved_on:
        book.problems.add(entry.row, "approved_on", "is empty, but somebody approved it")


def _check_expense(book: Book, entry: Entry) -> None:
    expense: Expense = entry.object
    state = "" if entry.made else expense.state
    if state in {"approved", "processed"}:
        allowed = frozenset({"processed_on"} if state == "approved" else ())
        _locked(book, entry, f"expense {shown(expense.expense_number)} is {state}", allowed)
    if not entry.row.ok("submitted_on", "approved_on", "processed_on"):
        return
    if expense.approved_on and not expense.submitted_on:
        book.problems.add(entry.row, "approved_on", "it was never submitted: submitted_on is empty")
    if expense.processed_on and not expense.approved_on:
        book.problems.add(entry.row, "processed_on", "it was never approved: approved_on is empty")


def _locked(book: Book, entry: Entry, why: str, allowed: frozenset[str] = frozenset()) -> None:
    for name in entry.after:
        if name not in allowed:
            column = next(c.name for c in book.sheets[entry.row.file].spec.columns if c.field == name)
            book.problems.add(entry.row, column, f"{why}; it cannot change")


def _build_lines(book: Book) -> None:
    parents = {record.pk: record for record in book.objects[DWRS.name].values() if record.pk}
    for line in in_chunks(WorkLine, "record_id", parents, "item"):
        line.record = parents[line.record_id]
        book.objects[DWR_LINES.name][line.record.dwr_number, line.line_number] = line
    for entry in book.build(DWR_LINES, lambda row, existing, values: _price(book, row, existing, values)):
        if entry.moved and entry.row.ok("dwr_number"):
            _note_line(book, entry)


def _note_line(book: Book, entry: Entry) -> None:
    record: DailyWorkRecord = entry.object.record
    if not record._state.adding and record.state == RecordState.APPROVED:
        column = "line_number" if entry.made else next(iter(entry.after))
        book.problems.add(entry.row, column, f"DWR {shown(record.dwr_number)} is approved; its lines cannot change")
    book.note_line(DWRS.name, record, entry)


def _price(book: Book, row: Row, existing: WorkLine | None, values: dict[str, Any]) -> None:
    """Fill in what an empty cell leaves open: the item's price, the quantity that the hours come to."""
    if existing is not None:
        values.setdefault("quantity", existing.quantity)
        values.setdefault("unit_price", existing.unit_price)
    if not row.ok("item_code", "hours", "quantity", "unit_price"):
        return
    if "unit_price" not in values:
        values["unit_price"] = values["item"].unit_price
        if values["unit_price"] is None and not book.sound(ITEMS.name, "unit_price"):
            return
        if values["unit_price"] is None:
            book.problems.add(row, "unit_price", "is empty, and the item has no price")
            return
    if "quantity" not in values:
        hours = values.get("hours")
        if hours is None:
            book.problems.add(row, "quantity", "is empty, and so are the hours")
            return
        values["quantity"] = billed_quantity(hours, Price(values["unit_price"], values["item"].hourly_price))
    values["amount"] = line_amount(values["quantity"], values["unit_price"])
    if abs(values["amount"]) > LIMIT:
        book.problems.add(row, "quantity", f"quantity x unit price is beyond {LIMIT:,}")
