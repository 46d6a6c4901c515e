"""The append-only tables can be emptied by the test suite's `flush`, never by Django's own."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as DjangoFlush
from django.db import DatabaseError, transaction

from jobbook.common import triggers
from jobbook.common.audit import CommandLine, Operation
from jobbook.common.models import AuditEntry, AuditItem

OPTIONS: dict[str, Any] = {"interactive": False, "verbosity": 0}


def write_an_entry() -> None:
    with transaction.atomic(durable=True):
        operation = Operation(by=CommandLine(), action="test")
        operation.item("test", 1, after={"a": 1}).save()
        operation.close()


@pytest.mark.django_db(transaction=True)
def test_djangos_flush_is_refused() -> None:
    write_an_entry()
    with pytest.raises(CommandError) as refusal:
        call_command(DjangoFlush(), **OPTIONS)
    cause: BaseException | None = refusal.value
    while cause and triggers.MESSAGE not in str(cause):
        cause = cause.__cause__
    assert cause, "refused for another reason"
    assert AuditEntry.objects.count() == AuditItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_suites_flush_empties_the_audit_and_puts_the_triggers_back() -> None:
    write_an_entry()
    call_command("flush", inhibit_post_migrate=True, **OPTIONS)  # its receiver would put them back as well
    assert not AuditEntry.objects.exists()
    assert not AuditItem.objects.exists()
    assert triggers.present() == triggers.expected()
    write_an_entry()
    with pytest.raises(DatabaseError, match=triggers.MESSAGE):
        AuditEntry.objects.update(action="other")
