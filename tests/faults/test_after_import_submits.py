"""Accounting's forms over real HTTP: each sent many times at once is done once, and two people do not overwrite."""

import json
from typing import Any

import pytest

from exports.models import ExportRun, RunConfirmation
from invoices.models import Invoice
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry
from tests.commands import assert_sound
from tests.exports.runs import built
from tests.factories import make_company, make_user
from tests.site import Person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


@pytest.fixture
def run() -> ExportRun:
    make_company()
    return built()


@pytest.fixture
def accountant(live_server: Any, run: ExportRun) -> Person:
    return Person(live_server.url, make_user(Role.ACCOUNTING))


def test_one_confirmation_many_times(accountant: Person, run: ExportRun) -> None:
    data = {"count": "3", "total": "474.24", "seen": "0"}
    answers = accountant.post_at_once(f"/runs/{run.pk}/confirm/", data, TIMES)
    assert {answer.status for answer in answers} == {302}
    assert AuditEntry.objects.filter(action="export.confirm").count() == RunConfirmation.objects.count() == 1
    assert_sound()


def test_references_of_two_forms_many_times(accountant: Person, run: ExportRun) -> None:
    """Each form is wholly entered or refused; whichever is first, the other finds what it did not see."""
    ids = list(run.items.values_list("invoice_id", flat=True))
    forms = [{"act": "enter", "changes": json.dumps([[pk, "", name] for pk in ids])} for name in ("A", "B")]
    first = accountant.post_at_once(f"/runs/{run.pk}/references/", forms[0], TIMES)
    second = accountant.post_at_once(f"/runs/{run.pk}/references/", forms[1], TIMES)
    assert {answer.status for answer in first} == {302}
    assert {answer.status for answer in second} == {409}
    assert set(Invoice.objects.values_list("accounting_reference", flat=True)) == {"A"}
    assert AuditEntry.objects.filter(action="invoice.reference").count() == 1
    assert_sound()
