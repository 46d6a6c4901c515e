"""Starting actors, and bringing them to exact places with barriers."""

import json
import subprocess
import sys
from typing import Any

from jobbook.accounts.models import User
from jobbook.common import failpoints
from tests.processes import start
from tests.servers import wait_until

Actor = subprocess.Popen[str]


def send(act: str, key: object, user: User, *, at: str = "") -> Actor:
    """An actor on its way. `at` arms failpoints: "process.after_lock=barrier:a"."""
    changes = {failpoints.VARIABLE: at} if at else {}
    return start(sys.executable, "-m", "tests.faults.actor", act, str(key), user.email, **changes)


def outcome(actor: Actor) -> dict[str, Any]:
    """What the actor did. One that was killed did something unknown."""
    out, err = actor.communicate(timeout=60)
    if actor.returncode < 0:
        return {"result": "unknown", "detail": err}
    assert actor.returncode == 0, err
    answer: dict[str, Any] = json.loads(out)
    return answer


def wait_at(barrier: str, count: int = 1) -> None:
    """Until `count` actors have reached a barrier."""
    wait_until(lambda: failpoints.arrived(barrier) >= count, f"{count} at barrier {barrier}")


def race(*errands: tuple[str, object, User]) -> list[dict[str, Any]]:
    """Let actors start their command at the same moment."""
    actors = [send(*errand, at="actor.ready=barrier:start") for errand in errands]
    wait_at("start", len(actors))
    failpoints.release("start")
    return [outcome(actor) for actor in actors]
