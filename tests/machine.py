"""What this machine has for the tests: PostgreSQL, Redis, Chromium. What is missing is left out, or required.

`python -m tests.machine` prints the names of what is missing, one a line.
TEST_POSTGRES_URL names the server; else the one at 127.0.0.1:5432 that asks for no password; else a throw-away one.
JOBBOOK_TEST_REQUIRE lists names that must not be missing, JOBBOOK_TEST_WITHOUT names to be treated as if they were.
"""

import os
import shutil
import sys
import zlib
from functools import cache
from pathlib import Path

import psycopg

LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432"
NAMES = ("postgres", "redis", "chromium")
_CHROMIUM_PROGRAMS = (
    "chromium-headless-shell",  # the same engine without windows, what Playwright itself prefers: cheaper, so first
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
_MAC_CHROMIUM = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@cache
def postgres_program(name: str) -> str | None:
    """The path of one of PostgreSQL's server programs. Debian keeps them off PATH, one folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    for folder in reversed(folders):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


@cache
def redis_program() -> str | None:
    return shutil.which("redis-server")


@cache
def chromium_program() -> str | None:
    found = [shutil.which(name) for name in _CHROMIUM_PROGRAMS]
    found += [path for path in _MAC_CHROMIUM if Path(path).exists()]
    return next((path for path in found if path), None)


@cache
def running_postgres() -> str | None:
    """The address of a server that is there already, without a database's name."""
    url = os.environ.get("TEST_POSTGRES_URL", LOCAL_SERVER).rstrip("/")
    try:
        psycopg.connect(f"{url}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return None
    return url


def missing() -> list[str]:
    """The names, of NAMES, of what is not on this machine."""
    postgres = running_postgres() or (postgres_program("initdb") and postgres_program("postgres"))
    here = {"postgres": postgres, "redis": redis_program(), "chromium": chromium_program()}
    return [name for name in NAMES if not here[name] or name in _listed("JOBBOOK_TEST_WITHOUT")]


def required() -> set[str]:
    """The names that must not be missing."""
    return _listed("JOBBOOK_TEST_REQUIRE")


def _listed(variable: str) -> set[str]:
    return set(os.environ.get(variable, "").replace(",", " ").split())


def database_name() -> str:
    """One name a checkout, so that two of them can be tested on one server at the same time."""
    return f"jobbook_{zlib.crc32(str(Path.cwd()).encode()):08x}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in missing())
