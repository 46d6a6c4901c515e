"""Accounting's list beside the invoices of a run, by number and amount. It says what is so and writes nothing."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from exports.accounting_list import BadList, Columns, Row, key_of
from exports.models import ExportRun
from invoices.references import ReferenceChange, clean_reference, unusable
from jobbook.common.amounts import read_amount
from jobbook.common.money import format_money


class Found(StrEnum):
    """What the list says of an invoice."""

    MATCHED = "matched"
    MISSING = "missing"
    TWICE = "twice"
    DIFFERENT = "different"
    UNUSABLE = "unusable"  # its reference cannot be kept


@dataclass(frozen=True)
class Sent:
    """An invoice as the file has it. reference: what it has now."""

    id: int
    number: str
    total: Decimal
    reference: str


@dataclass(frozen=True)
class Result:
    """An invoice and what was found of it. reference: what the list would enter, "" for nothing."""

    sent: Sent
    found: Found
    reference: str = ""
    remark: str = ""

    @property
    def change(self) -> ReferenceChange | None:
        """What there is to enter."""
        if self.found != Found.MATCHED or self.reference in ("", self.sent.reference):
            return None
        return ReferenceChange(self.sent.id, self.sent.reference, self.reference)


@dataclass(frozen=True)
class Reconciliation:
    """The invoices in the run's order, and the rows of the list that name others."""

    results: list[Result]
    others: list[Row]

    @property
    def changes(self) -> list[ReferenceChange]:
        return [change for result in self.results if (change := result.change)]

    def count(self, found: Found) -> int:
        return sum(result.found == found for result in self.results)


def sent_of(run: ExportRun) -> list[Sent]:
    """The invoices of a finished run as its manifest has them, in its order, with the references they have now."""
    documents = json.loads(run.manifest)["invoices"]
    now = dict(run.items.values_list("invoice_id", "invoice__accounting_reference"))
    return [Sent(each["id"], each["number"], Decimal(each["total"]), now.get(each["id"], "")) for each in documents]


def reconcile(sent: list[Sent], rows: list[Row], columns: Columns) -> Reconciliation:
    """What a list says of a run's invoices. BadList when a column in their order has another length than they."""
    if columns.number is None:
        return Reconciliation(list(_in_order(sent, rows, columns.reference or 0)), [])
    known = {key_of(each.number): each.total for each in sent}
    named: dict[str, list[Row]] = defaultdict(list)
    others = []
    for row in rows:
        key = key_of(row.cells[columns.number])
        if key in known:
            named[key].append(row)
        elif key and named:  # what stands before the first of ours is heading
            others.append(row)
    return Reconciliation([_result(each, named[key_of(each.number)], columns) for each in sent], others)


def _in_order(sent: list[Sent], rows: list[Row], column: int) -> Iterator[Result]:
    if len(rows) != len(sent):
        raise BadList(
            f"The run has {len(sent):,} invoices, the column {len(rows):,} lines. Paste a line for each, in the order"
            " of the run; a blank line leaves an invoice out."
        )
    for each, row in zip(sent, rows, strict=True):
        yield _matched(each, row.cells[column])


def _result(sent: Sent, rows: list[Row], columns: Columns) -> Result:
    if not rows:
        return Result(sent, Found.MISSING, remark="The list does not have it.")
    if len(rows) > 1:
        lines = ", ".join(str(row.line) for row in rows[:10])
        return Result(sent, Found.TWICE, remark=f"It stands on the lines {lines} of the list.")
    [row] = rows
    if columns.amount is not None:
        text = row.cells[columns.amount]
        amount = read_amount(text)
        if amount != sent.total:
            shown = f"“{text[:40]}”, no amount" if amount is None else format_money(amount)
            return Result(sent, Found.DIFFERENT, remark=f"The list says {shown}; the file {format_money(sent.total)}.")
    return _matched(sent, "" if columns.reference is None else row.cells[columns.reference])


def _matched(sent: Sent, text: str) -> Result:
    reference = clean_reference(text)
    wrong = unusable(reference)
    if wrong:
        return Result(sent, Found.UNUSABLE, remark=f"Its reference {wrong}.")
    return Result(sent, Found.MATCHED, reference, _remark(sent.reference, reference))


def _remark(now: str, reference: str) -> str:
    if not reference:
        return "No reference to enter."
    if now == reference:
        return "It has this reference already."
    return f"Replaces {now}." if now else ""
