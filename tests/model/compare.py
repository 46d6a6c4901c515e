"""The database and the model side by side: every object, every sum, every audit entry, every button's offer."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle
from typing import Any

from invoices.models import Invoice, InvoiceLine, InvoiceTax, LineSource, ProcessBatch
from invoices.undo import undo_offer
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import ApprovalBatch, ApprovalKind, DailyWorkRecord, Expense, WorkLine
from jobbook.jobs.transitions import approval_undo
from jobbook.jobs.transitions.approvable import APPROVABLES
from tests.model.arithmetic import Line
from tests.model.book import Book
from tests.model.facts import Answer, Batch, Doc, Person, Piece
from tests.model.world import World

Seen = dict[str, Any]
BY_HAND = "2021"  # documents dated by hand are older; the others are dated today, whatever day that is
NUMBERS: dict[str, tuple[type[Any], str]] = {
    "dwr": (DailyWorkRecord, "dwr_number"),
    "expense": (Expense, "expense_number"),
    "invoice": (Invoice, "number"),
}


def answer_of(refused: Refused) -> Answer:
    """The refusal as the model words it."""
    words = tuple(sorted(f"{each.code} {each.label}".strip() for each in refused.refusals))
    return Answer(False, words or (refused.message,))


def agree(predicted: Answer, got: Answer) -> bool:
    """Word for word; or, of a refusal that is one sentence, by a passage of it."""
    if predicted == got:
        return True
    one = not predicted.done and not got.done and len(predicted.words) == len(got.words) == 1
    return one and " " in got.words[0] and predicted.words[0] in got.words[0]


def word_of(repeated: bool) -> Answer:
    return Answer(True, ("repeated",) if repeated else ())


class Comparison:
    """Compares after each step; remembers numbers by primary key, also of what was deleted since."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = {person.name: person for person in world.people}
        self.ids: dict[tuple[str, str], int] = {}
        self.numbers: dict[tuple[str, int], str] = {}
        self.entries = AuditEntry.objects.count()
        self.offers = cycle(
            [("record", people["M. Tran"]), ("record", people["P. Lind"]), ("expense", people["K. Osei"])]
        )

    def compare(self, book: Book) -> None:
        self._remember()
        self.offered = next(self.offers)  # one a step: it is dear
        mine, theirs = dict(of_model(book, self.offered)), dict(self.of_database())
        for what, expected in mine.items():
            if theirs[what] != expected:
                raise AssertionError(
                    f"{what}: the model has {_without(expected, theirs[what])}, "
                    f"the database {_without(theirs[what], expected)}"
                )

    def _remember(self) -> None:
        for kind, (model, column) in NUMBERS.items():
            for pk, number in model._default_manager.values_list("pk", column):
                self.ids[kind, number] = pk
                self.numbers[kind, pk] = number

    def of_database(self) -> Iterator[tuple[str, Any]]:
        yield "DWRs", _records()
        yield "expenses", _expenses()
        yield "documents", _documents()
        yield "work behind lines", _sources()
        yield "approval batches", _batches(ApprovalBatch)
        yield "process batches", _batches(ProcessBatch)
        yield "audit", self._new_entries()
        yield "DWR Invoice Backlog", sorted(DailyWorkRecord.objects.to_invoice().values_list("dwr_number", flat=True))
        yield "Undo Last Process Batch", _offer()
        kind, by = self.offered
        yield "Undo Last Approval Batch", _approval_offer(kind, self.world.user(by))

    def _new_entries(self) -> list[Any]:
        """The entries since the last comparison, each with what it says of every object."""
        rows = AuditEntry.objects.filter(number__gt=self.entries).order_by("number")
        items: dict[int, list[Any]] = defaultdict(list)
        columns = ("entry_id", "object_type", "object_id", "version_before", "version_after")
        for entry, kind, pk, *versions in AuditItem.objects.filter(entry_id__gt=self.entries).values_list(*columns):
            items[entry].append((kind, self.numbers.get((kind, pk), "?"), *versions))
        found = [
            (action, by, count, sorted(items[number], key=str))
            for number, action, by, count in rows.values_list("number", "action", "actor_name", "item_count")
        ]
        self.entries += len(found)
        return found


def of_model(book: Book, offered: tuple[str, Person]) -> Iterator[tuple[str, Any]]:
    yield "DWRs", {each.number: _piece(each) for each in book.pieces["record"].values()}
    yield "expenses", {each.number: _piece(each) for each in book.pieces["expense"].values()}
    yield "documents", {each.number: _doc(each) for each in book.docs.values()}
    yield "work behind lines", {each.number: _behind(book, each) for each in book.docs.values() if each.records}
    yield "approval batches", {each.number: _batch(each) for each in book.approvals}
    yield "process batches", {each.number: _batch(each) for each in book.batches}
    yield (
        "audit",
        [(each.action, each.by, len(each.items), sorted(each.items, key=str)) for each in book.take_entries()],
    )
    to_invoice = [
        each.number
        for each in book.pieces["record"].values()
        if each.approved and each.job.kind == "tm" and not each.invoice
    ]
    yield "DWR Invoice Backlog", sorted(to_invoice)
    yield "Undo Last Process Batch", book.offer()
    kind, by = offered
    yield "Undo Last Approval Batch", book.approval_offer(kind, by)


def _without(these: Any, others: Any) -> Any:
    """What of these is not in the others."""
    if not isinstance(these, dict) or not isinstance(others, dict):
        return these
    return {key: _without(value, others.get(key)) for key, value in these.items() if value != others.get(key)}


def _piece(piece: Piece) -> Any:
    works = [(each.goods.code, each.quantity, each.price, each.amount) for each in piece.works]
    own = works if piece.kind == "record" else piece.amount
    facts = (piece.state, piece.version, piece.batch, piece.invoice)
    return (piece.job.number, piece.author, piece.text, *facts, own)


def _records() -> dict[str, Any]:
    works: dict[str, list[Any]] = defaultdict(list)
    columns = ("record__dwr_number", "item__code", "quantity", "unit_price", "amount")
    for number, code, *money in WorkLine.objects.order_by("record", "line_number").values_list(*columns):
        works[number].append((code, *map(Fraction, money)))
    facts = ("state", "version", "batch__number", "invoiced__invoice__number")
    names = ("dwr_number", "job__job_number", "created_by__name", "description", *facts)
    return {row[0]: (*row[1:], works[row[0]]) for row in DailyWorkRecord.objects.values_list(*names)}


def _expenses() -> dict[str, Any]:
    facts = ("state", "version", "batch__number", "invoiced__invoice__number", "amount")
    names = ("expense_number", "job__job_number", "created_by__name", "description", *facts)
    return {number: (*row, Fraction(amount)) for number, *row, amount in Expense.objects.values_list(*names)}


def _doc(doc: Doc) -> Any:
    sums = doc.sums
    return {
        "facts": (doc.job.number, doc.kind, doc.credits, doc.queue, doc.batch, doc.paid, doc.is_ticket),
        "signatures": (doc.signed, doc.client_approved, doc.released),
        "versions": (doc.version, doc.content),
        "says": (doc.day, doc.memo, doc.reference),
        "sums": (sums.subtotal, sums.tax, sums.total),
        "taxes": [(tax.code, tax.rate, base, amount) for tax, base, amount in sums.taxes],
        "lines": [(each.section, each.code, each.taxes, each.record or None, *_numbers(each)) for each in sums.lines],
    }


def _numbers(line: Line) -> Any:
    return line.quantity, line.price, line.amount, line.percent


def _documents() -> dict[str, Any]:
    taxes, lines = defaultdict(list), defaultdict(list)
    columns = ("invoice", "code", "rate", "base", "amount")
    for pk, code, *money in InvoiceTax.objects.order_by("invoice", "position").values_list(*columns):
        taxes[pk].append((code, *map(Fraction, money)))
    names = ("section", "item_code", "taxes", "record__dwr_number")
    numbered = ("quantity", "unit_price", "amount", "fee_percent")
    for pk, *row in InvoiceLine.objects.order_by("invoice", "line_number").values_list("invoice", *names, *numbered):
        section, code, taxes_of, record, *numbers = row
        carried = tuple(filter(None, taxes_of.split(";")))
        lines[pk].append((section, code, carried, record, *map(_fraction, numbers)))
    rows = Invoice.objects.select_related("job", "credits", "batch")
    return {row.number: {**_document(row), "taxes": taxes[row.pk], "lines": lines[row.pk]} for row in rows}


def _document(row: Invoice) -> Any:
    credited = row.credits.number if row.credits else None
    paid, day = row.paid_on is not None, row.invoice_date.isoformat()
    return {
        "facts": (row.job.job_number, row.kind, credited, row.queue, row.batch_number(), paid, row.is_ticket),
        "signatures": (_fraction(row.signed_total), row.client_approved_on is not None, row.released_on is not None),
        "versions": (row.version, row.content_version),
        "says": (day if day < BY_HAND else "", row.memo, row.accounting_reference),
        "sums": (Fraction(row.subtotal), Fraction(row.tax), Fraction(row.total)),
    }


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _behind(book: Book, doc: Doc) -> dict[tuple[str, int], int | None]:
    """The place of the line that bills each line of its DWRs, None for what was left out."""
    places = {source: place for place, line in enumerate(doc.sums.lines, 1) for source in line.sources}
    works = [(number, n) for number in doc.records for n in range(1, len(book.pieces["record"][number].works) + 1)]
    return {work: places.get(work) for work in works}


def _sources() -> dict[str, Any]:
    found: dict[str, Any] = defaultdict(dict)
    names = ("invoice__number", "work_line__record__dwr_number", "work_line__line_number", "line__line_number")
    for number, record, n, place in LineSource.objects.values_list(*names):
        found[number][record, n] = place
    return dict(found)


def _batch(batch: Batch) -> Any:
    return (batch.kind, batch.by, len(batch.rows), batch.total, batch.undone)


def _batches(model: type[Any]) -> dict[int, Any]:
    names = ("number", "kind", "created_by_name", "count", "total", "undone_at")
    return {
        number: (kind, by, count, Fraction(total), undone is not None)
        for number, kind, by, count, total, undone in model._default_manager.values_list(*names)
    }


def _offer() -> Any:
    offer = undo_offer()
    return offer.batch and (offer.batch.number, offer.count, Fraction(offer.total), offer.moved, offer.paid)


def _approval_offer(kind: str, user: Any) -> Any:
    offer = approval_undo.undo_offer(APPROVABLES[ApprovalKind(kind)], user)
    words = sorted(f"{each.code} {each.label}" for each in offer.refusals)
    return offer.batch and (offer.batch.number, offer.count, Fraction(offer.total), words)
