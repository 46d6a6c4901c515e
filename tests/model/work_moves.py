"""Moves with DWRs and expenses, and their approval."""

from fractions import Fraction
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from jobbook.jobs.models import ApprovalBatch, ApprovalKind, Item
from jobbook.jobs.transitions import expenses, records
from jobbook.jobs.transitions.approvable import APPROVABLES
from jobbook.jobs.transitions.approval import approve
from jobbook.jobs.transitions.approval_undo import undo_approval, undo_intent
from jobbook.jobs.work_lines import EnteredLine
from tests.model.arithmetic import LABOUR, Goods
from tests.model.compare import word_of
from tests.model.facts import Answer, Batch, Person, Piece
from tests.model.machine import Machine, Opened, some
from tests.model.world import GOODS, agree, day_of, exact

DAYS = ["2020-07-01", "2020-07-02", "2020-06-15"]
MUCH = st.sampled_from(["0.3333", "1", "2.5", "7.75", "8", "3.0001", "11.1111"]).map(Fraction)
WORKS = st.lists(st.tuples(st.sampled_from([*GOODS.values()]), MUCH), min_size=1, max_size=3)
Works = list[tuple[Goods, Fraction]]
TICKS = ("process_expense", "unprocess_expense")
KINDS = ("record", "expense")
MOST = 7  # DWRs that are entered one by one
ACTS: dict[str, dict[str, Any]] = {
    "record": {
        "submit": records.submit_record,
        "send_back": records.send_back_record,
        "reopen": records.reopen_record,
        "delete": records.delete_record,
    },
    "expense": {
        "submit": expenses.submit_expense,
        "send_back": expenses.send_back_expense,
        "reopen": expenses.reopen_expense,
        "delete": expenses.delete_expense,
        "process_expense": expenses.process_expense,
        "unprocess_expense": expenses.unprocess_expense,
    },
}


class WorkMoves(Machine):
    @precondition(lambda self: len(self.book.pieces["record"]) < MOST)
    @rule(data=st.data(), works=WORKS, submit=st.sampled_from([True, True, False]))
    def enter_record(self, data: st.DataObject, works: Works, submit: bool) -> None:
        job = data.draw(st.sampled_from(["26-1", "26-2", "26-3", "26-1", "26-2", "26-3", "26-4", "26-5"]), label="job")
        works = data.draw(st.sampled_from([works] * 7 + [[]]))
        day = data.draw(st.sampled_from(DAYS))
        by = data.draw(st.sampled_from([person for person in self.world.people if person.writes]), label="by")
        predicted = self.book.enter_record(job, day, works, submit=submit, by=by)
        self.do(predicted, lambda: self.product_enters(job, works, by, day=day, submit=submit))

    def product_enters(self, job: str, works: Works, by: Person, *, day: str = DAYS[0], submit: bool = True) -> None:
        entered = self._entered(job, day, works)
        records.enter_record(entered, key=uuid4(), submit=submit, by=self.user(by))

    @precondition(lambda self: len(self.book.pieces["expense"]) < MOST // 2)
    @rule(data=st.data(), amount=st.integers(1, 99_999), submit=st.sampled_from([True, True, False]))
    def enter_expense(self, data: st.DataObject, amount: int, submit: bool) -> None:
        job = data.draw(st.sampled_from(["26-1", "26-1", "26-2", "26-4"]), label="job")
        by = data.draw(st.sampled_from([person for person in self.world.people if person.writes]), label="by")
        self.expense_entered(job, Fraction(amount, 100), by, submit=submit)

    def expense_entered(self, job: str, amount: Fraction, by: Person, *, submit: bool) -> None:
        predicted = self.book.enter_expense(job, DAYS[0], amount, submit=submit, by=by)
        entered = expenses.Entered(self.world.rows[job], day_of(DAYS[0]), "J. Lavoie", exact(amount))
        self.do(predicted, lambda: _none(expenses.enter_expense(entered, key=uuid4(), submit=submit, by=self.user(by))))

    def _entered(self, job: str, day: str, works: Any, text: str = "") -> records.EnteredRecord:
        items = {item.code: item for item in Item.objects.all()}
        lines = tuple(_entered_line(items[goods.code], goods, much) for goods, much in works)
        return records.EnteredRecord(self.world.rows[job], day_of(day), description=text, lines=lines)

    @precondition(lambda self: self.any_piece("record", "draft", "submitted"))
    @rule(data=st.data(), works=WORKS, submit=st.booleans())
    def change_record(self, data: st.DataObject, works: Works, submit: bool) -> None:
        """A draft is changed, a submitted one corrected; now and then nothing is."""
        number, piece = self.piece(data, "record", "draft", "submitted")
        text, same = data.draw(st.sampled_from(["", "Longer"])), data.draw(st.booleans(), label="same work")
        if piece and same:
            works = [(each.goods, each.much) for each in piece.works]
        correct = piece is not None and piece.submitted and not submit
        by = self.manager(data, piece) if correct else self.author(data, piece)
        self.changed(number, works, text, self.version(data, piece), by, submit=submit)

    def changed(self, number: str, works: Works, text: str, version: int, by: Person, *, submit: bool) -> None:
        piece = self.book.pieces["record"].get(number)
        correct = piece is not None and piece.submitted and not submit
        job, day = (piece.job.number, piece.day) if piece else ("26-1", DAYS[0])
        entered = self._entered(job, day, works, text)
        predicted = self.book.change_record(number, works, text, version=version, submit=submit, by=by)
        given = {"key": uuid4(), "version": version, "by": self.user(by)}
        pk = self.pk("dwr", number)

        def act() -> None:
            if correct:
                records.correct_record(pk, entered, **given)
            else:
                records.change_record(pk, entered, submit=submit, **given)

        self.do(predicted, act)

    @rule(data=st.data(), closed=st.sampled_from(["", "2020-06-30", "2020-08-31"]), cents=st.integers(1, 200_000))
    def change_the_firm(self, data: st.DataObject, closed: str, cents: int) -> None:
        """Close the books, and agree on a price: of no concern to what is approved or invoiced."""
        self.close(closed)
        job, code = data.draw(st.sampled_from(["26-1", "26-2", "26-3"])), data.draw(st.sampled_from(["LAB", "TRUCK"]))
        price = (Fraction(cents, 10_000), None)
        self.book.jobs[job].prices[code] = price
        agree(self.world.rows[job], code, price)

    @precondition(lambda self: self.known("dwr") or self.known("expense"))
    @rule(data=st.data(), kind=st.sampled_from(["record", "record", "expense"]))
    def move_a_piece(self, data: st.DataObject, kind: str) -> None:
        """Submit, send back, reopen, delete; and tick an expense."""
        if not self.known("dwr" if kind == "record" else "expense"):
            kind = "expense" if kind == "record" else "record"
        number, piece = self.piece(data, kind, "draft", "submitted", "approved", "processed")
        act = data.draw(st.sampled_from([*_likely(piece, kind)] * 4 + [*ACTS[kind]]), label="act")
        if act in TICKS:
            by = self.administrator(data)
        else:
            by = self.author(data, piece) if act in ("submit", "delete") else self.manager(data, piece)
        self.moved_on(act, kind, number, self.version(data, piece), by)

    def moved_on(self, act: str, kind: str, number: str, version: int, by: Person) -> None:
        which = [number] if act in TICKS else [kind, number]
        predicted = getattr(self.book, act)(*which, version=version, by=by)
        more = {"reason": "Hours?"} if act == "send_back" else {}
        pk = self.pk("dwr" if kind == "record" else "expense", number)
        self.do(predicted, lambda: ACTS[kind][act](pk, version=version, by=self.user(by), **more))

    @precondition(lambda self: any(self.any_piece(kind, "submitted") for kind in KINDS))
    @rule(data=st.data(), at_once=st.sampled_from([True, True, False]))
    def approve_selected(self, data: st.DataObject, at_once: bool) -> None:
        kind = data.draw(st.sampled_from([kind for kind in KINDS if self.any_piece(kind, "submitted")]))
        pieces = self.book.pieces[kind].values()
        likely = [each.number for each in pieces if each.state == "submitted"]
        chosen = likely if data.draw(st.booleans(), label="all") else some(data, [each.number for each in pieces], kind)
        by = self.anybody(data, [person for person in self.world.people if person.judges])
        self.settle(self.approval_window(kind, chosen, by), by, at_once=at_once)

    def approval_window(self, kind: str, chosen: list[str], by: Any) -> Opened:
        what = APPROVABLES[ApprovalKind(kind)]
        rows = what.model._default_manager.filter(**{f"{what.number}__in": chosen})
        return self.book.approving(kind, chosen, by=by), what.window(what.approve, user=self.user(by), rows=rows)

    @precondition(lambda self: any(self.book.last_approval(kind, self.world.people[0]) for kind in KINDS))
    @rule(data=st.data(), at_once=st.sampled_from([True, True, False]))
    def undo_an_approval_batch(self, data: st.DataObject, at_once: bool) -> None:
        by = data.draw(st.sampled_from([person for person in self.world.people if person.judges]), label="by")
        last = [each for kind in ("record", "expense") if (each := self.book.last_approval(kind, by))]
        batch = data.draw(st.sampled_from(last * 4 + self.book.approvals), label="batch")
        self.settle(self.approval_undo_window(batch, by), by, at_once=at_once)

    def approval_undo_window(self, batch: Batch, by: Person) -> Opened:
        row = ApprovalBatch.objects.get(number=batch.number)
        intent = undo_intent(APPROVABLES[ApprovalKind(batch.kind)], user=self.user(by), batch=row)
        return self.book.undoing_approval(batch, by=by), intent

    def settle(self, opened: Opened, by: Any, *, at_once: bool) -> None:
        """Press the button, or leave the window open for later."""
        self.windows.append(opened)
        if at_once:
            self.press(opened, by)

    def press(self, opened: Opened, by: Any) -> None:
        raise NotImplementedError

    def press_approval(self, opened: Opened, by: Any) -> None:
        window, intent = opened
        kind, _, action = window.action.partition(".")
        user, what = self.user(by), APPROVABLES[ApprovalKind(kind)]
        if action == "approve":
            self.do(self.book.approve(window, by=by), lambda: _approved(approve(what, intent.pk, by=user)))
        else:
            predicted = self.book.undo_approval(window, by=by)
            self.do(predicted, lambda: word_of(undo_approval(what, intent.pk, by=user).repeated))


def _approved(done: Any) -> Answer:
    words = sorted(f"{each.code} {each.label}".strip() for each in done.skipped)
    return Answer(True, tuple(["repeated"] * done.repeated + words))


def _likely(piece: Piece | None, kind: str) -> list[str]:
    """What may be done where it is."""
    acts = {
        "draft": ["submit", "submit", "delete"],
        "submitted": ["send_back"],
        "approved": ["reopen"],
        "processed": ["unprocess_expense"],
    }
    if piece is None:
        return []
    more = ["process_expense"] if kind == "expense" and piece.state == "approved" else []
    return acts[piece.state] + more


def _entered_line(item: Item, goods: Goods, much: Fraction) -> EnteredLine:
    if goods.section == LABOUR:
        return EnteredLine(goods.section, item, employee="J. Lavoie", hours=exact(much))
    return EnteredLine(goods.section, item, quantity=exact(much))


def _none(_: object) -> None:
    """A command's result says nothing more than its rows."""
