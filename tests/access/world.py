"""People of each role and an object in each state, to knock at every address with."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from exports.models import ExportItem, ExportRun, RunState
from exports.start import action_for, start_run
from exports.work import work_on
from invoices.intents import PROCESS, make_intent
from invoices.models import Invoice, ProcessBatch
from invoices.transitions import mark_paid, tick_processed
from invoices.undo import undo_intent
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.access.areas import AREAS
from tests.access.table import ROLES, Row
from tests.commands import process
from tests.factories import PASSWORD, TODAY, make_company, make_invoice, make_job, make_user

NOTHING: dict[str, Any] = {
    "pk": 999_999_999,
    "number": 999_999,
    "uuid": uuid.UUID("2b1f1c1e-0000-4000-8000-000000000000"),
}


@dataclass
class World:
    """One of each. Invoices are of the own manager's job."""

    people: dict[str, User]
    admin: Invoice
    pm: Invoice
    ticket: Invoice
    processed: Invoice
    paid: Invoice
    batch: int
    built: uuid.UUID
    waiting: uuid.UUID
    failed: uuid.UUID
    early_run: uuid.UUID
    sent: ExportItem
    unsent: ExportItem
    more: dict[str, Any] = field(default_factory=dict)  # the objects of the areas, by name
    sessions: dict[str, str] = field(default_factory=dict)  # role -> key

    def named(self, name: str) -> Any:
        """One of the objects."""
        return self.more[name] if name in self.more else getattr(self, name)

    def client(self, role: str, **options: Any) -> Client:
        client = Client(**options)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client

    def log_in(self) -> None:
        """A session for each role: to log in again for every cell would take a third of the time."""
        for role, user in self.people.items():
            client = Client()
            client.force_login(user)
            self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def value(self, text: str, role: str) -> str:
        """What a posted value that begins with @ stands for."""
        if not text.startswith("@"):
            return text
        name, user = text[1:], self.people[role]
        rows = Invoice.objects.filter(pk=self.admin.pk)
        if name.endswith("_intent"):
            return self._intent(name, user, rows)
        if name.endswith("_version"):
            return self._version(name.removesuffix("_version"))
        if name in self.more:
            found = self.more[name]
            return str(getattr(found, "pk", found(user) if callable(found) else found))
        return {"email": user.email, "password": PASSWORD, "admin_ids": str(self.admin.pk), "batch": str(self.batch)}[
            name
        ]

    def _version(self, name: str) -> str:
        found = self.named(name)
        return str(type(found).objects.get(pk=found.pk).version)

    def _intent(self, name: str, user: User, rows: Any) -> str:
        if name == "undo_intent":
            return str(undo_intent(user=user, batch=ProcessBatch.objects.get(number=self.batch)).pk)
        action = PROCESS if name == "process_intent" else action_for("csv")
        return str(make_intent(user=user, action=action, invoices=rows).pk)

    def address(self, row: Row, *, missing: bool = False) -> str:
        """The address of a row, or that of an object that is not there."""
        arguments: dict[str, Any] = dict(row.fixed)
        if row.at:
            found = self.named(row.at)
            name = "number" if isinstance(found, int) else "pk"
            if missing:
                found = NOTHING["uuid" if isinstance(found, uuid.UUID) else name]
            arguments[name] = getattr(found, "pk", found)
        return reverse(row.name, kwargs=arguments)

    def ask(self, row: Row, role: str, method: str, *, missing: bool = False, **options: Any) -> Any:
        """Knock as a role."""
        data = {name: self.value(text, role) for name, text in row.data.items()} if method == "POST" else None
        client = self.client(role, **options)
        headers = {"HX-Request": "true"} if row.htmx else {}
        return getattr(client, method.lower())(self.address(row, missing=missing), data, headers=headers)


def make_world() -> World:
    make_company()
    roles = (Role.ADMINISTRATOR, Role.PROJECT_MANAGER, Role.PROJECT_MANAGER, Role.ACCOUNTING, Role.TECHNICIAN)
    people = {name: make_user(role) for name, role in zip(ROLES, roles, strict=True)}
    admin, job = people["administrator"], make_job(project_manager=people["own manager"])
    made = {name: make_invoice(job=job) for name in ("admin", "processed", "paid", "early")}
    pm, ticket = make_invoice(job=job, signed=False), make_invoice(job=job, is_ticket=True)
    batch = process(admin, [made["processed"]])
    process_paid(admin, made["paid"])
    world = World(
        people=people,
        pm=pm,
        ticket=ticket,
        admin=made["admin"],
        processed=made["processed"],
        paid=made["paid"],
        batch=batch.number,
        **_runs(admin, made),
    )
    for area in AREAS:
        world.more |= area.make(world)
    world.log_in()
    return world


def process_paid(admin: User, invoice: Invoice) -> None:
    """Processed by hand, so it is in no bulk batch, and paid."""
    tick_processed(invoice.pk, version=invoice.version, by=admin)
    mark_paid(invoice.pk, version=invoice.version + 1, paid_on=TODAY, by=admin)


def _runs(admin: User, made: dict[str, Invoice]) -> dict[str, Any]:
    def asked(name: str) -> uuid.UUID:
        return start_run(slug="csv", invoices=Invoice.objects.filter(pk=made[name].pk), by=admin).pk

    runs: dict[str, Any] = {
        "built": asked("paid"),
        "waiting": asked("paid"),
        "failed": asked("paid"),
        "early_run": asked("early"),
    }
    work_on(runs["built"])
    runs["sent"], runs["unsent"] = (ExportItem.objects.get(run=runs[name]) for name in ("built", "waiting"))
    ExportRun.objects.filter(pk=runs["failed"]).update(state=RunState.FAILED, error="No space is left.")
    Invoice.objects.filter(pk=made["early"].pk).update(signed_on=None, signed_by="", signed_total=None)
    return runs


def without_marks(response: Any) -> str:
    """The body without what differs by nature: CSRF tokens, and the address itself."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'name="next" value="[^"]+"', "", body)


def dump() -> dict[str, tuple[int, str]]:
    """Each table's number of rows and the hash of all their values."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that each cell begins in the same world."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # durable commands may run inside
    with block:
        yield
        transaction.set_rollback(True)
