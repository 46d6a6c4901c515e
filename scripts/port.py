"""`port.py free PORT`: exit 0 when nobody listens there.

`port.py answers PORT PID`: wait until the site answers; exit 1 when its process PID ends first.
"""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds until a site that does not answer is given up


def is_free(port: int) -> bool:
    """Whether the web server could listen on `port` now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def lives(pid: int) -> bool:
    """Whether process `pid` runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(port: int, pid: int) -> bool:
    """Wait for an HTTP answer of any kind on `port`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and lives(pid):
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False


if __name__ == "__main__":
    question, *numbers = sys.argv[1:]
    functions: dict[str, Callable[..., bool]] = {"free": is_free, "answers": answers}
    sys.exit(0 if functions[question](*map(int, numbers)) else 1)
