"""An invoice that enters the Admin Queue has its PDF within seconds, made by real worker processes."""

from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings as site
from pytest_django import Settings

from invoices.document import load
from invoices.models import Invoice
from invoices.pdf import bell
from invoices.pdf.store import is_kept
from tests.backlog.grids import logged_in
from tests.factories import make_company, make_invoice, make_user
from tests.faults.test_broker import end, worker
from tests.processes import start_manage
from tests.servers import RedisServer, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.timeout(120)]


@pytest.fixture
def unsigned() -> Invoice:
    make_company()
    return make_invoice(signed=False)


@pytest.fixture
def broker(redis_server: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """The throw-away Redis, up and empty, as this process's broker."""
    redis_server.start()
    redis_server.flush()
    settings.CELERY_BROKER_URL = redis_server.url
    app = Celery("ringing", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr(bell, "current_app", app)
    yield redis_server
    app.close()
    redis_server.start()


def kept(invoice: Invoice) -> bool:
    return is_kept(next(load(Invoice.objects.filter(pk=invoice.pk))), paper="letter")


def release(invoice: Invoice) -> None:
    """On its page, as an administrator does."""
    data = {"version": str(invoice.version), "reason": "On leave"}
    assert logged_in(make_user()).post(f"/invoices/{invoice.pk}/release/", data).status_code == 302


def test_without_a_broker_the_idle_worker_finds_it(unsigned: Invoice) -> None:
    process = start_manage("run_exports")
    try:
        release(unsigned)
        wait_until(lambda: kept(unsigned), "the PDF is not there", 30)
    finally:
        end(process)


@pytest.mark.redis
def test_with_a_broker_it_is_rung_for(unsigned: Invoice, broker: RedisServer) -> None:
    """No beat is running, so nothing but the bell can have told the worker."""
    process = worker(broker)
    try:
        assert not bell.print_soon(unsigned.pk)  # not in the Admin Queue yet
        release(unsigned)
        wait_until(lambda: kept(unsigned), "the PDF is not there", 30)
    finally:
        end(process)


@pytest.mark.redis
def test_a_broker_that_is_down_costs_nothing_but_time(unsigned: Invoice, broker: RedisServer) -> None:
    broker.stop()
    release(unsigned)
    assert Invoice.objects.admin_queue().filter(pk=unsigned.pk).exists()
    assert not bell.print_soon(unsigned.pk)
    assert site.CELERY_BROKER_URL
