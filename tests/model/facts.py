"""What the model keeps: people, jobs, work, documents, batches, windows, and what each command answered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.model.arithmetic import ZERO, Goods, Line, Sums, Tax, Work

ADMINISTRATOR, MANAGER, TECHNICIAN, ACCOUNTING = "administrator", "project_manager", "technician", "accounting"


@dataclass(frozen=True)
class Answer:
    """Whether a command did something, and the words for what it did not: "code label", or a passage of a sentence."""

    done: bool
    words: tuple[str, ...] = ()


DONE = Answer(True)


def refused(*words: str) -> Answer:
    return Answer(False, tuple(sorted(words)))


@dataclass(frozen=True)
class Person:
    name: str
    role: str

    @property
    def is_administrator(self) -> bool:
        return self.role == ADMINISTRATOR

    @property
    def writes(self) -> bool:
        return self.role != ACCOUNTING

    @property
    def judges(self) -> bool:
        """Approves work and signs invoices."""
        return self.role in (ADMINISTRATOR, MANAGER)

    def manages(self, job: "Job") -> bool:
        return self.is_administrator or (self.role == MANAGER and job.manager == self.name)


@dataclass
class Job:
    """kind: tm, fixed or none (never invoiced). prices: (by the unit, by the hour) agreed on the job."""

    number: str
    kind: str
    manager: str
    taxes: tuple[Tax, ...]
    fee: Fraction | None = None
    is_ticket: bool = False
    summarized: bool = False
    prices: dict[str, tuple[Fraction, Fraction | None]] = field(default_factory=dict)

    def price(self, goods: Goods) -> tuple[Fraction, Fraction | None]:
        return self.prices.get(goods.code, (goods.unit, goods.hourly))


@dataclass
class Piece:
    """A DWR or an expense. batch: of its approval; invoice: the one that bills or accounts for it."""

    kind: str  # record, expense
    number: str
    job: Job
    day: str
    author: str
    text: str = ""
    amount: Fraction = ZERO  # of an expense
    works: tuple[Work, ...] = ()
    version: int = 1
    submitted: bool = False
    approved: bool = False
    processed: bool = False
    batch: int | None = None
    invoice: str | None = None

    @property
    def state(self) -> str:
        if self.processed:
            return "processed"
        return "approved" if self.approved else "submitted" if self.submitted else "draft"

    @property
    def value(self) -> Fraction:
        return self.amount + sum((each.amount for each in self.works), ZERO)

    @property
    def type(self) -> str:
        """What the audit calls it."""
        return "dwr" if self.kind == "record" else "expense"

    @property
    def label(self) -> str:
        return f"DWR {self.number}" if self.kind == "record" else f"Expense {self.number}"


@dataclass
class Doc:
    """An invoice or a credit note. signed: the total that was signed."""

    number: str
    job: Job
    day: str  # "" is today
    is_ticket: bool
    sums: Sums
    credits: str | None = None
    memo: str = ""
    version: int = 1
    content: int = 1
    signed: Fraction | None = None
    client_approved: bool = False
    released: bool = False
    batch: int | None = None
    paid: bool = False
    reference: str = ""
    was_processed: bool = False
    records: list[str] = field(default_factory=list)

    @property
    def queue(self) -> str:
        if self.paid:
            return "paid"
        if self.batch is not None:
            return "processed"
        if self.released:
            return "admin"
        if self.signed is None:
            return "pm"
        return "ticket" if self.is_ticket and not self.client_approved else "admin"

    @property
    def is_open(self) -> bool:
        return self.queue in ("pm", "ticket", "admin")

    @property
    def total(self) -> Fraction:
        return self.sums.total

    @property
    def kind(self) -> str:
        return "credit_note" if self.credits else "invoice"


@dataclass
class Batch:
    """rows: each row that the batch took, with the version it left it at."""

    number: int
    kind: str
    by: str
    rows: dict[str, int]
    total: Fraction
    undone: bool = False


@dataclass
class Window:
    """What a confirmation window froze, and what its button answered once it was used."""

    action: str
    by: Person
    rows: dict[str, int]
    total: Fraction
    target: Batch | None = None
    answer: Answer | None = None


Item = tuple[str, str, int | None, int | None]  # type, number, version before and after


@dataclass(frozen=True)
class Entry:
    """One command in the audit."""

    action: str
    by: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Edit:
    """What a person changes on an invoice. Lines by their place; numbers are what stands there then."""

    memo: str | None = None
    day: str | None = None
    measure: tuple[int, Fraction] | None = None  # quantity, or the amount where there is none
    drop: int | None = None
    add: tuple[Line, ...] = ()
    expenses: tuple[str, ...] | None = None  # None: as they are
    records: tuple[str, ...] = ()


class Firm:
    """What every part of the book stands on: jobs, counters, and the list of what was done."""

    def __init__(self, jobs: Iterable[Job], *, author_may_approve: bool = True, closed: str = "") -> None:
        self.jobs = {job.number: job for job in jobs}
        self.author_may_approve = author_may_approve
        self.closed = closed  # the books are, through this day
        self.entries: list[Entry] = []
        self._counters: dict[str, int] = {"invoice": 10_000, "credit_note": 10_000}

    def wrote(self, action: str, by: Person, items: Iterable[Item]) -> Answer:
        self.entries.append(Entry(action, by.name, tuple(items)))
        return DONE

    def take_entries(self) -> list[Entry]:
        """What was written since this was last asked."""
        taken, self.entries = self.entries, []
        return taken

    def next(self, series: str, *, is_taken: Callable[[int], bool] = lambda _: False) -> int:
        """The next number that nobody has."""
        number = self._counters.get(series, 0) + 1
        while is_taken(number):
            number += 1
        self._counters[series] = number
        return number
