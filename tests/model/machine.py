"""What every move of the machine stands on: one firm in one transaction, both sides at every step."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from jobbook.common.errors import Refused
from jobbook.jobs.models import Company
from tests.commands import assert_sound
from tests.model.book import Book
from tests.model.compare import Comparison, agree, answer_of
from tests.model.facts import DONE, Answer, Doc, Person, Piece, Window
from tests.model.world import World, jobs

T = TypeVar("T")
STALE = 0  # a version that no row has
Opened = tuple[Window, Any]  # the model's and the product's


class Machine(RuleBasedStateMachine):
    """One example is one transaction that is rolled back; the commands in it are savepoints.

    Marked as TestCase marks its own, so that Django lets durable commands run inside.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.windows: list[Opened] = []
        self.sound = True
        self.example = transaction.atomic()
        self.example._from_testcase = True  # type: ignore[attr-defined]
        self.example.__enter__()
        self.comparison = Comparison(world)
        self.book = Book(jobs())

    def open_firm(self, *, author_may_approve: bool, closed: str) -> None:
        """With these rules, and nothing on the books."""
        self.book = Book(jobs(), author_may_approve=author_may_approve)
        Company.objects.update(author_may_approve=author_may_approve)
        self.close(closed)

    def close(self, closed: str) -> None:
        """Close the books through this day; '' opens them."""
        self.book.closed = closed
        Company.objects.update(books_closed_through=closed or None)

    def teardown(self) -> None:
        try:
            if self.sound:
                assert_sound()
        finally:
            connection.set_rollback(True)
            self.example.__exit__(None, None, None)

    def do(self, predicted: Answer, act: Callable[[], Answer | None]) -> None:
        """The command, of which the model has said what it does; then everything is compared."""
        self.tried(predicted, act)
        self.compare()

    def tried(self, predicted: Answer, act: Callable[[], Answer | None]) -> None:
        self.sound = False
        try:
            got = act() or DONE
        except Refused as error:
            got = answer_of(error)
        assert agree(predicted, got), f"the model says {predicted}, the product {got}"

    def compare(self) -> None:
        connection.check_constraints()
        self.comparison.compare(self.book)
        self.sound = True

    def person(self, name: str) -> Person:
        return next(person for person in self.world.people if person.name == name)

    def user(self, person: Person) -> Any:
        return self.world.user(person)

    def pk(self, kind: str, number: str) -> int:
        return self.comparison.ids[kind, number]

    def any_piece(self, kind: str, *states: str) -> bool:
        return any(each.state in states and not each.invoice for each in self.book.pieces[kind].values())

    def any_doc(self, *queues: str) -> bool:
        return any(doc.queue in queues for doc in self.book.docs.values())

    def known(self, kind: str) -> list[str]:
        """Every number of a kind that ever was, also of what is deleted."""
        return [number for each, number in self.comparison.ids if each == kind]

    def anybody(self, data: st.DataObject, likely: Sequence[Person]) -> Person:
        """Mostly somebody who may, now and then anybody."""
        return data.draw(st.sampled_from([*likely] * 6 + [*self.world.people]), label="by")

    def administrator(self, data: st.DataObject) -> Person:
        return self.anybody(data, [person for person in self.world.people if person.is_administrator] * 3)

    def manager(self, data: st.DataObject, thing: Piece | Doc | None) -> Person:
        """Whoever manages the job."""
        likely = [person for person in self.world.people if thing is None or person.manages(thing.job)]
        return self.anybody(data, likely)

    def author(self, data: st.DataObject, piece: Piece | None) -> Person:
        return self.anybody(data, [person for person in self.world.people if piece and person.name == piece.author])

    def piece(self, data: st.DataObject, kind: str, *states: str) -> tuple[str, Piece | None]:
        """Mostly one in these states; now and then any, or one that was deleted."""
        pieces = self.book.pieces[kind]
        fitting = [each.number for each in pieces.values() if each.state in states and not each.invoice]
        known = self.known("dwr" if kind == "record" else "expense")
        number = pick(data, fitting, known, kind)
        return number, pieces.get(number)

    def document(self, data: st.DataObject, fits: Callable[[Doc], bool]) -> tuple[str, Doc | None]:
        fitting = [doc.number for doc in self.book.docs.values() if fits(doc)]
        number = pick(data, fitting, self.known("invoice"), "invoice")
        return number, self.book.docs.get(number)

    def version(self, data: st.DataObject, thing: Piece | Doc | None) -> int:
        """The present one; now and then one that was seen before a change."""
        stale = data.draw(st.sampled_from([False] * 11 + [True]), label="seen before a change")
        return STALE if stale or thing is None else thing.version


def pick(data: st.DataObject, fitting: Sequence[T], every: Sequence[T], label: str) -> T:
    """Mostly one that fits."""
    return data.draw(st.sampled_from([*fitting] * 4 + [*every]), label=label)


def some(data: st.DataObject, rows: Sequence[str], label: str) -> list[str]:
    """Up to four of them, or none."""
    return data.draw(st.lists(st.sampled_from(rows), unique=True, max_size=4), label=label) if rows else []
