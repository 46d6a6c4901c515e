"""Process and undo of the whole Admin Queue, and the snapshot before them, against the bare UPDATE of the same rows.

The bare side sets the same three columns of the same ids in one statement and commits; nothing is locked, checked or
written down. Both sides are put back in turn, with the tables vacuumed between.
"""

import random
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.intents import PROCESS, make_intent
from invoices.models import BatchKind, Invoice, ProcessBatch
from invoices.transitions import process_invoices
from invoices.undo import undo_batch, undo_intent
from jobbook.accounts.models import User
from jobbook.common.audit import next_number
from jobbook.common.models import AuditItem
from tests.bench import CONTROL, Result, Rounds, Work
from tests.bench.books import Books

AUDIT_ITEMS = 500_000  # that are there before
_TABLES = ("invoices_invoice", "common_audititem", "common_intentitem")


def run(books: Books, *, small: bool) -> list[Result]:
    books.use("deep")
    bench = Batches(rounds=1 if small else 9)
    fill_audit(2_000 if small else AUDIT_ITEMS)
    return [*bench.results(), *statements(bench.user)]


class Batches:
    """Rounds of bare, bare again and the product's own commands, in random order."""

    def __init__(self, rounds: int) -> None:
        self.user = User.objects.filter(role="administrator", is_active=True).order_by("pk")[0]
        self.ids = list(Invoice.objects.admin_queue().order_by("pk").values_list("pk", flat=True))
        self.bare_batch = self._bare_batch()
        self.rounds = rounds

    def results(self) -> list[Result]:
        taken = self._measure()
        n = f"{len(self.ids):,}"
        limit = "<= 2.00" if connection.vendor == "postgresql" else "<= 3.00"
        words = {
            "process": (f"process {n} with locks, checks and audit : the bare UPDATE", "B1", limit),
            "undo": (f"undo the batch of {n} : the bare UPDATE", "B2", limit),
            "window": (f"snapshot of {n} for the process window : the bare UPDATE", "intent", ""),
        }
        found = []
        for name, (label, code, goal) in words.items():
            base = "bare undo" if name == "undo" else "bare process"
            control = taken.best(f"again {base[5:]}", base)
            found.append(Result(label, goal, taken.best(name, base), control, taken.typical(name, base), code))
        return found

    def _measure(self) -> Rounds:
        """Again, three times at most, while a control is out of bounds."""
        taken = Rounds()
        for _ in range(3 if self.rounds >= 9 else 1):
            taken = self._turns()
            controls = [taken.best(f"again {name}", f"bare {name}") for name in ("process", "undo")]
            if all(CONTROL[0] <= control <= CONTROL[1] for control in controls):
                break
        return taken

    def _turns(self) -> Rounds:
        chance = random.Random(1)
        self._product(Rounds())
        self._bare(Rounds(), "bare")
        taken = Rounds()
        turns: list[Work] = [
            lambda: self._bare(taken, "bare"),
            lambda: self._bare(taken, "again"),
            lambda: self._product(taken),
        ]
        for _ in range(self.rounds):
            chance.shuffle(turns)
            for turn in turns:
                turn()
        return taken

    def _bare(self, taken: Rounds, name: str) -> None:
        tidy()
        taken.time(f"{name} process", lambda: self._update(self.bare_batch.pk, date(2026, 1, 5)))
        tidy()
        taken.time(f"{name} undo", lambda: self._update(None, None))

    def _product(self, taken: Rounds) -> None:
        tidy()
        rows = Invoice.objects.admin_queue()
        intent = taken.time("window", lambda: make_intent(user=self.user, action=PROCESS, invoices=rows))
        tidy()
        batch = taken.time("process", lambda: process_invoices(intent.pk, by=self.user)).batch
        back = undo_intent(user=self.user, batch=batch)
        tidy()
        taken.time("undo", lambda: undo_batch(back.pk, by=self.user))
        assert Invoice.objects.admin_queue().count() == len(self.ids)

    def _update(self, batch: int | None, day: date | None) -> None:
        rows, ids = ("= ANY(%s)", self.ids)
        if connection.vendor != "postgresql":
            rows, ids = "IN (SELECT value FROM json_each(%s))", str(self.ids)  # type: ignore[assignment]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE invoices_invoice SET batch_id = %s, processed_on = %s, version = version + 1 WHERE id {rows}",
                [batch, day, ids],
            )
            assert cursor.rowcount == len(self.ids)

    def _bare_batch(self) -> ProcessBatch:
        """A batch that the bare UPDATE may name."""
        facts = {"created_at": self.user.date_joined, "created_by_name": "bench", "entry_number": 1}
        number = next_number("process_batch")
        return ProcessBatch.objects.create(number=number, kind=BatchKind.SINGLE, count=0, total=0, **facts)


def tidy() -> None:
    """What the database would do in its own time, so that no side pays for the other's rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {', '.join(_TABLES)}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()


def fill_audit(count: int) -> None:
    """Audit items as of a long past, spread over the invoices; only their number matters."""
    missing = max(0, count - AuditItem.objects.count())
    lowest, highest = Invoice.objects.order_by("pk")[0].pk, Invoice.objects.order_by("-pk")[0].pk
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_audititem"
            " (entry_id, object_type, object_id, version_before, version_after, before, after)"
            " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
            " SELECT 1, 'invoice', %s + i %% %s, 1, 1, '', '' FROM n",
            [missing, lowest, highest - lowest + 1],
        )
        cursor.execute("ANALYZE common_audititem" if connection.vendor == "postgresql" else "SELECT 1")


def statements(user: User) -> list[Result]:
    """How many statements process and undo send, BEGIN and COMMIT included, for 10 and for all."""
    counts: dict[str, set[int]] = {"process": set(), "undo": set()}
    waiting = Invoice.objects.admin_queue()
    for rows in (Invoice.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[:10])), waiting):
        intent = make_intent(user=user, action=PROCESS, invoices=rows)
        with CaptureQueriesContext(connection) as captured:
            batch = process_invoices(intent.pk, by=user).batch
        counts["process"].add(len(captured))
        back = undo_intent(user=user, batch=batch)
        with CaptureQueriesContext(connection) as captured:
            undo_batch(back.pk, by=user)
        counts["undo"].add(len(captured))
    found = []
    for name, each in counts.items():
        n = f"{waiting.count():,}"
        found.append(Result(f"statements to {name} {n}", "<= 14", max(each), code="B3", unit="statements"))
        found.append(
            Result(f"the same less those for 10, {name}", "<= 0", max(each) - min(each), code="B3", unit="more")
        )
    return found
