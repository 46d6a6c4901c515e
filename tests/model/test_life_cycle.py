"""The whole life of work and invoices: after every step product and model agree on everything.

Once straight through, with every command at least once; then at random. `make stress` does the latter for longer, and
otherwise each time (STRESS_EXAMPLES, 300).
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.process_moves import LifeCycle
from tests.model.walk import walk
from tests.model.world import make_world

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("STRESS_EXAMPLES", "300"))


def run(**more: Any) -> None:
    world = make_world()
    quiet: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": [*HealthCheck]}
    machine: Any = lambda: LifeCycle(world)  # noqa: E731 - a class is asked for; anything that makes a machine will do
    run_state_machine_as_test(machine, settings=settings(**quiet, **more))


@pytest.mark.timeout(900)  # what fails is made smaller first
def test_product_and_model_agree() -> None:
    run(max_examples=15, stateful_step_count=20, derandomize=True)


@pytest.mark.stress
@pytest.mark.timeout(3600)
def test_product_and_model_agree_for_long() -> None:
    run(max_examples=EXAMPLES, stateful_step_count=50)


def test_every_command_straight_through() -> None:
    machine = LifeCycle(make_world())
    try:
        walk(machine)
    finally:
        machine.teardown()
