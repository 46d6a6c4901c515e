"""The world of the access tests, made once for each of their modules."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.access.world import World, make_world
from tests.once import copied, made_once


@pytest.fixture(scope="module")
def world_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    folder = tmp_path_factory.mktemp("world")
    with made_once(make_world, django_db_blocker, folder) as made:
        yield made, folder


@pytest.fixture
def world(world_once: tuple[World, Path]) -> World:
    """A copy for each test, which may change it as it likes."""
    made, folder = world_once
    copied(folder)
    return copy.deepcopy(made)
