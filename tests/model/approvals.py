"""Approving in the model: windows, batches, and the undo of the last."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tests.model.arithmetic import ZERO
from tests.model.facts import DONE, Answer, Batch, Job, Person, Piece, Window, refused
from tests.model.work import WorkBook, judges, stepped

REPEATED = Answer(True, ("repeated",))


def not_opened(window: Window, by: Person) -> Answer | None:
    """A window is its user's alone."""
    return None if window.by == by else refused("belongs to another user")


class ApprovalBook(WorkBook):
    def __init__(self, jobs: Iterable[Job], **rules: Any) -> None:
        super().__init__(jobs, **rules)
        self.approvals: list[Batch] = []

    def approving(self, kind: str, numbers: Iterable[str], *, by: Person) -> Window:
        return self._window(f"{kind}.approve", [self.pieces[kind][number] for number in numbers], by)

    def _window(self, action: str, pieces: list[Piece], by: Person, target: Batch | None = None) -> Window:
        rows = {piece.number: piece.version for piece in pieces}
        return Window(action, by, rows, sum((piece.value for piece in pieces), ZERO), target)

    def approve(self, window: Window, *, by: Person) -> Answer:
        """Those that are still as the window showed them and the user's to approve; the others are named."""
        if no := not_opened(window, by):
            return no
        if window.answer:
            return Answer(True, ("repeated", *window.answer.words))
        pieces = self.pieces[window.action.split(".")[0]]
        words, chosen = [], []
        for number, seen in window.rows.items():
            piece = pieces.get(number)
            if piece is None:
                words.append("deleted")
            elif why := self._why_not(piece, seen, by):
                words.append(f"{why} {piece.label}")
            else:
                chosen.append(piece)
        words = sorted(set(words))
        if not chosen:
            return refused(*(words or ["none"]))
        self._approve(window, chosen, by)
        window.answer = Answer(True, tuple(words))
        return window.answer

    def _why_not(self, piece: Piece, seen: int, by: Person) -> str:
        if not judges(by, piece):
            return "manager"
        if piece.state != "submitted" or piece.version != seen:
            return "moved"
        return "author" if piece.author == by.name and not self.author_may_approve else ""

    def _approve(self, window: Window, chosen: list[Piece], by: Person) -> None:
        kind = chosen[0].kind
        batch = Batch(self.next("approval"), kind, by.name, {}, sum((each.value for each in chosen), ZERO))
        for piece in chosen:
            piece.approved, piece.batch = True, batch.number
        self.wrote(window.action, by, [stepped(piece) for piece in chosen])
        batch.rows = {piece.number: piece.version for piece in chosen}
        self.approvals.append(batch)

    def approved_in(self, batch: Batch) -> list[Piece]:
        """The pieces still in it."""
        return [piece for piece in self.pieces[batch.kind].values() if piece.batch == batch.number]

    def last_approval(self, kind: str, by: Person) -> Batch | None:
        """The newest live batch that `by` may undo."""
        mine = [batch for batch in self.approvals if by.is_administrator or batch.by == by.name]
        live = [batch for batch in mine if batch.kind == kind and not batch.undone and self.approved_in(batch)]
        return live[-1] if live else None

    def approval_offer(self, kind: str, by: Person) -> tuple[int, int, Fraction, list[str]] | None:
        """What the undo button shows: batch, count, sum, and what hinders it."""
        batch = self.last_approval(kind, by)
        if batch is None:
            return None
        pieces = self.approved_in(batch)
        total = sum((piece.value for piece in pieces), ZERO)
        return batch.number, len(pieces), total, self.hindering_approval(batch, by)

    def undoing_approval(self, batch: Batch, *, by: Person) -> Window:
        return self._window(f"{batch.kind}.undo_approval", self.approved_in(batch), by, batch)

    def undo_approval(self, window: Window, *, by: Person) -> Answer:
        """All that is still in the batch, or nothing."""
        if no := not_opened(window, by):
            return no
        if window.answer:
            return REPEATED
        batch = window.target
        assert batch
        if batch.undone:
            return refused("was already undone")
        if self.last_approval(batch.kind, by) is not batch:
            return refused("is not the last batch any more")
        if words := self.hindering_approval(batch, by):
            return refused(*words)
        pieces = self.approved_in(batch)
        if {piece.number: piece.version for piece in pieces} != window.rows:
            return refused("changed since the window opened")
        for piece in pieces:
            piece.approved, piece.batch = False, None
        batch.undone, window.answer = True, DONE
        return self.wrote(window.action, by, [stepped(piece) for piece in pieces])

    def hindering_approval(self, batch: Batch, by: Person) -> list[str]:
        words = []
        for piece in self.approved_in(batch):
            if piece.kind == "record" and piece.invoice:
                words.append(f"invoiced {piece.label}")
            elif piece.processed:
                words.append(f"processed {piece.label}")
            elif not judges(by, piece):
                words.append(f"manager {piece.label}")
            elif piece.version != batch.rows[piece.number]:
                words.append(f"changed {piece.label}")
        return sorted(words)
