"""What a machine lacks is left out and named before the closing line, or refused where it is required."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, environment

WITHOUT = {"JOBBOOK_TEST_WITHOUT": "postgres redis chromium"}


def run_pytest(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "tests/test_servers.py", "tests/test_left_out.py", *arguments]
    cleared = dict.fromkeys(("DATABASE_URL", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS", "JOBBOOK_TEST_REQUIRE"), "")
    changed = environment(**{**cleared, **changes})
    return subprocess.run(command, cwd=ROOT, env=changed, capture_output=True, text=True, check=False)


@pytest.mark.sqlite
def test_what_is_missing_is_named() -> None:
    done = run_pytest("-k", "redis or postgres or nothing_to_do", "-n", "1", **WITHOUT)
    assert done.returncode == 0, done.stdout
    assert "PostgreSQL: the suite ran on SQLite alone. Tests left out: 2." in done.stdout
    assert "Redis: nothing was tried with a broker. Tests left out: 2." in done.stdout
    assert "Chromium: no page was opened in a browser. Tests left out: 0." in done.stdout
    assert "1 passed" in done.stdout.splitlines()[-1]


def test_nothing_to_do() -> None:
    """What is left for the run above."""


@pytest.mark.sqlite
def test_what_is_required_must_not_be_missing() -> None:
    done = run_pytest(JOBBOOK_TEST_REQUIRE="redis chromium", **WITHOUT)
    assert done.returncode == 2
    assert "chromium, redis missing on this machine" in done.stdout + done.stderr
