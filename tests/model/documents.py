"""Invoices and credit notes of the model: made, changed, deleted, credited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Any

from tests.model.approvals import REPEATED, ApprovalBook, not_opened
from tests.model.arithmetic import FEE, ZERO, Line, Sums, Tax, drawn_up, work_out
from tests.model.facts import Answer, Doc, Edit, Item, Job, Person, Piece, Window, refused
from tests.model.work import stepped

NOT_YOURS = refused("not_yours")
GONE = refused("is not there any more")
CLOSED = refused("The books are closed")
PREFIX = {"invoice": "INV-", "credit_note": "CN-"}


class DocumentBook(ApprovalBook):
    def __init__(self, jobs: Iterable[Job], **rules: Any) -> None:
        super().__init__(jobs, **rules)
        self.docs: dict[str, Doc] = {}
        self.retired: set[str] = set()  # numbers of deleted documents
        self._ids = count(1)

    def invoicing(self, numbers: Iterable[str], *, by: Person) -> Window:
        return self._window("record.invoice", [self.pieces["record"][number] for number in numbers], by)

    def invoice(self, window: Window, *, by: Person) -> Answer:
        """One invoice for each job of the window of which every DWR can be invoiced; the others are named."""
        if not by.is_administrator:
            return NOT_YOURS
        if no := not_opened(window, by):
            return no
        if window.answer:
            return REPEATED
        pieces = self.pieces["record"]
        jobs = sorted({pieces[number].job.number for number in window.rows if number in pieces})
        words = {"deleted" for number in window.rows if number not in pieces}
        items: list[Item] = []
        for job in jobs:
            mine = [pieces[number] for number in window.rows if number in pieces and pieces[number].job.number == job]
            why = [f"{word} {piece.label}" for piece in mine if (word := _why_not(piece, window.rows[piece.number]))]
            words.update(why)
            items += [] if why else self._of_records(self.jobs[job], mine)
        if not items:
            return refused(*(words or ["No invoice was made"]))
        self.wrote("invoice.create", by, items)
        window.answer = Answer(True, tuple(sorted(words)))
        return window.answer

    def _of_records(self, job: Job, pieces: Sequence[Piece]) -> list[Item]:
        codes = tuple(tax.code for tax in job.taxes)
        fees = [Line(FEE, "FEE", codes, percent=job.fee)] if job.fee is not None else []
        doc = self._made(job, work_out([*self.lines_for(job, pieces), *fees], job.taxes))
        return [("invoice", doc.number, None, 1), *self._attached(doc, pieces)]

    def lines_for(self, job: Job, pieces: Iterable[Piece]) -> list[Line]:
        """The work of DWRs as the job's invoices draw it up."""
        works = [(piece.number, piece.day, n, each) for piece in pieces for n, each in enumerate(piece.works, 1)]
        return drawn_up(works, summarized=job.summarized, taxes=job.taxes)

    def make(self, job: str, edit: Edit, *, by: Person) -> Answer:
        """An invoice by hand: the lines, expenses and DWRs of an edit of nothing."""
        where, day = self.jobs[job], edit.day or ""
        if not by.is_administrator:
            return NOT_YOURS
        if where.kind == "none":
            return refused("it is never invoiced")
        if no := self._cannot_take(where, edit.records):
            return no
        records = [self.pieces["record"][number] for number in edit.records]
        sums = work_out([*edit.add, *self.lines_for(where, records)], where.taxes)
        if sums.total < 0:
            return refused("that is a credit note, not an invoice")
        if self._is_closed(day):
            return CLOSED
        if no := self._cannot_tick(where, None, edit.expenses or ()):
            return no
        doc = self._made(where, sums, day=day, memo=edit.memo or "")
        items = [*self._attached(doc, records), *self._tick(doc, edit.expenses or ())]
        return self.wrote("invoice.create", by, [("invoice", doc.number, None, 1), *items])

    def edit(self, number: str, edit: Edit, *, version: int, by: Person) -> Answer:
        if not by.is_administrator:
            return NOT_YOURS
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        if no := self._locked_open(doc, version) or self._cannot_take(doc.job, edit.records):
            return no
        records = [self.pieces["record"][each] for each in edit.records]
        sums = work_out([*edited(doc.sums.lines, edit), *self.lines_for(doc.job, records)], self.taxes_on(doc))
        if no := self._cannot_be(doc, edit, sums):
            return no
        ticked = self.expenses_of(number)
        wanted = ticked if edit.expenses is None else sorted(edit.expenses)
        if no := self._cannot_tick(doc.job, number, wanted):
            return no
        printed = self._put(doc, edit, sums)
        if not (printed or wanted != ticked or records):
            return Answer(True)
        items = [*self._attached(doc, records), *self._tick(doc, wanted)]
        doc.version += 1
        doc.content += printed
        return self.wrote("invoice.edit", by, [("invoice", number, version, doc.version), *items])

    def _cannot_be(self, doc: Doc, edit: Edit, sums: Sums) -> Answer | None:
        if self._is_closed(doc.day) or (edit.day is not None and self._is_closed(edit.day)):
            return CLOSED
        if doc.queue == "admin" and not sums.lines:
            return refused("it keeps a line, or is deleted")
        if doc.credits:
            if sums.total > 0:
                return refused("does not come to more than zero")
            return self._too_much(self.left_of(doc.credits) - doc.total, sums)
        if sums.total < 0:
            return refused("that is a credit note, not an invoice")
        if doc.total - self.left_of(doc.number) > sums.total:
            return refused("is credited already")
        return None

    def _put(self, doc: Doc, edit: Edit, sums: Sums) -> bool:
        """The document as it would be; whether what is printed changed."""
        moved = sums.lines != doc.sums.lines or sums.total != doc.total
        printed = moved or edit.memo not in (None, doc.memo) or edit.day not in (None, doc.day)
        if moved and doc.queue in ("pm", "ticket"):
            doc.signed, doc.client_approved = None, False
        doc.memo = doc.memo if edit.memo is None else edit.memo
        doc.day = doc.day if edit.day is None else edit.day
        doc.sums = self._kept(sums)
        return printed

    def delete_doc(self, number: str, *, version: int, by: Person) -> Answer:
        if not by.is_administrator:
            return NOT_YOURS
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        if no := self._locked_open(doc, version):
            return no
        if self._is_closed(doc.day):
            return CLOSED
        if doc.was_processed or any(each.credits == number for each in self.docs.values()):
            return refused(f"used {number}")
        items: list[Item] = [("invoice", number, version, None), *self._tick(doc, [])]
        for record in doc.records:
            self.pieces["record"][record].invoice = None
            items.append(("dwr", record, None, None))
        del self.docs[number]
        self.retired.add(number)
        return self.wrote("invoice.delete", by, items)

    def credit(self, number: str, much: Mapping[int, Fraction], *, by: Person) -> Answer:
        """A credit note over lines, by their place: a quantity, or the amount of a line without."""
        if not by.is_administrator:
            return NOT_YOURS
        doc = self.docs.get(number)
        if doc is None:
            return GONE
        lines = [_credited(doc.sums.lines[place], share) for place, share in much.items()]
        sums = work_out(lines, self.taxes_on(doc))
        if doc.credits:
            return refused("is a credit note itself")
        if doc.queue in ("pm", "ticket"):
            return refused("change or delete it instead of crediting it")
        if sums.total >= 0:
            return refused("comes to less than zero")
        if no := self._too_much(self.left_of(number), sums):
            return no
        note = self._made(doc.job, sums, credits=number, is_ticket=doc.is_ticket)
        return self.wrote("invoice.create", by, [("invoice", note.number, None, 1), ("invoice", number, None, None)])

    def left_of(self, number: str) -> Fraction:
        """What may still be credited of an invoice."""
        notes = [doc.total for doc in self.docs.values() if doc.credits == number]
        return self.docs[number].total + sum(notes, ZERO)

    def taxes_on(self, doc: Doc) -> list[Tax]:
        own = [tax for tax, _, _ in doc.sums.taxes]
        return own + [tax for tax in doc.job.taxes if tax not in own]

    def expenses_of(self, number: str) -> list[str]:
        return sorted(each.number for each in self.pieces["expense"].values() if each.invoice == number)

    def _too_much(self, left: Fraction, sums: Sums) -> Answer | None:
        return refused("of the invoice is left to credit") if left + sums.total < 0 else None

    def _locked_open(self, doc: Doc, version: int) -> Answer | None:
        return None if doc.is_open and doc.version == version else refused(f"moved {doc.number}")

    def _is_closed(self, day: str) -> bool:
        return bool(day and self.closed) and day <= self.closed

    def _cannot_take(self, job: Job, numbers: Iterable[str]) -> Answer | None:
        """Why an invoice of `job` cannot take these DWRs by hand."""
        pieces = [self.pieces["record"].get(number) for number in numbers]
        words = [f"{why} {each.label}" for each in pieces if each and (why := _why_not(each, None, job))]
        words += ["deleted"] if None in pieces else []
        return refused(*words) if words else None

    def _cannot_tick(self, job: Job, number: str | None, wanted: Iterable[str]) -> Answer | None:
        pieces = [self.pieces["expense"].get(each) for each in wanted]
        bad = [
            f"expense {each.label}"
            for each in pieces
            if each
            and (number is None or each.invoice != number)
            and (each.invoice or each.job is not job or each.state != "approved")
        ]
        return refused(*(bad or ["deleted"])) if bad or None in pieces else None

    def _tick(self, doc: Doc, wanted: Iterable[str]) -> list[Item]:
        """Account for exactly these expenses."""
        items = []
        for piece in self.pieces["expense"].values():
            if (piece.number in wanted) != (piece.invoice == doc.number):
                piece.processed = piece.number in wanted
                piece.invoice = doc.number if piece.processed else None
                items.append(stepped(piece))
        return items

    def _attached(self, doc: Doc, pieces: Iterable[Piece]) -> list[Item]:
        items: list[Item] = []
        for piece in pieces:
            piece.invoice = doc.number
            doc.records.append(piece.number)
            items.append(("dwr", piece.number, None, None))
        return items

    def _made(self, job: Job, sums: Sums, *, is_ticket: bool | None = None, **fields: Any) -> Doc:
        kind = "credit_note" if fields.get("credits") else "invoice"
        used = self.retired | set(self.docs)
        number = f"{PREFIX[kind]}{self.next(kind, is_taken=lambda n: f'{PREFIX[kind]}{n}' in used)}"
        ticket = job.is_ticket if is_ticket is None else is_ticket
        self.docs[number] = Doc(number, job, fields.pop("day", ""), ticket, self._kept(sums), **fields)
        return self.docs[number]

    def _kept(self, sums: Sums) -> Sums:
        return replace(sums, lines=tuple(line if line.id else replace(line, id=next(self._ids)) for line in sums.lines))


def edited(lines: Sequence[Line], edit: Edit) -> list[Line]:
    """The lines with one measured anew, one dropped, others added."""
    done = list(lines)
    if edit.measure:
        place, much = edit.measure
        done[place] = measured(done[place], much)
    if edit.drop is not None:
        del done[edit.drop]
    return [*done, *edit.add]


def measured(line: Line, much: Fraction) -> Line:
    return replace(line, amount=much) if line.quantity is None else replace(line, quantity=much)


def _credited(line: Line, much: Fraction) -> Line:
    return replace(measured(line, -much), percent=None, record="", sources=(), id=0)


def _why_not(piece: Piece, seen: int | None, job: Job | None = None) -> str:
    """Why an invoice cannot take a DWR; seen: as the window of Invoice Selected DWRs showed it."""
    if piece.invoice:
        return "invoiced"
    if job is not None and piece.job is not job:
        return "job"
    if piece.state != "approved":
        return "state"
    if piece.job.kind == "none" or (seen is not None and piece.job.kind != "tm"):
        return "billing"
    return "moved" if seen is not None and piece.version != seen else ""
