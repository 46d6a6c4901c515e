"""The environment of the suite: database, data directory, servers, browser; what is missing is left out and said."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from tests import machine
from tests.servers import PostgresServer, RedisServer

_NEEDS = {"redis": "redis", "browser": "chromium"}  # marker -> what must be on the machine
_LEFT_OUT: dict[str, int] = {}


def pytest_configure(config: pytest.Config) -> None:
    absent = machine.required() & set(machine.missing())
    if absent:
        pytest.exit(f"JOBBOOK_TEST_REQUIRE: {', '.join(sorted(absent))} missing on this machine.", returncode=2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the tests of the other database; drop, and count, those that need what is not here."""
    on_postgres = django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    other = "sqlite" if on_postgres else "postgres"
    absent = set(machine.missing())
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        lacking = [thing for marker, thing in _NEEDS.items() if thing in absent and item.get_closest_marker(marker)]
        if "postgres" in absent and item.get_closest_marker("postgres"):
            lacking.append("postgres")
        for thing in lacking:
            _LEFT_OUT[thing] = _LEFT_OUT.get(thing, 0) + 1
        drop = lacking or item.get_closest_marker(other)
        (dropped if drop else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """What collecting made stays until the end: the garbage collector need not walk through it after every test."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist tells the process that prints the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = _LEFT_OUT


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _LEFT_OUT.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly what this machine could not run."""
    words = {
        "postgres": "PostgreSQL: the suite ran on SQLite alone",
        "redis": "Redis: nothing was tried with a broker",
        "chromium": "Chromium: no page was opened in a browser",
    }
    absent = machine.missing()
    if not absent:
        return
    terminalreporter.section("left out")
    for name in absent:
        terminalreporter.write_line(f"Not on this machine: {words[name]}. Tests left out: {_LEFT_OUT.get(name, 0)}.")


@pytest.fixture(autouse=True)
def data_directory(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory for each test, for processes that it starts too."""
    files = tmp_path / "files"
    monkeypatch.setenv("JOBBOOK_TEST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JOBBOOK_DATA_DIR", str(tmp_path))
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, files
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(files)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return tmp_path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A throw-away PostgreSQL. Whoever stops it starts it again."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A throw-away Redis. Whoever stops it starts it again."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium: no browser is downloaded. As root it has no sandbox of its own."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    return {**browser_type_launch_args, "executable_path": machine.chromium_program(), "args": arguments}
