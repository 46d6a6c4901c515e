"""DWRs and expenses of the model: entered, changed, submitted, sent back, reopened, deleted, ticked."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from tests.model.arithmetic import Goods, Work, work
from tests.model.facts import DONE, Answer, Firm, Item, Job, Person, Piece, refused

Entered = Sequence[tuple[Goods, Fraction]]  # goods, and how much of them


def writes(by: Person, piece: Piece) -> bool:
    return by.writes and (by.is_administrator or piece.author == by.name)


def judges(by: Person, piece: Piece) -> bool:
    return by.judges and by.manages(piece.job)


def ticks(by: Person, piece: Piece) -> bool:
    return by.is_administrator


class WorkBook(Firm):
    def __init__(self, jobs: Iterable[Job], **rules: Any) -> None:
        super().__init__(jobs, **rules)
        self.pieces: dict[str, dict[str, Piece]] = {"record": {}, "expense": {}}

    def enter_record(self, job: str, day: str, works: Entered, *, submit: bool, by: Person) -> Answer:
        piece = Piece("record", "", self.jobs[job], day, by.name, works=self._priced(job, works))
        return self._enter(piece, submit=submit, by=by)

    def enter_expense(self, job: str, day: str, amount: Fraction, *, submit: bool, by: Person) -> Answer:
        return self._enter(Piece("expense", "", self.jobs[job], day, by.name, amount=amount), submit=submit, by=by)

    def _enter(self, piece: Piece, *, submit: bool, by: Person) -> Answer:
        if submit and (lacking := _without_lines(piece.kind, piece.works)):
            return lacking
        pieces = self.pieces[piece.kind]
        piece.number = str(self.next(piece.kind, is_taken=lambda number: str(number) in pieces))
        piece.submitted = submit
        pieces[piece.number] = piece
        return self.wrote(f"{piece.kind}.create", by, [(piece.type, piece.number, None, 1)])

    def change_record(
        self, number: str, works: Entered, text: str, *, version: int, submit: bool, by: Person
    ) -> Answer:
        """A draft by who wrote it; a submitted one, corrected, by who manages its job."""
        piece = self.pieces["record"].get(number)
        correct = piece is not None and piece.submitted and not submit
        where, rule = ("submitted", judges) if correct else ("draft", writes)
        if no := self._not("record", number, version, where, rule, by):
            return no
        assert piece
        priced = self._priced(piece.job.number, works)
        if (correct or submit) and (lacking := _without_lines("record", priced)):
            return lacking
        if not submit and (piece.works, piece.text) == (priced, text):
            return DONE
        piece.works, piece.text, piece.submitted = priced, text, piece.submitted or submit
        return self._step("correct" if correct else "submit" if submit else "change", piece, by)

    def submit(self, kind: str, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not(kind, number, version, "draft", writes, by):
            return no
        piece = self.pieces[kind][number]
        if lacking := _without_lines(kind, piece.works):
            return lacking
        piece.submitted = True
        return self._step("submit", piece, by)

    def send_back(self, kind: str, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not(kind, number, version, "submitted", judges, by):
            return no
        piece = self.pieces[kind][number]
        piece.submitted = False
        return self._step("send_back", piece, by)

    def reopen(self, kind: str, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not(kind, number, version, "approved", judges, by):
            return no
        piece = self.pieces[kind][number]
        if piece.invoice:
            return refused(f"invoiced {piece.label}")
        piece.approved, piece.batch = False, None
        return self._step("reopen", piece, by)

    def delete(self, kind: str, number: str, *, version: int, by: Person) -> Answer:
        if no := self._not(kind, number, version, "draft", writes, by):
            return no
        piece = self.pieces[kind].pop(number)
        return self.wrote(f"{kind}.delete", by, [(piece.type, number, version, None)])

    def process_expense(self, number: str, *, version: int, by: Person) -> Answer:
        return self._tick_expense(number, version, by, ticked=True)

    def unprocess_expense(self, number: str, *, version: int, by: Person) -> Answer:
        return self._tick_expense(number, version, by, ticked=False)

    def _tick_expense(self, number: str, version: int, by: Person, *, ticked: bool) -> Answer:
        if no := self._not("expense", number, version, "approved" if ticked else "processed", ticks, by):
            return no
        piece = self.pieces["expense"][number]
        if piece.invoice:
            return refused(f"invoiced {piece.label}")
        piece.processed = ticked
        return self._step("process" if ticked else "unprocess", piece, by)

    def _not(
        self, kind: str, number: str, version: int, state: str, rule: Callable[[Person, Piece], bool], by: Person
    ) -> Answer | None:
        """Why a command on one piece is refused before it looks at anything else."""
        piece = self.pieces[kind].get(number)
        if piece is None:
            return refused("deleted This DWR" if kind == "record" else "deleted This expense")
        if piece.state != state:
            return refused(f"{'invoiced' if piece.invoice else 'state'} {piece.label}")
        if piece.version != version:
            return refused(f"moved {piece.label}")
        return None if rule(by, piece) else refused(f"not_yours {piece.label}")

    def _priced(self, job: str, works: Entered) -> tuple[Work, ...]:
        return tuple(work(goods, much, *self.jobs[job].price(goods)) for goods, much in works)

    def _step(self, act: str, piece: Piece, by: Person) -> Answer:
        return self.wrote(f"{piece.kind}.{act}", by, [stepped(piece)])


def _without_lines(kind: str, works: Sequence[Work]) -> Answer | None:
    return refused("at least one line") if kind == "record" and not works else None


def stepped(piece: Piece) -> Item:
    """One version more, and its item in the audit."""
    piece.version += 1
    return (piece.type, piece.number, piece.version - 1, piece.version)
