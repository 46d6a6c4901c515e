"""What happened to the documents of the last half year: batches, an undo, an untick, references, payments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jobbook.transfer.demo import names
from jobbook.transfer.demo.documents import Written
from jobbook.transfer.demo.firm import Firm
from jobbook.transfer.demo.ledger import Ledger
from jobbook.transfer.demo.past import Past
from jobbook.transfer.demo.plan import Planned

Moment = Callable[..., datetime]
Event = tuple[datetime, Callable[[datetime], None]]

_BATCH_DAYS = (190, 172, 154, 139, 121, 104, 90, 76, 61, 47, 33, 19, 1)  # days ago
_WAIT = 4  # days between an invoice's date and its batch
_PAID_AFTER, _PAID_DAYS = 35, 28  # batches older than this were paid so many days later
_UNPAID_EVERY = 7
_UNDONE = (24, 6)  # days ago, how many
_UNTICKED = 47
_SINGLES = (40, 2)
_REFERENCE_GAP = 1000


@dataclass
class _Events:
    moment: Moment
    past: Past
    firm: Firm
    written: list[tuple[Planned, Written]]
    events: list[Event] = field(default_factory=list)

    def at(self, age: int, hour: int, minute: int, act: Callable[[datetime], None]) -> None:
        self.events.append((self.moment(age, hour, minute), act))

    def older(self, queue: str, age: int) -> list[Written]:
        """The documents of a queue dated at least `age` days ago, credit notes included."""
        limit: date = self.moment(age, 0).date()
        return [invoice for planned, invoice in self.written if planned.queue == queue and planned.date <= limit]

    def batches(self) -> None:
        """All that is done, each document in the first batch after it was ready; some of them one by one."""
        left = self.older("done", 0)
        singles, left = self._singles(left)
        for number, age in enumerate(_BATCH_DAYS):
            ready = {invoice.id for invoice in self.older("done", age + _WAIT if age > 1 else 0)}
            members = [invoice.id for invoice in left if invoice.id in ready]
            left = [invoice for invoice in left if invoice.id not in ready]
            if members:
                self._batch(number, age, members)
        for age, invoice_id in singles:
            self.at(age, 11, 20, self._single(invoice_id))

    def _singles(self, left: list[Written]) -> tuple[list[tuple[int, int]], list[Written]]:
        age, count = _SINGLES
        ready = {invoice.id for invoice in self.older("done", age + 1)}
        picked = [invoice for invoice in left if invoice.id in ready][-count:]
        ids = {invoice.id for invoice in picked}
        ages = [(age - n, invoice.id) for n, invoice in enumerate(picked)]
        return ages, [invoice for invoice in left if invoice.id not in ids]

    def _single(self, invoice_id: int) -> Callable[[datetime], None]:
        by = self.firm.people.administrator
        return lambda at: void(self.past.process([invoice_id], by=by, at=at, kind="single"))

    def _batch(self, number: int, age: int, members: list[int]) -> None:
        people = self.firm.people
        extra = [invoice.id for invoice in self.older("admin", age + _WAIT)[:1]] if age == _UNTICKED else []
        ids = members + extra
        self.at(age, 15, 57, lambda at: void(self.past.process(ids, by=people.administrator, at=at)))
        if extra:
            self.at(age - 2, 9, 12, lambda at: self.past.untick(extra[0], by=people.administrator, at=at))
        if age <= _PAID_AFTER:
            return
        first = 48_000 + number * _REFERENCE_GAP
        self.at(age - 1, 8, 40, lambda at: self.past.refer(members, by=people.accountant, at=at, first=first))
        paid = [invoice_id for n, invoice_id in enumerate(members) if n % _UNPAID_EVERY]
        if paid:
            self.at(age - _PAID_DAYS, 10, 5, lambda at: self.past.pay(paid, by=people.accountant, at=at))

    def undone(self) -> None:
        """A batch processed too early, and undone some minutes later."""
        age, count = _UNDONE
        ids = [invoice.id for invoice in self.older("admin", age + 1)[-count:]]
        by = self.firm.people.administrator

        def both(at: datetime) -> None:
            batch = self.past.process(ids, by=by, at=at)
            self.past.undo(batch, by=by, at=self.moment(age, 14, 22))

        if ids:
            self.at(age, 14, 10, both)

    def edits(self) -> None:
        by = self.firm.people.administrator
        for invoice in [invoice for planned, invoice in self.written if planned.twist == "changed"]:
            self.at(1, 9, 35, lambda at, pk=invoice.id: self.past.edit(pk, by=by, at=at))  # type: ignore[misc]


def void(result: object) -> None:
    """Events return nothing."""


def give_events(moment: Moment, ledger: Ledger, firm: Firm, written: list[tuple[Planned, Written]]) -> None:
    """Let it all happen, in order of time."""
    past = Past(ledger, ZoneInfo(names.COMPANY["time_zone"]))
    events = _Events(moment, past, firm, written)
    events.batches()
    events.undone()
    events.edits()
    for at, act in sorted(events.events, key=lambda event: event[0]):
        act(at)
