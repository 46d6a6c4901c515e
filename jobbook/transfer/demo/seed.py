"""The whole demo: the firm, the imported past, the last half year in full, and what happened to it. One transaction."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model

from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.audit import lock_head
from jobbook.common.errors import Refused
from jobbook.common.models import Counter
from jobbook.jobs.models import Client, Company, Item, Job, Office, Tax
from jobbook.transfer.demo import logins, names
from jobbook.transfer.demo.documents import Register
from jobbook.transfer.demo.events import give_events
from jobbook.transfer.demo.firm import Firm, make_firm
from jobbook.transfer.demo.history import History
from jobbook.transfer.demo.ledger import Ledger
from jobbook.transfer.demo.plan import HISTORY_AGE, Size, plan
from jobbook.transfer.demo.progress import write_progress
from jobbook.transfer.demo.rates import agree
from jobbook.transfer.demo.recent import Recent, write_bulk
from jobbook.transfer.demo.sink import Sink
from jobbook.transfer.demo.work import Crews, write_open_work

_OLD_JOBS_FROM = 2_000  # documents: a larger past has closed jobs of its own
_DOCUMENTS_PER_OLD_JOB = 250


@dataclass(frozen=True)
class Seeding:
    """What to make. The same seed and day make the same data, passwords and uuids apart."""

    size: Size
    seed: int
    today: date

    def random(self, purpose: str) -> random.Random:
        """A stream of its own for each purpose, so that one more draw here changes nothing there."""
        return random.Random(f"{self.seed}/{purpose}")  # noqa: S311 - made-up data, the same each time

    def moment(self, age: int, hour: int, minute: int = 0) -> datetime:
        """A time of day `age` days ago, in the firm's time zone."""
        zone = ZoneInfo(names.COMPANY["time_zone"])
        return datetime.combine(self.today - timedelta(days=age), time(hour, minute), zone)


def occupants() -> list[str]:
    """What is in the database already, in words; empty when it may be seeded."""
    models: tuple[type[Model], ...] = (User, Company, Office, Tax, Item, Client, Job, Invoice)
    counts = [(model._default_manager.count(), model._meta) for model in models]
    return [f"{n:,} {meta.verbose_name if n == 1 else meta.verbose_name_plural}" for n, meta in counts if n]


def refuse_occupied() -> None:
    """Refused unless the database is empty."""
    taken = occupants()
    if taken:
        raise Refused(f"Demo data goes into an empty database only; this one has {', '.join(taken)}.")


def seed_demo(seeding: Seeding) -> list[str]:
    """Make it all, or nothing. Returns the lines of the log-ins. Refused in a database that has data."""
    with transaction.atomic():
        lock_head()
        refuse_occupied()
        ledger = Ledger(Sink())
        firm = _firm(seeding, ledger)
        lines = logins.give_passwords(firm.people.with_login)
        register = Register(firm, ledger)
        History(register, ledger, seeding.today, seeding.seed).write(
            seeding.size.history, seeding.moment(HISTORY_AGE, 8)
        )
        recent = _documents(seeding, ledger, register)
        give_events(seeding.moment, ledger, firm, recent.written)
        ledger.sink.finish()
        _count_on(register, recent.crews)
        waiting = logins.prepare(lines)
    logins.publish(waiting)
    return lines


def _firm(seeding: Seeding, ledger: Ledger) -> Firm:
    """The firm, as one command."""
    history = seeding.size.history
    old_jobs = history // _DOCUMENTS_PER_OLD_JOB if history >= _OLD_JOBS_FROM else 0
    ledger.open(None, "data.import", seeding.moment(HISTORY_AGE + 1, 8))
    firm = make_firm(seeding.random("firm"), seeding.today, old_jobs)
    agree(firm)
    ledger.made("company", firm.company.pk, {"name": firm.company.name})
    for user in firm.people.everybody:
        ledger.made("user", user.pk, {"name": user.name, "role": user.role})
    named: dict[str, Iterable[Model]] = {
        "office": firm.offices,
        "tax": firm.taxes.values(),
        "item": firm.items.values(),
        "employee": firm.employees,
        "rate_sheet": firm.rate_sheets,
    }
    for noun, rows in named.items():
        for row in rows:
            ledger.made(noun, row.pk, {"name": str(row)})
    for client in firm.clients:
        ledger.made("client", client.pk, {"client_number": client.client_number})
    for job in (*firm.jobs, *firm.old_jobs):
        ledger.made("job", job.pk, {"job_number": job.job_number})
    ledger.close()
    return firm


def _documents(seeding: Seeding, ledger: Ledger, register: Register) -> Recent:
    """The documents of the last half year and the work behind them, as one command."""
    firm, rng = register.firm, seeding.random("documents")
    crews = Crews(firm, ledger, seeding.today)
    recent = Recent(register, crews, seeding.today, rng)
    ledger.open(None, "data.import", seeding.moment(HISTORY_AGE, 12))
    planned = plan(firm, seeding.size, seeding.today, seeding.random("plan"))
    for each in planned:
        recent.write(each)
    write_bulk(register, firm.jobs[:10], seeding.size.admin_bulk, seeding.today, seeding.random("bulk"))
    write_open_work(crews, seeding.random("work"), planned)
    write_progress(firm, ledger, seeding.random("progress"), seeding.today, seeding.moment)
    ledger.close()
    return recent


def _count_on(register: Register, crews: Crews) -> None:
    """Counters go on from the numbers given here."""
    last = {**register.numbers, "record": crews.last_record, "expense": crews.last_expense}
    for series, number in last.items():
        Counter.objects.update_or_create(series=series, defaults={"last": number})
