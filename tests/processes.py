"""Real processes of the project on the database under test: commands, workers, web. Needs `transactional_db`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the test database as DATABASE_URL takes it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process on the test database with the tests' settings; `changes` go over it."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
        **changes,
    }


def start(*command: str, **changes: str) -> subprocess.Popen[str]:
    """Start a program, its output in pipes. The test ends it."""
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=environment(**changes), text=True, **pipes)


def start_manage(*arguments: str, **changes: str) -> subprocess.Popen[str]:
    """Start `manage.py`."""
    return start(sys.executable, "manage.py", *arguments, **changes)


def manage(*arguments: str, timeout: float = 60, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end, whatever its exit status."""
    with start_manage(*arguments, **changes) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
