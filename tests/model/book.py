"""The whole model: what stands in the parts below it, and processing, undo, payment, import."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tests.model.approvals import REPEATED, not_opened
from tests.model.arithmetic import LABOUR, ZERO, Goods, Line, work, work_out
from tests.model.documents import GONE
from tests.model.facts import DONE, Answer, Batch, Doc, Item, Job, Person, Piece, Window, refused
from tests.model.signing import SigningBook


class Book(SigningBook):
    def __init__(self, jobs: Iterable[Job], **rules: Any) -> None:
        super().__init__(jobs, **rules)
        self.batches: list[Batch] = []

    def processing(self, numbers: Iterable[str], *, by: Person) -> Window:
        docs = [self.docs[number] for number in numbers]
        return Window("invoice.process", by, {doc.number: doc.version for doc in docs}, _sum(docs))

    def process(self, window: Window, *, by: Person) -> Answer:
        """Exactly what the window showed, or nothing."""
        if no := not_opened(window, by):
            return no
        if window.answer:
            return REPEATED
        if not window.rows:
            return refused("No invoice is selected")
        docs = [self.docs[number] for number in window.rows if number in self.docs]
        moved = [doc for doc in docs if doc.queue != "admin" or doc.version != window.rows[doc.number]]
        gone = ["deleted"] if len(docs) < len(window.rows) else []
        if moved or gone:
            return refused(*gone, *(f"moved {doc.number}" for doc in moved))
        window.answer = DONE
        return self._process(docs, "bulk", by)

    def tick(self, number: str, *, version: int, by: Person) -> Answer:
        return self._not_in(number, version, "admin") or self._process([self.docs[number]], "single", by)

    def _process(self, docs: list[Doc], kind: str, by: Person) -> Answer:
        batch = Batch(self.next("process"), kind, by.name, {}, _sum(docs))
        for doc in docs:
            doc.batch, doc.was_processed = batch.number, True
        self.wrote("invoice.process", by, [_stepped(doc) for doc in docs])
        batch.rows = {doc.number: doc.version for doc in docs}
        self.batches.append(batch)
        return DONE

    def untick(self, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not_in(number, version, "processed"):
            return no
        self.docs[number].batch = None
        return self.wrote("invoice.untick", by, [_stepped(self.docs[number])])

    def pay(self, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not_in(number, version, "processed"):
            return no
        self.docs[number].paid = True
        return self.wrote("invoice.paid", by, [_stepped(self.docs[number])])

    def unpay(self, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not_in(number, version, "paid"):
            return no
        self.docs[number].paid = False
        return self.wrote("invoice.unpaid", by, [_stepped(self.docs[number])])

    def refer(self, number: str, reference: str, *, by: Person) -> Answer:
        """A note of accounting's: no version."""
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        if doc.queue in ("pm", "ticket"):
            return refused("from the Admin Queue on")
        if doc.reference == reference:
            return DONE
        doc.reference = reference
        return self.wrote("invoice.reference", by, [("invoice", number, doc.version, doc.version)])

    def _not_in(self, number: str, version: int, queue: str) -> Answer | None:
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        return None if (doc.queue, doc.version) == (queue, version) else refused(f"moved {number}")

    def processed_in(self, batch: Batch) -> list[Doc]:
        return [doc for doc in self.docs.values() if doc.batch == batch.number]

    def last_batch(self) -> Batch | None:
        """The newest live bulk batch, whoever made it."""
        live = [each for each in self.batches if each.kind == "bulk" and not each.undone and self.processed_in(each)]
        return live[-1] if live else None

    def offer(self) -> tuple[int, int, Fraction, int, int] | None:
        """What the undo button shows: batch, count, sum, how many hinder it, how many of them are paid."""
        batch = self.last_batch()
        if batch is None:
            return None
        docs = self.processed_in(batch)
        moved = [doc for doc in docs if not _untouched(doc, batch)]
        return batch.number, len(docs), _sum(docs), len(moved), sum(doc.paid for doc in docs)

    def undoing(self, batch: Batch, *, by: Person) -> Window:
        docs = self.processed_in(batch)
        return Window("invoice.undo", by, {doc.number: doc.version for doc in docs}, _sum(docs), batch)

    def undo(self, window: Window, *, by: Person) -> Answer:
        if no := not_opened(window, by):
            return no
        if window.answer:
            return REPEATED
        batch = window.target
        assert batch
        if batch.undone:
            return refused("was already undone")
        if batch.kind != "bulk":
            return refused("is not a bulk batch")
        if self.last_batch() is not batch:
            return refused("is not the last batch any more")
        docs = self.processed_in(batch)
        if moved := [doc for doc in docs if not _untouched(doc, batch)]:
            return refused(*(f"{'paid' if doc.paid else 'changed'} {doc.number}" for doc in moved))
        if {doc.number: doc.version for doc in docs} != window.rows:
            return refused("changed since the window opened")
        for doc in docs:
            doc.batch = None
        batch.undone, window.answer = True, DONE
        return self.wrote("invoice.undo", by, [_stepped(doc) for doc in docs])

    def import_again(self) -> Answer:
        """What was exported says nothing new."""
        return DONE

    def import_record(self, number: str, job: str, day: str, goods: Goods, hours: Fraction, *, by: Person) -> Answer:
        """A submitted DWR of accounting's or of another program's; priced by the item."""
        line = work(goods, hours, goods.unit, goods.hourly)
        piece = Piece("record", number, self.jobs[job], day, by.name, works=(line,), submitted=True)
        self.pieces["record"][number] = piece
        return self.wrote("data.import", by, [("dwr", number, None, 1)])

    def import_doc(self, number: str, job: str, amount: Fraction, day: str, *, processed: bool, by: Person) -> Answer:
        """A signed invoice of one line, with the first tax of its job."""
        if self._is_closed(day):
            return refused("is in a closed period")
        where = self.jobs[job]
        sums = work_out([Line(LABOUR, "", (where.taxes[0].code,), amount=amount)], where.taxes)
        doc = Doc(number, where, day, False, self._kept(sums), signed=sums.total, was_processed=processed)
        doc.is_ticket = where.is_ticket
        doc.client_approved = where.is_ticket
        self.docs[number] = doc
        items: list[Item] = [("invoice", number, None, 1)]
        if processed:
            batch = Batch(self.next("process"), "import", by.name, {number: 1}, doc.total)
            doc.batch = batch.number
            self.batches.append(batch)
        return self.wrote("data.import", by, items)

    def import_memo(self, number: str, memo: str) -> Answer:
        """A processed or paid document does not change."""
        return refused("it cannot change") if self.docs[number].memo != memo else DONE


def _sum(docs: Iterable[Doc]) -> Fraction:
    return sum((doc.total for doc in docs), ZERO)


def _untouched(doc: Doc, batch: Batch) -> bool:
    return not doc.paid and doc.version == batch.rows[doc.number]


def _stepped(doc: Doc) -> Item:
    """One version more, of what is neither printed nor exported, and its item in the audit."""
    doc.version += 1
    return ("invoice", doc.number, doc.version - 1, doc.version)
