"""F5, F16, F17, F18: a real Redis that is down, restarted or emptied; real Celery worker and beat."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from pytest_django import Settings

from exports import bell
from exports.models import ExportRun, RunState
from exports.start import start_run
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.reports.management.commands.check_invariants import violations
from tests.exports.runs import fresh, waited
from tests.factories import make_invoice, make_user
from tests.processes import manage, start
from tests.servers import RedisServer, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis, pytest.mark.timeout(180)]


@pytest.fixture
def broker(redis_server: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """The throw-away Redis, up and empty, as this process's broker."""
    redis_server.start()
    redis_server.flush()
    settings.CELERY_BROKER_URL = redis_server.url
    app = Celery("asking", set_as_current=False)  # the project's was set up without a broker
    app.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr(bell, "current_app", app)
    yield redis_server
    app.close()
    redis_server.start()


@pytest.fixture
def user() -> User:
    make_invoice()
    return make_user()


def celery(broker: RedisServer, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "celery", "-A", "jobbook", *words, "-l", "WARNING"]
    return start(*command, CELERY_BROKER_URL=broker.url)


def worker(broker: RedisServer) -> "subprocess.Popen[str]":
    return celery(broker, "worker", "-c", "1", "--without-gossip", "--without-mingle")


def beat(broker: RedisServer) -> "subprocess.Popen[str]":
    return celery(broker, "beat", "--pidfile=")


def end(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def ask(user: User) -> ExportRun:
    return start_run(slug="csv", invoices=Invoice.objects.all(), by=user)


def all_done(runs: list[ExportRun]) -> bool:
    ids = [run.pk for run in runs]
    return ExportRun.objects.filter(pk__in=ids, state=RunState.SUCCEEDED).count() == len(ids)


def once_each(runs: list[ExportRun]) -> None:
    assert {(fresh(run).attempts, fresh(run).fence) for run in runs} == {(1, 1)}
    assert violations() == []


def test_f16_redis_down_when_a_user_asks(broker: RedisServer, user: User) -> None:
    broker.stop()
    began = time.monotonic()
    run = ask(user)
    assert time.monotonic() - began < 1, "the page must answer"
    assert fresh(run).state == RunState.QUEUED
    broker.start()
    both = worker(broker), beat(broker)
    try:
        wait_until(lambda: all_done([run]), "the sweeper did not ring again", 60)
        once_each([run])
    finally:
        end(*both)


def test_f5_a_bell_starts_the_run_and_so_does_the_sweeper(broker: RedisServer, user: User, tmp_path: Path) -> None:
    """Two runs: of one the worker is told, the other's command is killed before it could ring."""
    both = worker(broker), beat(broker)
    try:
        heard = ask(user)
        wait_until(lambda: all_done([heard]), "the worker did not hear the bell", 60)
        killed = manage(
            *("export_invoices", "--format", "csv", "--admin-queue", "--output", str(tmp_path / "a.csv")),
            CELERY_BROKER_URL=broker.url,
            JOBBOOK_FAILPOINTS="outbox.before_publish=kill9",
        )
        assert killed.returncode == -signal.SIGKILL
        run = ExportRun.objects.latest("number")
        wait_until(lambda: all_done([run]), "the sweeper did not ring", 20)
        assert waited(run) < 10
        once_each([heard, run])
    finally:
        end(*both)


def test_f17_redis_restarted_and_the_queue_lost(broker: RedisServer, user: User) -> None:
    runs = [ask(user) for _ in range(100)]
    broker.restart(immediate=True)
    both = worker(broker), beat(broker)
    try:
        wait_until(lambda: all_done(runs), "not all of the 100 are done", 60)
        once_each(runs)
    finally:
        end(*both)


def test_f18_flushed_under_load(broker: RedisServer, user: User) -> None:
    both = worker(broker), beat(broker)
    try:
        runs = []
        for number in range(20):
            runs.append(ask(user))
            if number % 10 == 5:
                broker.flush()
        wait_until(lambda: all_done(runs), "not all are done", 60)
        once_each(runs)
    finally:
        end(*both)
