"""F27, F28, F30, F32: a busy or lost database is answered by 503 and words, on a real lock and a real connection."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from invoices.models import ProcessBatch
from jobbook.common.models import LedgerHead
from jobbook.common.unavailable import unavailable_for
from tests.commands import assert_sound, intent_for
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CONFIRM = "/invoices/backlog/process/confirm/"


@contextmanager
def somebody_writing() -> Iterator[None]:
    """Another session holds the lock that every command takes; this one waits for 0.2 s at most."""
    other = connection.copy()
    postgres = connection.vendor == "postgresql"
    head = f"LOCK TABLE {LedgerHead._meta.db_table} IN EXCLUSIVE MODE"
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN" if postgres else "BEGIN IMMEDIATE")
            if postgres:
                cursor.execute(head)
            with connection.cursor() as ours:
                ours.execute("SET lock_timeout = '200ms'" if postgres else "PRAGMA busy_timeout = 200")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()


def test_f30_f32_a_command_that_waited_too_long_says_who_is_in_the_way_and_can_be_repeated(client: Client) -> None:
    user, invoice = make_user(), make_invoice()
    client.force_login(user)
    client.raise_request_exception = False
    posted = {"intent": str(intent_for(user, [invoice]).pk)}
    with somebody_writing():
        part = client.post(CONFIRM, posted, headers={"HX-Request": "true"})
        page = client.post(CONFIRM, posted)
    assert (part.status_code, page.status_code) == (503, 503)
    assert part["Content-Type"].startswith("text/plain")
    assert part.content.decode().startswith("Somebody else is saving just now. Nothing was changed.")
    assert part["X-Request-ID"] in part.content.decode()
    assert part["Retry-After"] == "5"
    assert "<h1>Somebody else is saving just now</h1>" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()
    assert not ProcessBatch.objects.exists()
    assert client.post(CONFIRM, posted).status_code == 302
    assert ProcessBatch.objects.get().count == 1
    assert_sound()


@pytest.mark.postgres
def test_f28_a_lost_connection_is_503_without_data_and_the_next_page_is_there(client: Client) -> None:
    client.force_login(make_user(name="Mai Tran"))
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    answer = client.get("/invoices/backlog/")
    connection.close()
    assert answer.status_code == 503
    assert "<h1>The database does not answer</h1>" in answer.content.decode()
    assert "Mai Tran" not in answer.content.decode()
    assert client.get("/invoices/backlog/").status_code == 200


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_503_with_what_to_do() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError) as stopped:
            cursor.execute("SELECT pg_sleep(2)")
    connection.close()
    told = unavailable_for(stopped.value)
    assert told is not None
    assert told.heading == "This took too long and was stopped"


@pytest.mark.parametrize("error", [None, ValueError("x"), DatabaseError("x")])
def test_what_is_our_own_failure_stays_one(error: Exception | None) -> None:
    assert unavailable_for(error) is None


def test_a_table_that_is_missing_is_our_own_failure() -> None:
    with pytest.raises(DatabaseError) as missing, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    assert unavailable_for(missing.value) is None
