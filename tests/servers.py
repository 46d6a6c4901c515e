"""Throw-away PostgreSQL and Redis servers, which fault tests may stop, kill and restart as they like.

Each has a port and a folder of its own. PostgreSQL refuses to run as root: then both step down to another user.
`python -m tests.servers COMMAND ...` runs COMMAND with DATABASE_URL naming a PostgreSQL server: one that is there
already (see tests/machine.py), else a throw-away one.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests import machine

PATIENCE = 30.0  # seconds for a server to start or stop


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as `condition` holds; TimeoutError naming `what` if it never does."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {patience:.0f} s")
        time.sleep(0.02)


def _other_user() -> dict[str, Any]:
    """Arguments for subprocess that step down from root, if that is who we are."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


class Server(ABC):
    """One server process. As a context manager it is started, and in the end stopped and its folder removed."""

    name: str
    stop_signal: int
    immediate_signal: int

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"jobbook-{self.name}-"))
        self.log = self.folder / "log"
        self._as_other_user = _other_user()
        if self._as_other_user:
            os.chown(self.folder, self._as_other_user["user"], self._as_other_user["group"])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.prepare()
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    @abstractmethod
    def url(self) -> str:
        """The address the project's settings take."""

    def prepare(self) -> None:  # noqa: B027 - not every server needs it
        """What is done once, before the first start."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def answers(self) -> bool: ...

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and wait until it answers."""
        if self.is_running:
            return self
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **self._as_other_user
            )
        wait_until(self._ready_or_dead, f"{self.name} does not answer\n{self.log}")
        return self

    def _ready_or_dead(self) -> bool:
        if not self.is_running:
            raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text()}")
        return self.answers()

    def stop(self, *, immediate: bool = False) -> None:
        """An orderly stop; `immediate` drops connections and leaves recovery to the next start."""
        self._end(self.immediate_signal if immediate else self.stop_signal)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def restart(self, *, immediate: bool = False) -> None:
        self.stop(immediate=immediate)
        self.start()

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE)
        self._process = None


class PostgresServer(Server):
    """PostgreSQL with trust on its own port. A crash of the machine may lose data, a crash of the server may not."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": roll back, then stop
    immediate_signal = signal.SIGQUIT

    @property
    def address(self) -> str:
        """Without a database's name."""
        return f"postgres://postgres@127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.address}/postgres"

    def prepare(self) -> None:
        initdb = machine.postgres_program("initdb") or "initdb"
        words = f"{initdb} -U postgres -A trust -E UTF8 --locale=C --no-sync -D".split()
        subprocess.run(
            [*words, str(self.folder / "data")],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as_other_user,
        )

    def command(self) -> list[str]:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 60,
            "log_checkpoints": "off",
        }
        given = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [machine.postgres_program("postgres") or "postgres", "-D", str(self.folder / "data"), *given]

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to the server; its back ends notice and end, then the data directory is free for a new start."""
        backends = self._children()
        super().kill()
        wait_until(lambda: not any(_lives(pid) for pid in backends), "back ends of a killed PostgreSQL still run")

    def _children(self) -> list[int]:
        if self._process is None:
            return []
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False
        )
        return [int(word) for word in listed.stdout.split()]


def _lives(pid: int) -> bool:
    """Whether the process runs: a zombie, which its new parent has not yet waited for, does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout.strip()[:1] not in {"", "Z"}


class RedisServer(Server):
    """Redis that keeps nothing on disk."""

    name = "redis"
    stop_signal = signal.SIGTERM
    immediate_signal = signal.SIGKILL

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        program = machine.redis_program() or "redis-server"
        return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def client(self) -> "redis.Redis":
        never_again = Retry(NoBackoff(), 0)  # a server that is down is down at once
        return redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=3, retry=never_again)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()


def _run(command: list[str], address: str) -> int:
    environment = {**os.environ, "DATABASE_URL": f"{address}/{machine.database_name()}"}
    return subprocess.run(command, env=environment, check=False).returncode


def run_on_postgres(command: list[str]) -> int:
    """Run `command` on the server that is there, or on a throw-away one; gives back its exit status."""
    running = machine.running_postgres()
    if running:
        return _run(command, running)
    with PostgresServer() as server:
        return _run(command, server.address)


if __name__ == "__main__":
    sys.exit(run_on_postgres(sys.argv[1:]))
