"""F26: PostgreSQL is restarted in the middle of things. Each command happened wholly or not at all; the site goes on.

On a throw-away server, never on the shared one.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psycopg
import pytest
from pytest_django import Settings

from jobbook.common import failpoints
from tests.faults.people import wait_at
from tests.processes import manage, start, start_manage
from tests.servers import PostgresServer, free_port, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
ADMIN = "m.tran@northfork.example"


REAL_SETTINGS = "jobbook.settings"  # hashes passwords as the real site does


@pytest.fixture(scope="module")
def seeded(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database named `seeded` to copy, and the data directory that belongs to it."""
    folder = tmp_path_factory.mktemp("seeded")
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE seeded")
    url = f"{postgres_server.address}/seeded"
    for command in (["migrate", "-v0"], ["seed_demo", "--invoices", "60"]):
        done = manage(*command, DATABASE_URL=url, JOBBOOK_DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE=REAL_SETTINGS)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def database(
    postgres_server: PostgresServer, seeded: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a copy of the seeded database, on a server that may be restarted."""
    settings.DATA_DIR = seeded
    monkeypatch.setenv("JOBBOOK_TEST_DATA_DIR", str(seeded))
    monkeypatch.setenv("JOBBOOK_DATA_DIR", str(seeded))
    shutil.rmtree(seeded / "barriers", ignore_errors=True)
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS firm")
        connection.execute("CREATE DATABASE firm TEMPLATE seeded")
    yield f"{postgres_server.address}/firm"
    postgres_server.start()


def assert_sound(url: str) -> None:
    checked = manage("check_invariants", DATABASE_URL=url)
    assert checked.returncode == 0, checked.stderr


def batches(url: str) -> list[tuple[int, int]]:
    """(invoices counted, invoices still in it) of every bulk batch, in order."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT b.count, count(v.id) FROM invoices_processbatch b LEFT JOIN invoices_invoice v"
            " ON v.batch_id = b.id WHERE b.kind = 'bulk' GROUP BY b.id ORDER BY b.number"
        )
        return [(int(count), int(still)) for count, still in rows]


@pytest.mark.parametrize("place", ["process.after_lock", "process.after_items"])
def test_f26_restarted_in_the_middle_of_process(postgres_server: PostgresServer, database: str, place: str) -> None:
    before = batches(database)
    arm = {failpoints.VARIABLE: f"{place}=barrier:middle", "DATABASE_URL": database}
    process = start_manage("process_invoices", "--admin-queue", "--by", ADMIN, **arm)
    wait_at("middle")
    postgres_server.restart(immediate=True)
    failpoints.release("middle")
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0, err
    assert batches(database) == before
    assert_sound(database)
    again = manage("process_invoices", "--admin-queue", "--by", ADMIN, DATABASE_URL=database)
    assert again.returncode == 0, again.stderr
    assert len(batches(database)) == len(before) + 1
    assert_sound(database)


def test_f26_restarts_under_load(postgres_server: PostgresServer, database: str) -> None:
    """People process and undo while the server is restarted twice; nothing is half done."""
    last = len(batches(database))
    for immediate in (True, False):
        wave = [["process_invoices", "--admin-queue", "--by", ADMIN], ["undo_process_batch", str(last), "--by", ADMIN]]
        running = [start_manage(*command, DATABASE_URL=database) for command in wave]
        postgres_server.restart(immediate=immediate)
        for each in running:
            each.communicate(timeout=90)
        assert_sound(database)


def log_in(site: str, seeded: Path) -> OpenerDirector:
    logins = (seeded / "demo-logins.txt").read_text()
    password = next(line.split("\t")[2] for line in logins.splitlines() if f"\t{ADMIN}\t" in line)
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{site}/log-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": ADMIN, "password": password}
    browser.addheaders = [("Origin", site)]
    browser.open(f"{site}/log-in/", urlencode(form).encode()).read()
    return browser


def test_f26_the_site_recovers_without_a_restart(postgres_server: PostgresServer, database: str, seeded: Path) -> None:
    """The real settings: connections are kept between requests, and checked before they are used again."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    real = {"DJANGO_SETTINGS_MODULE": REAL_SETTINGS, "DATABASE_URL": database, "SITE_URL": site}
    with start_manage("collectstatic", "--noinput", "-v0", **real) as collecting:
        assert collecting.wait(60) == 0
    words = ["-m", "gunicorn", "jobbook.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "2"]
    with start(sys.executable, *words, **real) as web:
        try:
            wait_until(lambda: answers(site), "the site answers")
            browser = log_in(site, seeded)
            assert "in the Admin Queue" in browser.open(f"{site}/invoices/backlog/").read().decode()
            postgres_server.restart(immediate=True)
            pages = [browser.open(f"{site}/invoices/backlog/").status for _ in range(4)]
            assert pages == [200] * 4
        finally:
            web.kill()


def answers(site: str) -> bool:
    try:
        return bool(build_opener().open(f"{site}/log-in/", timeout=2).status == 200)
    except OSError:
        return False
