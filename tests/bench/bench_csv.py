"""The writer of csv files against two floors, each in a fresh process, all three writing the same bytes."""

import json
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from tests.bench import Result, Rounds
from tests.processes import ROOT

FLOOR = "csv.writer of ready strings"
FORMAT = "csv.writer formatting dates and amounts"


def run(*, small: bool = False) -> list[Result]:
    count, rounds = (50, 1) if small else (10_000, 9)
    again = [] if small else ["format", "bare"]
    taken = in_fresh_processes(["product", "format", "bare"], again=again, count=count, rounds=rounds)
    label = f"csv of {count:,} documents of 5 lines, the writer alone"
    return [
        Result(f"{label} : {words}", goal, *compared(taken, "product", floor), code="E1")
        for floor, words, goal in (("format", FORMAT, "<= 1.30"), ("bare", FLOOR, "<= 4.00"))
    ]


def compared(taken: Rounds, name: str, floor: str) -> tuple[float, float | None, float]:
    """min/min, the control if the floor was measured twice, median of the rounds."""
    again = f"{floor} again"
    control = taken.best(again, floor) if again in taken.taken else None
    return taken.best(name, floor), control, taken.typical(name, floor)


def in_fresh_processes(
    names: Iterable[str], *, again: Iterable[str], count: int, rounds: int, env: Mapping[str, str] | None = None
) -> Rounds:
    """`rounds` rounds in random order of each name, those of `again` twice."""
    turns = [(name, name) for name in names] + [(f"{name} again", name) for name in again]
    chance, taken = random.Random(1), Rounds()
    for _ in range(rounds):
        chance.shuffle(turns)
        for label, what in turns:
            taken.add(label, fresh(what, count, env)["seconds"])
    return taken


def fresh(what: str, count: int, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `python -m tests.bench.fresh` found."""
    command = [sys.executable, "-m", "tests.bench.fresh", what, str(count)]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
