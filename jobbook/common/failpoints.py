"""Named places where a test makes this process die, wait, fail or meet another one: never set in production.

JOBBOOK_FAILPOINTS is a comma-separated list of `name[:n]=action`. With n only the n-th hit of this process acts.
Actions: `kill9`; `sleep:SECONDS`; `raise:ENOSPC` (any errno name), `raise:OperationalError`, `raise:TEXT`;
`barrier:NAME` (says in DATA_DIR/barriers that it has arrived, and waits for the file NAME.go there).
`check --deploy` fails while it is set.
"""

import errno
import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError

VARIABLE = "JOBBOOK_FAILPOINTS"
BARRIER_SECONDS = 60.0
_ENTRY = re.compile(r"(?P<name>[a-z0-9_.]+)(?::(?P<hit>\d+))?=(?P<action>kill9|sleep|raise|barrier)(?::(?P<value>.*))?")


@dataclass
class Failpoint:
    """One armed place. `hit` is 0 when every hit acts."""

    name: str
    hit: int
    action: str
    value: str
    hits: int = 0

    def meet(self) -> None:
        self.hits += 1
        if self.hit in {0, self.hits}:
            _ACTIONS[self.action](self.value)


def parse(text: str) -> dict[str, Failpoint]:
    """The failpoints of an environment value. ValueError names an entry that is none."""
    armed = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise ValueError(f"{VARIABLE}: {entry!r} is not name[:n]=action.")
        armed[match["name"]] = Failpoint(match["name"], int(match["hit"] or 0), match["action"], match["value"] or "")
    return armed


def failpoint(name: str) -> None:
    """Do what the environment asks for at this place; nothing in production."""
    if _armed and name in _armed:
        _armed[name].meet()


def barriers() -> Path:
    """The directory in which processes meet."""
    directory = Path(settings.DATA_DIR) / "barriers"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def arrived(name: str) -> int:
    """How many processes wait (or waited) at a barrier."""
    return len(list(barriers().glob(f"{name}.at.*")))


def release(name: str) -> None:
    """Let every process at a barrier go on."""
    (barriers() / f"{name}.go").touch()


def _kill(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def _raise(what: str) -> None:
    if what == "OperationalError":
        raise OperationalError("failpoint")
    if hasattr(errno, what):
        code = getattr(errno, what)
        raise OSError(code, os.strerror(code))
    raise RuntimeError(f"failpoint: {what}")


def _barrier(name: str) -> None:
    (barriers() / f"{name}.at.{os.getpid()}").touch()
    end = time.monotonic() + BARRIER_SECONDS
    while not (barriers() / f"{name}.go").exists():
        if time.monotonic() > end:
            raise TimeoutError(f"Nobody released the barrier {name}.")
        time.sleep(0.01)


_ACTIONS = {"kill9": _kill, "sleep": _sleep, "raise": _raise, "barrier": _barrier}
_armed = parse(os.environ.get(VARIABLE, ""))
