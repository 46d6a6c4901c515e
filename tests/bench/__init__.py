"""Benchmarks: ratios of two things done in turn in one process, so that a busy machine slows both alike.

`make bench` runs `run()` of every module here (see __main__.py) and writes the table of docs/performance.md, which
says what the ratios mean and which are promised.
"""

import gc
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Work = Callable[[], Any]
CONTROL = (0.95, 1.05)  # a round of the same thing against itself must stay in here
_TRIES = 2  # a measurement whose control leaves these bounds is void and made once more


@dataclass(frozen=True)
class Result:
    """A ratio (lower is better) beside its goal, as text: '<= 0.75'. `control` is the same thing against itself.

    paired: the median over the rounds of the ratio within one round. unit: what the figure is of when it is no ratio.
    """

    label: str
    goal: str
    ratio: float
    control: float | None = None
    paired: float | None = None
    code: str = ""
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.control is not None and not CONTROL[0] <= self.control <= CONTROL[1]:
            return "void"
        limit = re.match(r"<= ([\d.,]+)", self.goal)
        if not limit:
            return ""
        return "met" if self.ratio <= float(limit[1].replace(",", "")) else "missed"

    @property
    def figure(self) -> str:
        text = f"{self.ratio:,.2f}" if self.ratio != int(self.ratio) or not self.unit else f"{self.ratio:,.0f}"
        return f"{text} {self.unit}".rstrip()


class Rounds:
    """Seconds of things done in turn. `best` and `typical` compare two of them, `against_itself` is the control."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def add(self, name: str, seconds: float) -> None:
        self.taken.setdefault(name, []).append(seconds)

    def time(self, name: str, work: Work) -> Any:
        gc.collect()
        started = time.perf_counter()
        result = work()
        self.add(name, time.perf_counter() - started)
        return result

    def best(self, a: str, b: str) -> float:
        return min(self.taken[a]) / min(self.taken[b])

    def typical(self, a: str, b: str) -> float:
        return statistics.median(one / other for one, other in zip(self.taken[a], self.taken[b], strict=True))


def in_turn(works: dict[str, Work], rounds: int, *, warm: int = 1) -> Rounds:
    """`rounds` rounds of all `works`, each round in another order, after `warm` rounds that do not count."""
    chance = random.Random(1)
    for _ in range(warm):
        for work in works.values():
            work()
    taken = Rounds()
    names = list(works)
    for _ in range(rounds):
        chance.shuffle(names)
        for name in names:
            taken.time(name, works[name])
    return taken


def interleave(a: Work, b: Work, rounds: int = 9) -> tuple[float, float, float]:
    """(min a / min b, control, median of a / b by round); the control is b against itself.

    A void measurement is made once more.
    """
    figures = (0.0, 0.0, 0.0)
    for _ in range(_TRIES if rounds >= 9 else 1):
        taken = in_turn({"a": a, "b": b, "again": b}, rounds)
        figures = (taken.best("a", "b"), taken.best("again", "b"), taken.typical("a", "b"))
        if CONTROL[0] <= figures[1] <= CONTROL[1]:
            break
    return figures


def is_void(results: Iterable[Result]) -> bool:
    return any(result.verdict == "void" for result in results)
